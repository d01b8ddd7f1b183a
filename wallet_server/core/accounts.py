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
COUPON_PREFIX = "cpn:"
HOLD_PREFIX = "hold:"
HOUSE_PREFIX = "H:"
SPENDABLE_PREFIXES = (BUCKET_PREFIX, COUPON_PREFIX)
PLAYER_PREFIXES = (BUCKET_PREFIX, OPEN_PREFIX, DEBT_PREFIX, COUPON_PREFIX, HOLD_PREFIX)

ACCOUNTS_CACHED_MAX = 16_384
"""How many accounts are kept by what they are for: all that a server's tenants have."""

CASH = Account("H:CASH")
"""What payment providers owe the house: deposits in, payouts out."""

ADJUST = Account("H:ADJUST")
"""The other side of operators' adjustments."""

PROMO = Account("H:PROMO")
"""What promotions cost the house; what is taken back of them returns here."""

SUSPENSE = Account("H:SUSPENSE")
"""What has come too late and waits for somebody's decision."""


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


def coupon(grant_id: str) -> Account:
    """Returns the account of what a coupon grant can still pay."""
    return Account(COUPON_PREFIX + grant_id)


def hold(withdrawal_id: str) -> Account:
    """Returns the account of what a withdrawal under way holds."""
    return Account(HOLD_PREFIX + withdrawal_id)


def is_coupon_source(source: str) -> bool:
    """Tells whether a funding source is a coupon grant: no bucket's code has a colon."""
    return source.startswith(COUPON_PREFIX)


def grant_of(source: str) -> str:
    """Returns the id of the grant that a source, or a coupon's account, is."""
    assert is_coupon_source(source)
    return source[len(COUPON_PREFIX) :]


@lru_cache(ACCOUNTS_CACHED_MAX)
def jackpot(pool: str) -> Account:
    """Returns the house's account of a jackpot."""
    return Account(f"H:JACKPOT:{pool}")


@lru_cache(ACCOUNTS_CACHED_MAX)
def exchange(asset_code: str) -> Account:
    """Returns the house's account of an asset that is exchanged for another."""
    return Account(f"H:FX:{asset_code}")


def is_house(account: Account) -> bool:
    """Tells whether an account is on the house's side of the books."""
    return account.startswith(HOUSE_PREFIX)


def is_of_player(account: Account) -> bool:
    """Tells whether an account is on the player's side of the books."""
    return account.startswith(PLAYER_PREFIXES)


def is_bucket(account: Account) -> bool:
    """Tells whether an account is a bucket."""
    return account.startswith(BUCKET_PREFIX)


def is_spendable(account: Account) -> bool:
    """Tells whether an account is a bucket or a coupon grant."""
    return account.startswith(SPENDABLE_PREFIXES)


def is_hold(account: Account) -> bool:
    """Tells whether an account is what a withdrawal holds."""
    return account.startswith(HOLD_PREFIX)


def is_debt(account: Account) -> bool:
    """Tells whether an account is debt."""
    return account.startswith(DEBT_PREFIX)


def bucket_code(account: Account) -> str:
    """Returns the code of a bucket's account."""
    assert is_bucket(account)
    return account[len(BUCKET_PREFIX) :]
