"""Which commands a player's account status rules out.

Settlements, rollbacks and operators' adjustments are never ruled out: money that
is owed must reach the player whatever the account's state.
"""

from collections.abc import Mapping

from wallet_server.core.commands import ApproveDeposit, AuthorizeBet, Command
from wallet_server.core.config.policy import WalletPolicy
from wallet_server.core.refusals import (
    AccountBetBlocked,
    AccountClosed,
    AccountFrozen,
    AccountSelfExcluded,
    Forbidden,
)
from wallet_server.core.wallet import AccountStatus

REFUSALS_BY_STATUS: Mapping[
    AccountStatus, type[AccountBetBlocked | AccountSelfExcluded | AccountFrozen | AccountClosed]
] = {
    AccountStatus.BET_BLOCKED: AccountBetBlocked,
    AccountStatus.SELF_EXCLUDED: AccountSelfExcluded,
    AccountStatus.FROZEN: AccountFrozen,
    AccountStatus.CLOSED: AccountClosed,
}


def forbids(command: Command, status: AccountStatus, policy: WalletPolicy) -> Forbidden | None:
    """Refuses a command that the account's status rules out."""
    refusal = REFUSALS_BY_STATUS.get(status)
    if refusal is None or not isinstance(command, AuthorizeBet | ApproveDeposit):
        return None
    if (
        isinstance(command, ApproveDeposit)
        and status is AccountStatus.BET_BLOCKED
        and policy.bet_blocked_deposits
    ):
        return None
    return refusal(type(command).__name__)
