"""What is done about an item or a limit whose time has come: the command for each kind.

Time changes nothing by itself. What is due only gives a hint: its command looks at
it again, decides by the wallet's clock, and does nothing where nothing is to be done.
A new kind of due item needs a line in `DUE_COMMANDS`, and a command of which that is so.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeAlias

from wallet_server.core.commands import (
    ApproveWithdrawal,
    CancelRolling,
    CloseRound,
    Command,
    ConfirmLimitIncrease,
    DeclineDeposit,
    ExpireCoupons,
)
from wallet_server.core.item_key import ItemKey, ItemKind
from wallet_server.core.players.limit import LimitKind, LimitPeriod


class LimitKey(NamedTuple):
    """A limit, unique within its player."""

    kind: LimitKind
    period: LimitPeriod


DueKey: TypeAlias = ItemKey | LimitKey


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
    """Returns the command that ends a deposit which has not arrived."""
    return DeclineDeposit(item_id, expired=True)


def approve_withdrawal(item_id: str) -> ApproveWithdrawal:
    """Returns the command that approves a withdrawal which persons have let pass."""
    return ApproveWithdrawal(item_id, automatic=True)


DUE_COMMANDS: Mapping[ItemKind, Callable[[str], Command]] = {
    ItemKind.COUPON: expire_coupon,
    ItemKind.DEPOSIT: expire_deposit,
    ItemKind.REQUIREMENT: expire_requirement,
    ItemKind.ROUND: close_round,
    ItemKind.WITHDRAWAL: approve_withdrawal,
}


def due_command(key: DueKey) -> Command:
    """Returns the command for a limit, or for an item of a kind that can be due."""
    if isinstance(key, LimitKey):
        return ConfirmLimitIncrease(key.kind, key.period, lapsed=True)
    return DUE_COMMANDS[key.kind](key.item_id)


def due_name(key: DueKey) -> tuple[str, str]:
    """Returns what is due by its kind and its name: of a wallet's items, or a player's limits."""
    if isinstance(key, LimitKey):
        return "LIMIT", f"{key.kind.value} {key.period.value}"
    return key.kind.value, key.item_id
