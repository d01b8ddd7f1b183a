"""Refusals of those who read statements."""

from wallet_server.core.refusals.kinds import Invalid
from wallet_server.core.value import value


@value
class StatementPeriodInvalid(Invalid):
    """A day is not in the calendar, or the last is before the first."""

    reason = "STATEMENT_PERIOD_INVALID"
    message = "{first_date} to {last_date} are no days from a first to a last"

    first_date: str
    last_date: str
