"""The accounts that statements are of: those of entries, over all wallets of a tenant.

What belongs to one grant or withdrawal alone would make as many accounts as there are of these, so
all of a kind are one.
"""

from collections.abc import Iterable

from wallet_server.core.accounts import (
    COUPON_PREFIX,
    HOLD_PREFIX,
    OPEN_PREFIX,
    Account,
    game,
)

ALL = "*"
GAME_PREFIX = game("")
OPEN_COUPON_PREFIX = OPEN_PREFIX + COUPON_PREFIX

COMBINED_PREFIXES = (COUPON_PREFIX, HOLD_PREFIX, OPEN_COUPON_PREFIX)
"""What accounts begin with of which all together are one."""


def statement_account(account: Account) -> Account:
    """Returns the account of statements that an account of entries is counted in."""
    for prefix in COMBINED_PREFIXES:
        if account.startswith(prefix):
            return Account(prefix + ALL)
    return account


def provider_type_of(accounts: Iterable[Account], of_bet: str) -> str:
    """Returns the provider type that an entry is about; empty if it is about none.

    Args:
        accounts: Those that the entry changes.
        of_bet: The provider type of the bet that it belongs to; empty if there is none.
    """
    for account in accounts:
        if account.startswith(GAME_PREFIX):
            return account[len(GAME_PREFIX) :]
    return of_bet
