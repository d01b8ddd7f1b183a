"""What a player has done that counts for limits, by the hour."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from wallet_server.core.value import value


class UsageKind(StrEnum):
    """What is counted: for limits, and for withdrawals that are approved without a person."""

    DEPOSIT = "DEPOSIT"
    LOSS = "LOSS"
    STAKE = "STAKE"
    AUTO_APPROVAL = "AUTO_APPROVAL"


class Slot(NamedTuple):
    """What was counted in the hour that begins at `start`, in minor units. It may be negative."""

    start: datetime
    amount: int


@value
class Usage:
    """What was counted of a kind in one of the player's currencies, in minor units of it.

    `slots` are in the order of their times, each once, as far back as any period reaches.
    `open_stake` is own money in bets without a result, as the wallet had it last: of losses only.
    """

    kind: UsageKind
    currency_code: str
    slots: tuple[Slot, ...] = ()
    open_stake: int = 0
