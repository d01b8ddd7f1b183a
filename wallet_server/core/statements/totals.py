"""What commands did on accounts, day by day. Amounts are in minor units, over all wallets."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from wallet_server.core.accounts import Account
from wallet_server.core.answer import AccountChange
from wallet_server.core.statements.accounts import provider_type_of, statement_account
from wallet_server.core.value import value


class LineKey(NamedTuple):
    """What is added up in one line."""

    day: date
    asset_code: str
    provider_type: str
    account: Account
    command: str


class ClosingKey(NamedTuple):
    """An account at the end of a day."""

    asset_code: str
    account: Account
    day: date


@value
class LineTotal:
    """What changes took from an account and added to it, neither below zero, and how many."""

    debits: int = 0
    credits: int = 0
    changes_count: int = 0

    def plus(self, other: "LineTotal") -> "LineTotal":
        """Returns both together."""
        return LineTotal(
            self.debits + other.debits,
            self.credits + other.credits,
            self.changes_count + other.changes_count,
        )


NOTHING = LineTotal()


@value
class CountedEntry:
    """What statements count of an entry.

    `day` is that of its time, in the tenant's time zone; `bet_provider_type` that of the bet that
    it belongs to, empty if there is none.
    """

    day: date
    asset_code: str
    command: str
    changes: tuple[AccountChange, ...]
    bet_provider_type: str = ""


def add_entry(totals: dict[LineKey, LineTotal], entry: CountedEntry) -> None:
    """Adds an entry to the lines that it belongs to."""
    accounts = [change.account for change in entry.changes]
    provider_type = provider_type_of(accounts, entry.bet_provider_type)
    for change in entry.changes:
        account = statement_account(change.account)
        key = LineKey(entry.day, entry.asset_code, provider_type, account, entry.command)
        added = LineTotal(max(-change.change, 0), max(change.change, 0), 1)
        totals[key] = totals.get(key, NOTHING).plus(added)


def balances_of(totals: Iterable[tuple[LineKey, LineTotal]]) -> dict[ClosingKey, int]:
    """Returns what stands on each account at the end of each day on which it was changed."""
    changes: dict[ClosingKey, int] = {}
    for key, total in totals:
        place = ClosingKey(key.asset_code, key.account, key.day)
        changes[place] = changes.get(place, 0) + total.credits - total.debits
    balances: dict[ClosingKey, int] = {}
    sums: dict[tuple[str, Account], int] = {}
    for key in sorted(changes):
        account = key[:2]
        sums[account] = balances[key] = sums.get(account, 0) + changes[key]
    return balances
