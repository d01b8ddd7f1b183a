"""What a wallet's items are called."""

from enum import StrEnum
from typing import NamedTuple


class ItemKind(StrEnum):
    """The kinds of things a wallet keeps beside balances and bets."""

    ADJUSTMENT = "ADJUSTMENT"
    COUPON = "COUPON"
    DEPOSIT = "DEPOSIT"
    EDGE_USAGE = "EDGE_USAGE"
    PROMOTION = "PROMOTION"
    REQUIREMENT = "REQUIREMENT"
    ROUND = "ROUND"
    WITHDRAWAL = "WITHDRAWAL"


class ItemKey(NamedTuple):
    """An item, unique within its wallet."""

    kind: ItemKind
    item_id: str
