"""Which accounts a command may touch, and what they may hold."""

from collections.abc import Iterator, Mapping

from wallet_server.core.accounts import (
    ADJUST,
    BUCKET_PREFIX,
    CASH,
    DEBT_PREFIX,
    OPEN_PREFIX,
    Account,
    game,
    is_debt,
    is_house,
)
from wallet_server.core.answer import PostedEntry
from wallet_server.core.audit.difference import Check, Finding

HOUSE_ACCOUNT_BY_COMMAND = {"ApproveDeposit": CASH, "AdjustBalance": ADJUST}
"""The house's side of every command that is not about a bet: those post to `H:GAME`."""


def find_account_problems(entry: PostedEntry, assets: Mapping[str, str]) -> Iterator[Finding]:
    """Yields every account that the entry has no business with.

    `assets` are those of all buckets that any version of the tenant's topology has.
    """
    subject = f"#{entry.sequence}.{entry.ordinal}"
    for change in entry.changes:
        asset_code = asset_of(change.account, entry, assets)
        if asset_code is None:
            yield Finding(Check.ENTRY_ACCOUNT, subject, f"{change.account} does not belong here")
        elif asset_code != entry.asset_code:
            message = f"{change.account} is in {asset_code}, not in {entry.asset_code}"
            yield Finding(Check.ENTRY_ACCOUNT, subject, message)


def asset_of(account: Account, entry: PostedEntry, assets: Mapping[str, str]) -> str | None:
    """Returns the asset that an account is kept in; `None` if the entry may not name it."""
    if is_house(account):
        expected = HOUSE_ACCOUNT_BY_COMMAND.get(entry.command)
        allowed = account == expected if expected else account.startswith(game(""))
        return entry.asset_code if allowed else None
    if is_debt(account):
        return account[len(DEBT_PREFIX) :]
    return player_asset(account, assets)


def player_asset(account: Account, assets: Mapping[str, str]) -> str | None:
    """Returns the asset of a bucket, or of the open stake that came from one."""
    for prefix in (BUCKET_PREFIX, OPEN_PREFIX):
        if account.startswith(prefix):
            return assets.get(account[len(prefix) :])
    return None


def has_right_sign(account: Account, balance: int) -> bool:
    """Tells whether a player's account may hold that much: debt below zero, all else above."""
    return balance <= 0 if is_debt(account) else balance >= 0
