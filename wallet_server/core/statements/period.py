"""The days that statements are asked for."""

from datetime import date

from wallet_server.core.refusals.statements import StatementPeriodInvalid
from wallet_server.core.value import value


@value
class Period:
    """Days from the first to the last, both of them counted."""

    first: date
    last: date


def period_of(first: str, last: str) -> Period | StatementPeriodInvalid:
    """Returns the days between two, as in 2026-03-29; or why that makes no sense."""
    try:
        period = Period(date.fromisoformat(first), date.fromisoformat(last))
    except ValueError:
        return StatementPeriodInvalid(first, last)
    return period if period.first <= period.last else StatementPeriodInvalid(first, last)
