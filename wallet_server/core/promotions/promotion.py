"""A promotion: value credited to a bucket, and what was taken back of it."""

from datetime import datetime
from enum import StrEnum

from wallet_server.core.item_key import ItemKey, ItemKind
from wallet_server.core.results import PromotionResult
from wallet_server.core.rolling.requirement import RollingTerms
from wallet_server.core.value import value


class PromotionState(StrEnum):
    """The life of a promotion. TOMBSTONED: reversed before it came, and never may be credited."""

    CREDITED = "CREDITED"
    PARTIALLY_REVERSED = "PARTIALLY_REVERSED"
    REVERSED = "REVERSED"
    TOMBSTONED = "TOMBSTONED"


class PromotionKind(StrEnum):
    """Why the value is given."""

    BONUS = "BONUS"
    REBATE = "REBATE"
    CASHBACK = "CASHBACK"
    LOSSBACK = "LOSSBACK"
    OTHER = "OTHER"


class ReversalMode(StrEnum):
    """What happens where a part of the value is spent.

    STRICT: nothing is taken back. PARTIAL: what is there. DEBT: what is there, and the rest
    becomes debt.
    """

    STRICT = "STRICT"
    PARTIAL = "PARTIAL"
    DEBT = "DEBT"


def promotion_key(promotion_id: str) -> ItemKey:
    """Returns what a promotion is called among the wallet's items."""
    return ItemKey(ItemKind.PROMOTION, promotion_id)


@value
class Promotion:
    """Value that was credited. `reversed` was taken back, `unrecovered` was gone by then.

    What is neither is live: all of the amount before the first reversal, nothing after it.
    `requirement_id` is the rolling requirement that came with it, if one did, by the terms
    `rolling`. A promotion whose value is a coupon is the grant of its name and no promotion
    of its own.
    """

    promotion_id: str
    state: PromotionState
    sequence: int
    create_time: datetime
    kind: PromotionKind = PromotionKind.BONUS
    bucket: str = ""
    asset_code: str = ""
    amount: int = 0
    reversed: int = 0
    unrecovered: int = 0
    requirement_id: str = ""
    revision: int = 1
    rolling: RollingTerms | None = None
    qualifying_provider_types: tuple[str, ...] = ()

    @property
    def outstanding(self) -> int:
        """What was not taken back."""
        return self.amount - self.reversed

    @property
    def result(self) -> PromotionResult:
        """What answers say of it."""
        return PromotionResult(
            self.promotion_id,
            self.state.value,
            self.reversed,
            self.unrecovered,
            self.requirement_id,
        )

    @property
    def key(self) -> ItemKey:
        """What it is called among the wallet's items."""
        return promotion_key(self.promotion_id)

    @property
    def is_live(self) -> bool:
        """Whether commands look at it though they do not name it."""
        return False

    @property
    def due_time(self) -> datetime | None:
        """When time has something to do about it: never."""
        return None
