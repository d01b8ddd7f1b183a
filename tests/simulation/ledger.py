"""The books of one wallet, added up from nothing but the entries of its answers."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from wallet_server.core.answer import PostedEntry
from wallet_server.core.ids import BetKey

INT64 = 2**63


@dataclass
class Ledger:
    """What every account holds, and what every transaction has posted."""

    balances: Counter[str] = field(default_factory=Counter[str])
    house: Counter[str] = field(default_factory=Counter[str])
    assets: dict[str, str] = field(default_factory=dict[str, str])
    by_transaction: dict[BetKey, Counter[str]] = field(default_factory=dict[BetKey, Counter[str]])

    def post(self, entry: PostedEntry) -> None:
        """Takes in an entry, and checks it against what the wallet held."""
        assert sum(change.change for change in entry.changes) == 0  # I1
        assert len({change.account for change in entry.changes}) == len(entry.changes) >= 2
        for change in entry.changes:
            assert change.change != 0
            if change.account.startswith("H:"):
                assert change.balance_after is None
                self.house[change.account] += change.change
                continue
            assert self.assets.setdefault(change.account, entry.asset_code) == entry.asset_code
            self.balances[change.account] += change.change
            balance = self.balances[change.account]
            assert change.balance_after == balance, change  # I3
            assert balance <= 0 if is_debt(change.account) else balance >= 0, change  # I8
            assert abs(balance) < INT64
        if entry.bet_ref:
            key = BetKey(entry.provider_id, entry.bet_ref)
            self.by_transaction.setdefault(key, Counter()).update(changes_of([entry]))

    def posted(self, key: BetKey) -> dict[str, int]:
        """Returns what a transaction has done to every account."""
        return nonzero(self.by_transaction.get(key, Counter[str]()))

    def check(self) -> None:
        """I4: everything adds up to nothing."""
        assert sum(self.balances.values()) + sum(self.house.values()) == 0


def changes_of(entries: Sequence[PostedEntry]) -> Counter[str]:
    """Adds up entries by account."""
    total = Counter[str]()
    for entry in entries:
        for change in entry.changes:
            total[change.account] += change.change
    return total


def tagged(entries: Sequence[PostedEntry], key: BetKey | None) -> list[PostedEntry]:
    """Returns the entries of a transaction; those that belong to none, without one."""
    named = ("", "") if key is None else key
    return [each for each in entries if (each.provider_id, each.bet_ref) == named]


def nonzero(amounts: Counter[str]) -> dict[str, int]:
    """Returns amounts without those that are zero."""
    return {account: amount for account, amount in amounts.items() if amount}


def is_debt(account: str) -> bool:
    return account.startswith("DEBT:")
