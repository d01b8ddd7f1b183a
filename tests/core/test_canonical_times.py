"""A time has one canonical form, wherever the process runs and however the caller says it."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest

from wallet_server.core.canonical import canonical_form, canonical_text
from wallet_server.core.commands import Amount, GrantCoupon
from wallet_server.core.coupons.grant import CouponTerms

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
ELSEWHERE = NOON.astimezone(timezone(timedelta(hours=2)))


@pytest.fixture(params=["UTC", "Asia/Tokyo", "America/St_Johns"])
def _process_zone(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Lets the process be in another zone."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("_process_zone")
def test_a_time_is_written_in_utc() -> None:
    assert canonical_form(NOON) == "2026-01-01T12:00:00+00:00"
    assert canonical_form(ELSEWHERE) == "2026-01-01T12:00:00+00:00"


@pytest.mark.usefixtures("_process_zone")
def test_a_command_with_a_time_is_the_same_command_in_every_zone() -> None:
    def grant(until: datetime) -> str:
        return canonical_text(GrantCoupon("C1", Amount("EUR", 5), until, CouponTerms("SN")))

    assert grant(NOON) == grant(ELSEWHERE)
    assert '"valid_until":"2026-01-01T12:00:00+00:00"' in grant(ELSEWHERE)
