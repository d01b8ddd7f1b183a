"""I41: what a player's account status rules out, and what it never does."""

from collections.abc import Mapping

from tests.simulation.step import Surroundings
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

ALL_BUT_ACTIVE = frozenset({"BET_BLOCKED", "SELF_EXCLUDED", "FROZEN", "CLOSED"})
SHUT = ALL_BUT_ACTIVE - {"BET_BLOCKED"}

RULED_OUT: Mapping[type[Command], frozenset[str]] = {
    AuthorizeBet: ALL_BUT_ACTIVE,
    CreateDeposit: SHUT,
    ApproveDeposit: SHUT,
    TransferFunds: SHUT,
    CreditPromotion: ALL_BUT_ACTIVE,
    GrantCoupon: ALL_BUT_ACTIVE,
    RequestWithdrawal: frozenset({"FROZEN"}),
    ApproveWithdrawal: frozenset({"FROZEN"}),
    SubmitWithdrawal: frozenset({"FROZEN"}),
}
"""The commands that a status rules out; a round, as it has bets. All others never are."""

DEPOSITS = (CreateDeposit, ApproveDeposit)


def check_status(command: Command, said: str, around: Surroundings) -> None:
    """Money that is owed must reach the player: most commands no status rules out."""
    ruled_out = RULED_OUT.get(type(command), frozenset[str]())
    if isinstance(command, PlayRound) and command.bets:
        ruled_out = RULED_OUT[AuthorizeBet]
    policy = around.configuration.wallet_policy.value if around.configuration else None
    if policy is not None and not policy.bet_blocked_deposits and isinstance(command, DEPOSITS):
        ruled_out = ALL_BUT_ACTIVE
    owes = around.owes and policy is not None and policy.debt_blocks_bets
    is_bet = isinstance(command, AuthorizeBet) or (isinstance(command, PlayRound) and command.bets)
    if is_bet and owes and around.status == "ACTIVE":
        assert said not in {"APPLIED", "ACCOUNT_CLOSED", "ACCOUNT_FROZEN", "ACCOUNT_SELF_EXCLUDED"}
    elif said.startswith("ACCOUNT_"):
        assert said == f"ACCOUNT_{around.status}"
        assert around.status in ruled_out
    assert said != "APPLIED" or around.status not in ruled_out
    if isinstance(command, ApproveDeposit):  # What has come while the account is FROZEN waits.
        assert said != "ACCOUNT_FROZEN"
        assert said != "REVIEW" or around.status == "FROZEN"
