"""Which commands a player's account status rules out.

Four kinds of commands bring something new into a wallet: bets, deposits, transfers and
promotions. Money may always leave, but from a frozen account: none of what asks for a payout,
approves it or hands it on does so there. No other command is ever ruled out: money that is owed
must reach the player, and value that is taken back must leave, whatever the account's state.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeAlias

from wallet_server.core.accounts import debt
from wallet_server.core.commands import (
    ApproveDeposit,
    ApproveWithdrawal,
    AuthorizeBet,
    Command,
    CreateDeposit,
    CreditPromotion,
    GrantCoupon,
    PlayRound,
    RequestWithdrawal,
    SubmitWithdrawal,
    TransferFunds,
)
from wallet_server.core.config.wallet_policy import WalletPolicy
from wallet_server.core.players.status import AccountStatus
from wallet_server.core.refusals import (
    AccountBetBlocked,
    AccountClosed,
    AccountFrozen,
    AccountSelfExcluded,
    Forbidden,
)
from wallet_server.core.wallet import Wallet

StatusRefusal: TypeAlias = AccountBetBlocked | AccountSelfExcluded | AccountFrozen | AccountClosed

REFUSALS_BY_STATUS: Mapping[AccountStatus, type[StatusRefusal]] = {
    AccountStatus.BET_BLOCKED: AccountBetBlocked,
    AccountStatus.SELF_EXCLUDED: AccountSelfExcluded,
    AccountStatus.FROZEN: AccountFrozen,
    AccountStatus.CLOSED: AccountClosed,
}


class Activity(StrEnum):
    """What an account status may rule out."""

    BET = "BET"
    DEPOSIT = "DEPOSIT"
    TRANSFER = "TRANSFER"
    PROMOTION = "PROMOTION"
    WITHDRAWAL = "WITHDRAWAL"


ACTIVITY_BY_COMMAND: Mapping[type[Command], Activity] = {
    AuthorizeBet: Activity.BET,
    PlayRound: Activity.BET,
    CreateDeposit: Activity.DEPOSIT,
    ApproveDeposit: Activity.DEPOSIT,
    TransferFunds: Activity.TRANSFER,
    CreditPromotion: Activity.PROMOTION,
    GrantCoupon: Activity.PROMOTION,
    RequestWithdrawal: Activity.WITHDRAWAL,
    ApproveWithdrawal: Activity.WITHDRAWAL,
    SubmitWithdrawal: Activity.WITHDRAWAL,
}

ALLOWED_BY_STATUS: Mapping[AccountStatus, frozenset[Activity]] = {
    AccountStatus.ACTIVE: frozenset(Activity),
    AccountStatus.BET_BLOCKED: frozenset(
        {Activity.DEPOSIT, Activity.TRANSFER, Activity.WITHDRAWAL}
    ),
    AccountStatus.SELF_EXCLUDED: frozenset({Activity.WITHDRAWAL}),
    AccountStatus.FROZEN: frozenset(),
    AccountStatus.CLOSED: frozenset({Activity.WITHDRAWAL}),
}
"""What each status leaves. Whether deposits stay while bets are blocked, the wallet policy says.

A deposit that is approved while the account is FROZEN is not credited, but waits in suspense
(`cashier/approve_deposit.py`).
"""


def forbids(command: Command, status: AccountStatus, policy: WalletPolicy) -> Forbidden | None:
    """Refuses a command that the account's status rules out."""
    refusal = REFUSALS_BY_STATUS.get(status)
    if refusal is None:
        return None
    activity = activity_of(command)
    if activity is None or is_allowed(activity, status, policy):
        return None
    return refusal(type(command).__name__)


def forbids_bet(command: AuthorizeBet, wallet: Wallet, policy: WalletPolicy) -> Forbidden | None:
    """Refuses a bet that the account's status rules out, or debt where the wallet policy says so.

    Debt is what is owed in the wallet's currency. It rules out nothing else.
    """
    refusal = forbids(command, wallet.status, policy)
    if refusal is not None or not policy.debt_blocks_bets:
        return refusal
    is_owing = wallet.balance(debt(wallet.ref.currency_code)) < 0
    return AccountBetBlocked(type(command).__name__) if is_owing else None


def activity_of(command: Command) -> Activity | None:
    """Returns what a command does that may be ruled out, if anything is.

    A round that is played without bets only credits wins, which nothing rules out.
    """
    if isinstance(command, PlayRound) and not command.bets:
        return None
    return ACTIVITY_BY_COMMAND.get(type(command))


def is_allowed(activity: Activity, status: AccountStatus, policy: WalletPolicy) -> bool:
    """Tells whether a status leaves an activity."""
    if activity is Activity.DEPOSIT and not policy.bet_blocked_deposits:
        return status is AccountStatus.ACTIVE
    return activity in ALLOWED_BY_STATUS[status]
