"""Which accounts a command may touch, and what they may hold."""

from collections.abc import Iterator, Mapping

from wallet_server.core.accounts import (
    ADJUST,
    BUCKET_PREFIX,
    CASH,
    COUPON_PREFIX,
    DEBT_PREFIX,
    HOLD_PREFIX,
    OPEN_PREFIX,
    PROMO,
    SUSPENSE,
    Account,
    exchange,
    game,
    is_debt,
    is_hold,
    is_house,
    jackpot,
)
from wallet_server.core.answer import PostedEntry
from wallet_server.core.audit.difference import Check, Finding

PLAYED = (game(""), PROMO)
"""The house's side of bets: what is played and paid, and what promotions give and take."""

CREDITED = (*PLAYED, jackpot(""), SUSPENSE)
"""The house's side of wins, and of what undoes them."""

HOUSE_BY_COMMAND: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("CreateDeposit", "ApproveDeposit", "DeclineDeposit"), (CASH, SUSPENSE, PROMO)),
    **dict.fromkeys(("ReverseDeposit", "ReturnWithdrawal", "ConfirmWithdrawal"), (CASH, PROMO)),
    **dict.fromkeys(("AdjustBalance", "WriteOffDebt"), (ADJUST,)),
    "TransferFunds": (exchange(""), PROMO),
    **dict.fromkeys(("AuthorizeBet", "SettleBet", "UnsettleBet", "CashOutBet"), PLAYED),
    **dict.fromkeys(("CreditWin", "CloseRound", "PlayRound", "RollbackRound"), CREDITED),
    **dict.fromkeys(("RollbackTransaction", "ReleaseSuspense"), CREDITED),
}
"""What the house's accounts of a command begin with. Of all others it is `H:PROMO`."""

HOLD_COMMANDS = frozenset(
    {
        *("RequestWithdrawal", "RejectWithdrawal", "CancelWithdrawal", "ConfirmWithdrawal"),
        *("FailWithdrawal", "CreateDeposit", "ApproveDeposit"),
    }
)
"""What moves money that a withdrawal holds: a deposit may be paid from one that is cancelled."""


def find_account_problems(entry: PostedEntry, assets: Mapping[str, str]) -> Iterator[Finding]:
    """Yields every account that the entry has no business with.

    `assets` are those of all buckets that the tenant's topology ever had.
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
        allowed = HOUSE_BY_COMMAND.get(entry.command, (PROMO,))
        return entry.asset_code if account.startswith(allowed) else None
    if is_debt(account):
        return account[len(DEBT_PREFIX) :]
    if is_hold(account) and entry.command not in HOLD_COMMANDS:
        return None
    return player_asset(account, assets)


def player_asset(account: Account, assets: Mapping[str, str]) -> str | None:
    """Returns the asset of a bucket, coupon or hold, or of the open stake that came from one.

    That of all coupons is found under what their accounts begin with; so is that of all holds.
    """
    if is_hold(account):
        return assets.get(HOLD_PREFIX)
    source = account.removeprefix(OPEN_PREFIX)
    if source.startswith(COUPON_PREFIX):
        return assets.get(COUPON_PREFIX)
    if account.startswith((BUCKET_PREFIX, OPEN_PREFIX)):
        return assets.get(source.removeprefix(BUCKET_PREFIX))
    return None


def has_right_sign(account: Account, balance: int) -> bool:
    """Tells whether a player's account may hold that much: debt below zero, all else above."""
    return balance <= 0 if is_debt(account) else balance >= 0
