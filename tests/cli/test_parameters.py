"""What is written on the command line, as values."""

from datetime import UTC, datetime

import pytest

from wallet_server.cli.parameters import TimeParameter


@pytest.mark.parametrize(
    ("written", "time"),
    [
        ("2030-12-31", datetime(2030, 12, 31, tzinfo=UTC)),
        ("2030-12-31T23:59:59.5+01:00", datetime(2030, 12, 31, 22, 59, 59, 500_000, tzinfo=UTC)),
        (
            "2030-12-31T23:59:59.999998000Z",
            datetime(2030, 12, 31, 23, 59, 59, 999_998, tzinfo=UTC),
        ),
        (
            "2030-12-31T23:59:59.999998001Z",
            datetime(2030, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        ),
        ("2030-12-31T23:59:59,999999999", datetime(2031, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_bound_is_rounded_up_to_the_microsecond(written: str, time: datetime) -> None:
    assert TimeParameter().convert(written, None, None) == time
