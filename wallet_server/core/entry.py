"""Money moves from one account to another; an entry is the sum of moves."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple, TypeAlias

from wallet_server.core.accounts import Account
from wallet_server.core.ids import BetKey
from wallet_server.core.value import value

Vector: TypeAlias = Mapping[Account, int]
"""Signed changes by account, without zeros, that add up to zero."""


class Move(NamedTuple):
    """An amount that leaves one account and reaches another. Never negative."""

    source: Account
    target: Account
    amount: int


@value
class Entry:
    """What changed at once in the accounts of one asset. Adds up to zero.

    `transaction` is the bet or win that it belongs to, where a command has several.
    """

    asset_code: str
    changes: Vector
    transaction: BetKey | None = None


def net(moves: Iterable[tuple[Account, Account, int]]) -> dict[Account, int]:
    """Adds up moves, or source, target and amount of each. What balances out is left out."""
    changes: dict[Account, int] = {}
    for source, target, amount in moves:
        assert amount >= 0
        if amount and source != target:
            changes[source] = changes.get(source, 0) - amount
            changes[target] = changes.get(target, 0) + amount
    return {account: change for account, change in changes.items() if change}


def plus(left: Vector, right: Vector) -> dict[Account, int]:
    """Adds two vectors."""
    changes = dict(left)
    for account, change in right.items():
        changes[account] = changes.get(account, 0) + change
    return {account: change for account, change in changes.items() if change}


def minus(left: Vector, right: Vector) -> dict[Account, int]:
    """Takes one vector from another."""
    return plus(left, {account: -change for account, change in right.items()})
