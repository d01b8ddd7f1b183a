"""What callers may ask for. A command is a value, for one wallet.

Its `request_id`, wallet and correlation id are not part of it: they say who asks
and for what, not what is asked. Only where the rules care who asks, it names the actor. A new
field needs a default, so that commands recorded before it keep their fingerprint.
"""

from typing import TypeAlias, get_args

from wallet_server.core.commands.actor import NOBODY, Actor
from wallet_server.core.commands.amount import Amount
from wallet_server.core.commands.bets import (
    AuthorizeBet,
    CashOutBet,
    ReplanAuthorization,
    RollbackTransaction,
    SettleBet,
    UnsettleBet,
)
from wallet_server.core.commands.cashier import (
    AdjustBalance,
    ApproveDeposit,
    ApproveWithdrawal,
    CancelWithdrawal,
    ConfirmWithdrawal,
    CreateDeposit,
    DeclineDeposit,
    FailWithdrawal,
    OpenWallet,
    RejectWithdrawal,
    RequestWithdrawal,
    ReturnWithdrawal,
    ReverseDeposit,
    SubmitWithdrawal,
    WriteOffDebt,
)
from wallet_server.core.commands.coupons import ExpireCoupons, GrantCoupon, RevokeCoupon
from wallet_server.core.commands.draining import DrainBucket
from wallet_server.core.commands.players import ConfirmLimitIncrease, SetAccountStatus, SetLimit
from wallet_server.core.commands.promotions import CreditPromotion, ForfeitBonus, ReversePromotion
from wallet_server.core.commands.rolling import CancelRolling, CompleteRolling, TransferFunds
from wallet_server.core.commands.rounds import (
    CloseRound,
    CreditWin,
    PlayRound,
    ReleaseSuspense,
    RollbackRound,
    RoundBet,
    RoundWin,
)

WithdrawalCommand: TypeAlias = (
    RequestWithdrawal
    | ApproveWithdrawal
    | RejectWithdrawal
    | SubmitWithdrawal
    | ConfirmWithdrawal
    | FailWithdrawal
    | CancelWithdrawal
    | ReturnWithdrawal
)
"""Commands on a withdrawal, which each names by its id."""

Command: TypeAlias = (
    OpenWallet
    | CreateDeposit
    | ApproveDeposit
    | DeclineDeposit
    | ReverseDeposit
    | AdjustBalance
    | WriteOffDebt
    | AuthorizeBet
    | SettleBet
    | UnsettleBet
    | RollbackTransaction
    | CashOutBet
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
    | WithdrawalCommand
    | SetAccountStatus
    | SetLimit
    | ConfirmLimitIncrease
    | ReplanAuthorization
    | DrainBucket
)

COMMANDS: tuple[type[Command], ...] = get_args(Command)

JOB_COMMANDS: frozenset[type[Command]] = frozenset({DrainBucket})
"""Those that only jobs of the server submit, and no caller can."""

__all__ = [
    "COMMANDS",
    "JOB_COMMANDS",
    "NOBODY",
    "Actor",
    "AdjustBalance",
    "Amount",
    "ApproveDeposit",
    "ApproveWithdrawal",
    "AuthorizeBet",
    "CancelRolling",
    "CancelWithdrawal",
    "CashOutBet",
    "CloseRound",
    "Command",
    "CompleteRolling",
    "ConfirmLimitIncrease",
    "ConfirmWithdrawal",
    "CreateDeposit",
    "CreditPromotion",
    "CreditWin",
    "DeclineDeposit",
    "DrainBucket",
    "ExpireCoupons",
    "FailWithdrawal",
    "ForfeitBonus",
    "GrantCoupon",
    "OpenWallet",
    "PlayRound",
    "RejectWithdrawal",
    "ReleaseSuspense",
    "ReplanAuthorization",
    "RequestWithdrawal",
    "ReturnWithdrawal",
    "ReverseDeposit",
    "ReversePromotion",
    "RevokeCoupon",
    "RollbackRound",
    "RollbackTransaction",
    "RoundBet",
    "RoundWin",
    "SetAccountStatus",
    "SetLimit",
    "SettleBet",
    "SubmitWithdrawal",
    "TransferFunds",
    "UnsettleBet",
    "WithdrawalCommand",
    "WriteOffDebt",
]
