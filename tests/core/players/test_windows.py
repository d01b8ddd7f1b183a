"""When the periods of limits begin."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.core.players.limited import DAY, MONTH, WEEK
from wallet_server.core.config.wallet_policy import LimitRules, LimitWindow
from wallet_server.core.players.limit import LimitPeriod
from wallet_server.core.players.windows import period_start

CALENDAR = LimitWindow.CALENDAR


def time(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(("period", "days"), [(DAY, 1), (WEEK, 7), (MONTH, 30)])
def test_rolling_periods_end_now(period: LimitPeriod, days: int) -> None:
    now = time("2026-03-10T12:34:56")

    assert period_start(period, LimitRules(), now) == now - timedelta(days=days)


@pytest.mark.parametrize(
    ("zone", "now", "day", "week", "month"),
    [
        # A Tuesday.
        ("UTC", "2026-03-10T12:34", "2026-03-10T00:00", "2026-03-09T00:00", "2026-03-01T00:00"),
        # Monday's first moment, and the one before it.
        ("UTC", "2026-03-09T00:00", "2026-03-09T00:00", "2026-03-09T00:00", "2026-03-01T00:00"),
        ("UTC", "2026-03-08T23:59", "2026-03-08T00:00", "2026-03-02T00:00", "2026-03-01T00:00"),
        # In Berlin it is the next day, week and month already: an hour before UTC in winter.
        (
            "Europe/Berlin",
            "2026-01-31T23:30",
            "2026-01-31T23:00",
            "2026-01-25T23:00",
            "2026-01-31T23:00",
        ),
        # The clocks went forward at 01:00 UTC on 29 March: the month began in winter.
        (
            "Europe/Berlin",
            "2026-03-30T12:00",
            "2026-03-29T22:00",
            "2026-03-29T22:00",
            "2026-02-28T23:00",
        ),
        # Half an hour off the hour.
        (
            "Asia/Kolkata",
            "2026-03-10T18:29",
            "2026-03-09T18:30",
            "2026-03-08T18:30",
            "2026-02-28T18:30",
        ),
    ],
)
def test_calendar_periods_begin_at_midnight_in_the_time_zone(
    zone: str, now: str, day: str, week: str, month: str
) -> None:
    rules = LimitRules(CALENDAR, zone)

    assert period_start(DAY, rules, time(now)) == time(day)
    assert period_start(WEEK, rules, time(now)) == time(week)
    assert period_start(MONTH, rules, time(now)) == time(month)
