"""The chart of accounts.

An account is a short string, the same in memory, in the journal and on the wire.
Player accounts are credit-positive: a positive balance is what the house owes the
player. House accounts may go either way.
"""

from functools import lru_cache
from typing import NewType

Account = NewType("Account", str)

BUCKET_PREFIX = "bkt:"
OPEN_PREFIX = "open:"
DEBT_PREFIX = "DEBT:"
HOUSE_PREFIX = "H:"

ACCOUNTS_CACHED_MAX = 16_384
"""How many accounts are kept by what they are for: all that a server's tenants have."""

CASH = Account("H:CASH")
"""What payment providers owe the house: deposits in, payouts out."""

ADJUST = Account("H:ADJUST")
"""The other side of operators' adjustments."""


@lru_cache(ACCOUNTS_CACHED_MAX)
def bucket(code: str) -> Account:
    """Returns the account of a bucket."""
    return Account(BUCKET_PREFIX + code)


@lru_cache(ACCOUNTS_CACHED_MAX)
def open_stake(source: str) -> Account:
    """Returns the account of a source's stake in bets that have no result yet."""
    return Account(OPEN_PREFIX + source)


@lru_cache(ACCOUNTS_CACHED_MAX)
def debt(asset_code: str) -> Account:
    """Returns the account of what the player owes in an asset: never positive."""
    return Account(DEBT_PREFIX + asset_code)


@lru_cache(ACCOUNTS_CACHED_MAX)
def game(provider_type: str) -> Account:
    """Returns the house's account of a provider type: stakes in, payouts out."""
    return Account(f"H:GAME:{provider_type}")


def is_house(account: Account) -> bool:
    """Tells whether an account is on the house's side of the books."""
    return account.startswith(HOUSE_PREFIX)


def is_bucket(account: Account) -> bool:
    """Tells whether an account is a bucket."""
    return account.startswith(BUCKET_PREFIX)


def is_debt(account: Account) -> bool:
    """Tells whether an account is debt."""
    return account.startswith(DEBT_PREFIX)


def bucket_code(account: Account) -> str:
    """Returns the code of a bucket's account."""
    assert is_bucket(account)
    return account[len(BUCKET_PREFIX) :]
