"""An adjustment that has a name of its own, and may take a second person."""

from datetime import datetime
from enum import StrEnum

from wallet_server.core.item_key import ItemKey, ItemKind
from wallet_server.core.value import value


class AdjustmentState(StrEnum):
    """Whether an adjustment waits for a second person, or was made."""

    PENDING = "PENDING"
    APPLIED = "APPLIED"


class AdjustmentKind(StrEnum):
    """What is adjusted: a bucket, debt that is written off, or where a bet's money goes."""

    BALANCE = "BALANCE"
    DEBT = "DEBT"
    PLAN = "PLAN"


def adjustment_key(adjustment_id: str) -> ItemKey:
    """Returns what an adjustment is called among the wallet's items."""
    return ItemKey(ItemKind.ADJUSTMENT, adjustment_id)


@value
class Adjustment:
    """What an operator put right, or wants to, in minor units of the asset.

    `amount` is what the player gains. `bucket` is empty where it is debt. `author` is who said so
    first, `approver` who said so too. `apply_sequence` is the command that made it. Where it is the
    plan of a bet, the bet is named, and `successor` takes the place of the bucket.
    """

    adjustment_id: str
    kind: AdjustmentKind
    state: AdjustmentState
    asset_code: str
    amount: int
    reason_code: str
    sequence: int
    create_time: datetime
    bucket: str = ""
    comment: str = ""
    author: str = ""
    approver: str = ""
    revision: int = 1
    apply_sequence: int = 0
    provider_id: str = ""
    bet_ref: str = ""
    successor: str = ""

    @property
    def key(self) -> ItemKey:
        """What it is called among the wallet's items."""
        return adjustment_key(self.adjustment_id)

    @property
    def is_live(self) -> bool:
        """Whether commands look at it though they do not name it: never."""
        return False

    @property
    def due_time(self) -> datetime | None:
        """When time has something to do about it: never."""
        return None
