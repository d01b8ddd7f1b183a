"""Money moves from one account to another; an entry is the sum of moves."""

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from wallet_server.core.accounts import Account
from wallet_server.core.value import value

Vector: TypeAlias = Mapping[Account, int]
"""Signed changes by account, without zeros, that add up to zero."""


@value
class Move:
    """An amount that leaves one account and reaches another. Never negative."""

    source: Account
    target: Account
    amount: int


@value
class Entry:
    """What changed at once in the accounts of one asset. Adds up to zero."""

    asset_code: str
    changes: Vector


def net(moves: Iterable[Move]) -> dict[Account, int]:
    """Adds up moves. What balances out is left out."""
    changes: dict[Account, int] = {}
    for move in moves:
        assert move.amount >= 0
        if move.amount and move.source != move.target:
            changes[move.source] = changes.get(move.source, 0) - move.amount
            changes[move.target] = changes.get(move.target, 0) + move.amount
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
