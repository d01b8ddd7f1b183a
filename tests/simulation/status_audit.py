"""I41: what a player's account status rules out, and what it never does."""

from collections.abc import Mapping

from tests.simulation.step import Surroundings
from wallet_server.core.commands import (
    ApproveDeposit,
    AuthorizeBet,
    Command,
    CreditPromotion,
    GrantCoupon,
    PlayRound,
    TransferFunds,
)

RULED_OUT: Mapping[type[Command], frozenset[str]] = {
    AuthorizeBet: frozenset({"BET_BLOCKED", "SELF_EXCLUDED", "FROZEN", "CLOSED"}),
    ApproveDeposit: frozenset({"SELF_EXCLUDED", "FROZEN", "CLOSED"}),
    TransferFunds: frozenset({"SELF_EXCLUDED", "FROZEN", "CLOSED"}),
    CreditPromotion: frozenset({"BET_BLOCKED", "SELF_EXCLUDED", "FROZEN", "CLOSED"}),
    GrantCoupon: frozenset({"BET_BLOCKED", "SELF_EXCLUDED", "FROZEN", "CLOSED"}),
}
"""The commands that a status rules out; a round, as it has bets."""

NEVER = frozenset(
    {
        "SettleBet",
        "UnsettleBet",
        "RollbackTransaction",
        "CashOutBet",
        "CreditWin",
        "CloseRound",
        "RollbackRound",
        "ReleaseSuspense",
        "ExpireCoupons",
        "AdjustBalance",
    }
)
"""The commands that no status rules out: what is owed must reach the player."""


def check_status(command: Command, said: str, around: Surroundings) -> None:
    kind = type(command)
    if kind.__name__ in NEVER:
        assert not said.startswith("ACCOUNT_")
    if said.startswith("ACCOUNT_"):
        assert said == f"ACCOUNT_{around.status}"
    ruled_out = RULED_OUT.get(kind, frozenset[str]())
    if isinstance(command, PlayRound) and command.bets:
        ruled_out = RULED_OUT[AuthorizeBet]
    assert said != "APPLIED" or around.status not in ruled_out
