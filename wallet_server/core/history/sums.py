"""What entries came to: sums by account and kind of entry."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from wallet_server.core.accounts import Account, is_house
from wallet_server.core.answer import PostedEntry
from wallet_server.core.history.causes import EntryKind, kind_of


class SumKey(NamedTuple):
    """What is added up together: the changes of an account by entries of a kind."""

    account: Account
    asset_code: str
    kind: EntryKind


class Sum(NamedTuple):
    """What changes came to: what was added and what was taken, in minor units, and how many."""

    added: int
    taken: int
    entries_count: int

    @property
    def change(self) -> int:
        """What they came to."""
        return self.added - self.taken


NOTHING = Sum(0, 0, 0)


class Holding(NamedTuple):
    """What an account holds, in minor units of an asset."""

    asset_code: str
    balance: int


def plus(left: Sum, right: Sum) -> Sum:
    """Adds two sums."""
    return Sum(
        left.added + right.added, left.taken + right.taken, left.entries_count + right.entries_count
    )


def add_up(parts: Iterable[Mapping[SumKey, Sum]]) -> dict[SumKey, Sum]:
    """Returns what parts come to together."""
    found: dict[SumKey, Sum] = {}
    for part in parts:
        for key, each in part.items():
            found[key] = plus(found.get(key, NOTHING), each)
    return found


def sums_of(entries: Iterable[PostedEntry]) -> dict[SumKey, Sum]:
    """Returns what entries came to, for the accounts of the player."""
    found: dict[SumKey, Sum] = {}
    for entry in entries:
        kind = kind_of(entry)
        for each in entry.changes:
            if not is_house(each.account):
                key = SumKey(each.account, entry.asset_code, kind)
                found[key] = plus(found.get(key, NOTHING), sum_of(each.change))
    return found


def sum_of(change: int) -> Sum:
    """Returns what one change comes to."""
    return Sum(max(change, 0), max(-change, 0), 1)


def holdings_of(sums: Mapping[SumKey, Sum]) -> dict[Account, Holding]:
    """Returns what accounts hold that held nothing before: those that hold anything."""
    return add_holdings({}, sums)


def add_holdings(
    before: Mapping[Account, Holding], sums: Mapping[SumKey, Sum]
) -> dict[Account, Holding]:
    """Returns what accounts hold after what has come to them: those that hold anything."""
    found = dict(before)
    for key, each in sums.items():
        held = found.get(key.account, Holding(key.asset_code, 0))
        found[key.account] = Holding(key.asset_code, held.balance + each.change)
    return {account: holding for account, holding in found.items() if holding.balance}
