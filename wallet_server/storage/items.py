"""A wallet's items, and wins, as the documents they are kept as.

A document has every field of the value, by name. One that was written before a field was
there is read with the field's default; a field that is gone is passed over.
"""

from collections.abc import Mapping
from typing import Any, TypeAlias

import msgspec

from wallet_server.core.cashier.adjustment import Adjustment
from wallet_server.core.cashier.deposit import Deposit
from wallet_server.core.cashier.withdrawal import Withdrawal
from wallet_server.core.coupons.grant import CouponGrant
from wallet_server.core.items import Item, ItemKind
from wallet_server.core.promotions.promotion import Promotion
from wallet_server.core.rolling.requirement import Requirement
from wallet_server.core.rounds.round import Round
from wallet_server.core.rounds.win import CashOutRef, Win
from wallet_server.core.transfers.edge_usage import EdgeUsage

Decoder: TypeAlias = "msgspec.json.Decoder[Any]"

ITEM_TYPES: Mapping[ItemKind, type[Item]] = {
    ItemKind.ADJUSTMENT: Adjustment,
    ItemKind.COUPON: CouponGrant,
    ItemKind.DEPOSIT: Deposit,
    ItemKind.EDGE_USAGE: EdgeUsage,
    ItemKind.PROMOTION: Promotion,
    ItemKind.REQUIREMENT: Requirement,
    ItemKind.ROUND: Round,
    ItemKind.WITHDRAWAL: Withdrawal,
}

# Made once: each call would make one.
ITEM_DECODERS: Mapping[str, Decoder] = {
    kind: msgspec.json.Decoder(type=value_type) for kind, value_type in ITEM_TYPES.items()
}
WIN_DECODERS: Mapping[str, Decoder] = {
    "WIN": msgspec.json.Decoder(type=Win),
    "CASH_OUT": msgspec.json.Decoder(type=CashOutRef),
}
STATELESS = "CURRENT"
"""The state of items that have no life of their own."""


def read_item(kind: str, document: str) -> Item:
    """Returns the item of a document.

    Raises:
        ValueError: It is no document of the kind.
    """
    item: Item = ITEM_DECODERS[kind].decode(document)
    return item


def read_win(kind: str, document: str) -> Win | CashOutRef:
    """Returns the win, or the reference of a cash-out, of a document.

    Raises:
        ValueError: It is no document of the kind.
    """
    win: Win | CashOutRef = WIN_DECODERS[kind].decode(document)
    return win


def state_of(item: Item) -> str:
    """Returns where an item is in its life, as its row says it."""
    return STATELESS if isinstance(item, EdgeUsage) else item.state.value


def kind_of(win: Win | CashOutRef) -> str:
    """Returns what a row under a reference is called that is no bet."""
    return "WIN" if isinstance(win, Win) else "CASH_OUT"


def state_of_win(win: Win | CashOutRef) -> str:
    """Returns where a win or a cash-out is in its life, as its row says it."""
    if isinstance(win, Win):
        return win.state.value
    return "ROLLED_BACK" if win.rolled_back else "CASHED_OUT"
