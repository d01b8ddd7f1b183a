"""The kinds of commands, by what `BatchCommand` calls them.

A command that gets an RPC of its own gets a line here; a test compares the two.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any

from wallet_server.core import commands
from wallet_server.core.administration.wallet_acts import ADMINISTRATIVE
from wallet_server.core.commands import Actor, Command
from wallet_server.execution.submission import Answered
from wallet_server.rpc.decode import (
    bets,
    cashier,
    coupons,
    players,
    promotions,
    rounds,
    withdrawals,
)
from wallet_server.rpc.encode import cashier_results, results
from wallet_server.rpc.encode.responses import (
    fill_any_bet_response,
    fill_bet_response,
    fill_plain_response,
)


@dataclass(frozen=True, slots=True)
class Kind:
    """How requests of one kind of command are decoded, and answers to them encoded.

    `fill` writes an answer into an empty response, given the wallet's currency.
    """

    command: type[Command]
    decode: Callable[[Any], Command]
    fill: Callable[[Any, Answered, str], None]


KINDS: dict[str, Kind] = {
    "open_wallet": Kind(commands.OpenWallet, cashier.open_wallet, fill_plain_response),
    "create_deposit": Kind(
        commands.CreateDeposit, cashier.create_deposit, cashier_results.fill_credit_response
    ),
    "approve_deposit": Kind(
        commands.ApproveDeposit, cashier.approve_deposit, cashier_results.fill_credit_response
    ),
    "decline_deposit": Kind(
        commands.DeclineDeposit, cashier.decline_deposit, cashier_results.fill_decline_response
    ),
    "reverse_deposit": Kind(
        commands.ReverseDeposit, cashier.reverse_deposit, cashier_results.fill_taken_back_response
    ),
    "adjust_balance": Kind(
        commands.AdjustBalance, cashier.adjust_balance, cashier_results.fill_adjustment_response
    ),
    "write_off_debt": Kind(
        commands.WriteOffDebt, cashier.write_off_debt, cashier_results.fill_adjustment_response
    ),
    "authorize_bet": Kind(commands.AuthorizeBet, bets.authorize_bet, fill_bet_response),
    "settle_bet": Kind(commands.SettleBet, bets.settle_bet, fill_bet_response),
    "unsettle_bet": Kind(commands.UnsettleBet, bets.unsettle_bet, fill_bet_response),
    "rollback_transaction": Kind(
        commands.RollbackTransaction, bets.rollback_transaction, fill_any_bet_response
    ),
    "cash_out_bet": Kind(commands.CashOutBet, bets.cash_out_bet, fill_bet_response),
    "replan_authorization": Kind(
        commands.ReplanAuthorization,
        bets.replan_authorization,
        cashier_results.fill_plan_response,
    ),
    "credit_win": Kind(commands.CreditWin, rounds.credit_win, results.fill_win_response),
    "close_round": Kind(commands.CloseRound, rounds.close_round, fill_plain_response),
    "play_round": Kind(commands.PlayRound, rounds.play_round, results.fill_round_response),
    "rollback_round": Kind(commands.RollbackRound, rounds.rollback_round, fill_plain_response),
    "release_suspense": Kind(
        commands.ReleaseSuspense, rounds.release_suspense, fill_plain_response
    ),
    "grant_coupon": Kind(commands.GrantCoupon, coupons.grant_coupon, results.fill_grant_response),
    "revoke_coupon": Kind(
        commands.RevokeCoupon, coupons.revoke_coupon, results.fill_revocation_response
    ),
    "expire_coupons": Kind(
        commands.ExpireCoupons, coupons.expire_coupons, results.fill_expiry_response
    ),
    "credit_promotion": Kind(
        commands.CreditPromotion, promotions.credit_promotion, results.fill_promotion_response
    ),
    "reverse_promotion": Kind(
        commands.ReversePromotion, promotions.reverse_promotion, results.fill_reversal_response
    ),
    "forfeit_bonus": Kind(
        commands.ForfeitBonus, promotions.forfeit_bonus, results.fill_forfeit_response
    ),
    "transfer_funds": Kind(
        commands.TransferFunds, promotions.transfer_funds, results.fill_transfer_response
    ),
    "complete_rolling": Kind(
        commands.CompleteRolling, promotions.complete_rolling, results.fill_rolling_response
    ),
    "cancel_rolling": Kind(
        commands.CancelRolling, promotions.cancel_rolling, results.fill_rolling_response
    ),
    "request_withdrawal": Kind(
        commands.RequestWithdrawal,
        withdrawals.request_withdrawal,
        cashier_results.fill_hold_response,
    ),
    "approve_withdrawal": Kind(
        commands.ApproveWithdrawal,
        withdrawals.approve_withdrawal,
        cashier_results.fill_approval_response,
    ),
    "reject_withdrawal": Kind(
        commands.RejectWithdrawal,
        withdrawals.reject_withdrawal,
        cashier_results.fill_withdrawal_response,
    ),
    "submit_withdrawal": Kind(
        commands.SubmitWithdrawal,
        withdrawals.submit_withdrawal,
        cashier_results.fill_withdrawal_response,
    ),
    "confirm_withdrawal": Kind(
        commands.ConfirmWithdrawal,
        withdrawals.confirm_withdrawal,
        cashier_results.fill_payment_response,
    ),
    "fail_withdrawal": Kind(
        commands.FailWithdrawal,
        withdrawals.fail_withdrawal,
        cashier_results.fill_withdrawal_response,
    ),
    "cancel_withdrawal": Kind(
        commands.CancelWithdrawal,
        withdrawals.cancel_withdrawal,
        cashier_results.fill_withdrawal_response,
    ),
    "return_withdrawal": Kind(
        commands.ReturnWithdrawal,
        withdrawals.return_withdrawal,
        cashier_results.fill_withdrawal_response,
    ),
    "set_account_status": Kind(
        commands.SetAccountStatus,
        players.set_account_status,
        cashier_results.fill_status_response,
    ),
    "set_limit": Kind(commands.SetLimit, players.set_limit, cashier_results.fill_limit_response),
    "confirm_limit_increase": Kind(
        commands.ConfirmLimitIncrease, players.confirm_limit_increase, fill_plain_response
    ),
}

NAMING_ACTORS = frozenset(
    name for name, kind in KINDS.items() if "actor" in {each.name for each in fields(kind.command)}
)
"""Those whose commands say who asks, which is not in the request."""

NAMING_PLAYERS = frozenset({"release_suspense"})
"""Those of them that say so only of the player, who may not ask; else they are the same for all."""

ASKING_WHO = NAMING_ACTORS | {
    name for name, kind in KINDS.items() if kind.command in ADMINISTRATIVE
}
"""Those, and those that are put on record with who asks."""


def command_of(name: str, request: Any, actor: Actor) -> Command:
    """Returns the command that a request of a kind asks for, by whom."""
    command = KINDS[name].decode(request)
    if name not in NAMING_ACTORS:
        return command
    if name in NAMING_PLAYERS and not actor.is_player(request.wallet.player_id):
        return command
    naming: Any = command
    return replace(naming, actor=actor)
