"""A limit on what a player does in a period, over all of the player's currencies."""

from datetime import datetime
from enum import StrEnum

from wallet_server.core.value import value


class LimitKind(StrEnum):
    """What is limited: money paid in, money lost, or money staked."""

    DEPOSIT = "DEPOSIT"
    LOSS = "LOSS"
    STAKE = "STAKE"


class LimitPeriod(StrEnum):
    """For how long: a single bet (of stakes only), or so many days.

    A month is 30 days, or a month by name.
    """

    BET = "BET"
    DAY = "DAY"
    WEEK = "WEEK"
    MONTH = "MONTH"


@value
class PendingLimit:
    """What a limit is to become, if it is confirmed from `confirm_time` on, before `lapse_time`.

    Where both are the same, it holds from then on without being confirmed. No amount takes the
    limit away.
    """

    amount: int | None
    currency_code: str
    confirm_time: datetime
    lapse_time: datetime

    @property
    def is_automatic(self) -> bool:
        """Whether it holds without being confirmed, when it has waited."""
        return self.lapse_time == self.confirm_time


@value
class Limit:
    """The most of a kind in a period, in minor units of the currency that it was set in."""

    kind: LimitKind
    period: LimitPeriod
    amount: int
    currency_code: str
    set_time: datetime
    pending: PendingLimit | None = None
