"""Posting entries: what they make of a wallet's balances, and how they are written."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache

from wallet_server.core.accounts import Account, is_debt, is_house
from wallet_server.core.amounts import INT64_MAX, INT64_MIN
from wallet_server.core.answer import AccountChange
from wallet_server.core.entry import Entry, Vector
from wallet_server.core.refusals import AmountOutOfRange

ORDERS_CACHED_MAX = 4096
"""How many orders of accounts are kept: entries touch the same few accounts over and over."""


def post(
    balances: Mapping[Account, int], entries: Sequence[Entry]
) -> dict[Account, int] | AmountOutOfRange:
    """Returns the balances after the entries.

    Refuses what would leave the range of 64-bit numbers. That no bucket goes below
    zero, and no debt above, is for the decision to have seen to.
    """
    after = dict(balances)
    for entry in entries:
        assert sum(entry.changes.values()) == 0
        for account, change in entry.changes.items():
            if not INT64_MIN <= change <= INT64_MAX:
                return first_out_of_range(balances, entries)
            if is_house(account):
                continue
            balance = after.get(account, 0) + change
            if not INT64_MIN <= balance <= INT64_MAX:
                return first_out_of_range(balances, entries)
            assert balance == 0 or (balance < 0) is is_debt(account), account
            after[account] = balance
    return after


def first_out_of_range(
    balances: Mapping[Account, int], entries: Sequence[Entry]
) -> AmountOutOfRange:
    """Names the account that leaves the range, the first in the order of the journal."""
    after = dict(balances)
    for entry in entries:
        for house, account in in_order(tuple(entry.changes)):
            change = entry.changes[account]
            after[account] = 0 if house else after.get(account, 0) + change
            if not all(INT64_MIN <= each <= INT64_MAX for each in (change, after[account])):
                return AmountOutOfRange(account)
    raise AssertionError("nothing leaves the range")


def write_changes(changes: Vector, after: Mapping[Account, int]) -> tuple[AccountChange, ...]:
    """Returns the changes of an entry as the journal has them: the player's side first."""
    return tuple(
        [
            AccountChange(account, changes[account], None if house else after[account])
            for house, account in in_order(tuple(changes))
        ]
    )


@lru_cache(ORDERS_CACHED_MAX)
def in_order(accounts: tuple[Account, ...]) -> tuple[tuple[bool, Account], ...]:
    """Returns accounts in the order of the journal, each with whether it is the house's."""
    return tuple(sorted((is_house(account), account) for account in accounts))


def entry_time(now: datetime, update_time: datetime) -> datetime:
    """Returns the time of an entry: time never runs backwards within a wallet."""
    return max(now, update_time)
