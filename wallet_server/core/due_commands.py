"""What is done about an item whose time has come: the command for each kind.

Time changes nothing by itself. An item that is due only gives a hint: its command looks at
it again, decides by the wallet's clock, and does nothing where nothing is to be done.
A new kind of due work needs a line in `DUE_COMMANDS`, and a command of which that is so.
"""

from collections.abc import Callable, Mapping

from wallet_server.core.commands import (
    ApproveWithdrawal,
    CancelRolling,
    CloseRound,
    Command,
    DeclineDeposit,
    ExpireCoupons,
)
from wallet_server.core.item_key import ItemKey, ItemKind


def expire_coupon(item_id: str) -> ExpireCoupons:
    """Returns the command that ends a coupon grant."""
    return ExpireCoupons(item_id)


def close_round(item_id: str) -> CloseRound:
    """Returns the command that ends a round which its provider has left open."""
    provider_id, _, round_ref = item_id.partition(" ")
    return CloseRound(provider_id, round_ref, implicit=True)


def expire_requirement(item_id: str) -> CancelRolling:
    """Returns the command that ends a rolling requirement."""
    return CancelRolling(item_id, expired=True)


def expire_deposit(item_id: str) -> DeclineDeposit:
    """Returns the command that ends a deposit which has not come."""
    return DeclineDeposit(item_id, expired=True)


def approve_withdrawal(item_id: str) -> ApproveWithdrawal:
    """Returns the command that approves a withdrawal which nobody has looked at."""
    return ApproveWithdrawal(item_id, automatic=True)


DUE_COMMANDS: Mapping[ItemKind, Callable[[str], Command]] = {
    ItemKind.COUPON: expire_coupon,
    ItemKind.DEPOSIT: expire_deposit,
    ItemKind.REQUIREMENT: expire_requirement,
    ItemKind.ROUND: close_round,
    ItemKind.WITHDRAWAL: approve_withdrawal,
}


def due_command(key: ItemKey) -> Command:
    """Returns the command for an item, of a kind that can be due."""
    return DUE_COMMANDS[key.kind](key.item_id)
