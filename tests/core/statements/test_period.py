"""Which days are asked for."""

from datetime import date

import pytest

from wallet_server.core.refusals.statements import StatementPeriodInvalid
from wallet_server.core.statements.period import Period, period_of


def test_both_ends_are_days_of_the_period() -> None:
    day = date(2028, 2, 29)

    assert period_of("2028-02-29", "2028-02-29") == Period(day, day)


@pytest.mark.parametrize(
    ("first", "last"),
    [("2026-02-29", "2026-03-01"), ("2026-03-01", "2026-13-01"), ("2026-03-02", "2026-03-01")],
)
def test_what_makes_no_sense_is_refused(first: str, last: str) -> None:
    assert period_of(first, last) == StatementPeriodInvalid(first, last)
