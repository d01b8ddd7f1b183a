"""The way into the core: a command and a wallet in, a decision out."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeAlias

from wallet_server.core.bets.authorize import decide_authorize_bet
from wallet_server.core.bets.cash_out import decide_cash_out_bet
from wallet_server.core.bets.replan import decide_replan_authorization
from wallet_server.core.bets.rollback import decide_rollback_transaction
from wallet_server.core.bets.settle import decide_settle_bet
from wallet_server.core.bets.unsettle import decide_unsettle_bet
from wallet_server.core.cashier.adjust_balance import decide_adjust_balance
from wallet_server.core.cashier.approve_deposit import decide_approve_deposit
from wallet_server.core.cashier.create_deposit import decide_create_deposit
from wallet_server.core.cashier.decline_deposit import decide_decline_deposit
from wallet_server.core.cashier.pay_withdrawal import (
    decide_confirm_withdrawal,
    decide_fail_withdrawal,
    decide_return_withdrawal,
    decide_submit_withdrawal,
)
from wallet_server.core.cashier.request_withdrawal import decide_request_withdrawal
from wallet_server.core.cashier.reverse_deposit import decide_reverse_deposit
from wallet_server.core.cashier.review_withdrawal import (
    decide_approve_withdrawal,
    decide_cancel_withdrawal,
    decide_reject_withdrawal,
)
from wallet_server.core.cashier.write_off_debt import decide_write_off_debt
from wallet_server.core.commands import (
    AdjustBalance,
    ApproveDeposit,
    ApproveWithdrawal,
    AuthorizeBet,
    CancelRolling,
    CancelWithdrawal,
    CashOutBet,
    CloseRound,
    Command,
    CompleteRolling,
    ConfirmLimitIncrease,
    ConfirmWithdrawal,
    CreateDeposit,
    CreditPromotion,
    CreditWin,
    DeclineDeposit,
    DrainBucket,
    ExpireCoupons,
    FailWithdrawal,
    ForfeitBonus,
    GrantCoupon,
    OpenWallet,
    PlayRound,
    RejectWithdrawal,
    ReleaseSuspense,
    ReplanAuthorization,
    RequestWithdrawal,
    ReturnWithdrawal,
    ReverseDeposit,
    ReversePromotion,
    RevokeCoupon,
    RollbackRound,
    RollbackTransaction,
    SetAccountStatus,
    SetLimit,
    SettleBet,
    SubmitWithdrawal,
    TransferFunds,
    UnsettleBet,
    WriteOffDebt,
)
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.coupons.expire_coupons import decide_expire_coupons
from wallet_server.core.coupons.grant_coupon import decide_grant_coupon
from wallet_server.core.coupons.revoke_coupon import decide_revoke_coupon
from wallet_server.core.decision import Change, Decision, Outcome
from wallet_server.core.draining.drain_bucket import decide_drain_bucket
from wallet_server.core.ids import WalletRef
from wallet_server.core.players.set_account_status import decide_set_account_status
from wallet_server.core.players.set_limit import decide_confirm_limit_increase, decide_set_limit
from wallet_server.core.promotions.credit_promotion import decide_credit_promotion
from wallet_server.core.promotions.forfeit_bonus import decide_forfeit_bonus
from wallet_server.core.promotions.reverse_promotion import decide_reverse_promotion
from wallet_server.core.refusals import CurrencyNotSupported, WalletNotFound
from wallet_server.core.rolling.cancel_rolling import decide_cancel_rolling
from wallet_server.core.rolling.complete_rolling import decide_complete_rolling
from wallet_server.core.rounds.close_round import decide_close_round
from wallet_server.core.rounds.credit_win import decide_credit_win
from wallet_server.core.rounds.play_round import decide_play_round
from wallet_server.core.rounds.release_suspense import decide_release_suspense
from wallet_server.core.rounds.rollback_round import decide_rollback_round
from wallet_server.core.transfers.transfer_funds import decide_transfer_funds
from wallet_server.core.wallet import Wallet

Decider: TypeAlias = Callable[[Any, Wallet, Configuration, datetime], Decision]

FurtherCommand: TypeAlias = (
    CashOutBet
    | CreditWin
    | CloseRound
    | PlayRound
    | RollbackRound
    | ReleaseSuspense
    | GrantCoupon
    | RevokeCoupon
    | ExpireCoupons
    | CreditPromotion
    | ReversePromotion
    | ForfeitBonus
    | TransferFunds
    | CompleteRolling
    | CancelRolling
    | CreateDeposit
    | DeclineDeposit
    | ReverseDeposit
    | WriteOffDebt
    | RequestWithdrawal
    | ApproveWithdrawal
    | RejectWithdrawal
    | CancelWithdrawal
    | SubmitWithdrawal
    | ConfirmWithdrawal
    | FailWithdrawal
    | ReturnWithdrawal
    | SetAccountStatus
    | SetLimit
    | ConfirmLimitIncrease
    | ReplanAuthorization
    | DrainBucket
)

DECIDERS: Mapping[type[FurtherCommand], Decider] = {
    CashOutBet: decide_cash_out_bet,
    CreditWin: decide_credit_win,
    CloseRound: decide_close_round,
    PlayRound: decide_play_round,
    RollbackRound: decide_rollback_round,
    ReleaseSuspense: decide_release_suspense,
    GrantCoupon: decide_grant_coupon,
    RevokeCoupon: decide_revoke_coupon,
    ExpireCoupons: decide_expire_coupons,
    CreditPromotion: decide_credit_promotion,
    ReversePromotion: decide_reverse_promotion,
    ForfeitBonus: decide_forfeit_bonus,
    TransferFunds: decide_transfer_funds,
    CompleteRolling: decide_complete_rolling,
    CancelRolling: decide_cancel_rolling,
    CreateDeposit: decide_create_deposit,
    DeclineDeposit: decide_decline_deposit,
    ReverseDeposit: decide_reverse_deposit,
    WriteOffDebt: decide_write_off_debt,
    RequestWithdrawal: decide_request_withdrawal,
    ApproveWithdrawal: decide_approve_withdrawal,
    RejectWithdrawal: decide_reject_withdrawal,
    CancelWithdrawal: decide_cancel_withdrawal,
    SubmitWithdrawal: decide_submit_withdrawal,
    ConfirmWithdrawal: decide_confirm_withdrawal,
    FailWithdrawal: decide_fail_withdrawal,
    ReturnWithdrawal: decide_return_withdrawal,
    SetAccountStatus: decide_set_account_status,
    SetLimit: decide_set_limit,
    ConfirmLimitIncrease: decide_confirm_limit_increase,
    ReplanAuthorization: decide_replan_authorization,
    DrainBucket: decide_drain_bucket,
}


def decide(
    command: Command,
    ref: WalletRef,
    wallet: Wallet | None,
    configuration: Configuration,
    now: datetime,
) -> Decision:
    """Decides a command against a wallet as it is; none for one that is not open.

    Deciding reads no clock and draws no random number, so the same command against
    the same wallet and configuration is always decided the same.
    """
    if isinstance(command, OpenWallet):
        return decide_open_wallet(ref, wallet, configuration)
    if wallet is None:
        return WalletNotFound(ref.tenant_id, ref.player_id, ref.currency_code)
    match command:
        case AuthorizeBet():
            return decide_authorize_bet(command, wallet, configuration, now)
        case SettleBet():
            return decide_settle_bet(command, wallet, configuration, now)
        case UnsettleBet():
            return decide_unsettle_bet(command, wallet, configuration, now)
        case RollbackTransaction():
            return decide_rollback_transaction(command, wallet, configuration, now)
        case ApproveDeposit():
            return decide_approve_deposit(command, wallet, configuration, now)
        case AdjustBalance():
            return decide_adjust_balance(command, wallet, configuration, now)
        case _:
            return decide_further(command, wallet, configuration, now)


def decide_further(
    command: FurtherCommand, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    """Decides a command of a kind that comes less often, by its table."""
    return DECIDERS[type(command)](command, wallet, configuration, now)


def decide_open_wallet(
    ref: WalletRef, wallet: Wallet | None, configuration: Configuration
) -> Decision:
    """Opens a wallet in a currency that the topology has, unless it is open."""
    if wallet is not None:
        return Change(Outcome.ALREADY_APPLIED)
    if ref.currency_code not in configuration.topology.value.currencies:
        return CurrencyNotSupported(ref.currency_code)
    return Change(Outcome.APPLIED)
