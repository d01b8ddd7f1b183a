"""When the periods of limits begin."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from wallet_server.core.config.wallet_policy import LimitRules, LimitWindow
from wallet_server.core.players.limit import LimitPeriod

DAYS_BY_PERIOD = {LimitPeriod.DAY: 1, LimitPeriod.WEEK: 7, LimitPeriod.MONTH: 30}


def period_start(period: LimitPeriod, rules: LimitRules, now: datetime) -> datetime:
    """Returns when the period that now is in began, of one that is longer than a bet.

    Rolling periods are so many days that end now. Calendar ones begin at a midnight of the rules'
    time zone: this day's, this Monday's, or that of this month's first day.
    """
    if rules.window is LimitWindow.ROLLING:
        return now - timedelta(days=DAYS_BY_PERIOD[period])
    midnight = now.astimezone(ZoneInfo(rules.time_zone)).replace(
        hour=0, minute=0, second=0, microsecond=0, fold=0
    )
    if period is LimitPeriod.WEEK:
        midnight -= timedelta(days=midnight.weekday())
    elif period is LimitPeriod.MONTH:
        midnight = midnight.replace(day=1)
    return midnight.astimezone(UTC)
