"""The part of a wallet's life in which money comes in, goes out and is put right."""

from dataclasses import replace

from wallet_server.core.cashier.deposit import ReversalKind
from wallet_server.core.commands import (
    AdjustBalance,
    Amount,
    ApproveDeposit,
    ApproveWithdrawal,
    CancelWithdrawal,
    Command,
    ConfirmLimitIncrease,
    ConfirmWithdrawal,
    CreateDeposit,
    CreditPromotion,
    DeclineDeposit,
    FailWithdrawal,
    RejectWithdrawal,
    RequestWithdrawal,
    ReturnWithdrawal,
    ReverseDeposit,
    ReversePromotion,
    SetAccountStatus,
    SetLimit,
    SubmitWithdrawal,
    WriteOffDebt,
)
from wallet_server.core.commands.actor import Actor
from wallet_server.core.config.wallet_policy import (
    AdjustmentRules,
    ApprovalLevel,
    AutoApproval,
    BonusOnWithdrawal,
    CurrencyRate,
    DepositRules,
    LimitRules,
    WalletPolicy,
    WithdrawalRules,
)
from wallet_server.core.players.limit import LimitKind, LimitPeriod
from wallet_server.core.players.status import AccountStatus
from wallet_server.core.promotions.promotion import ReversalMode
from wallet_server.core.rolling.requirement import RollingTerms

DAY_SECONDS = 24 * 3600
CLERK, BOSS = Actor("clerk"), Actor("boss")
PTS_60 = Amount("PTS", 60)


def with_cashier(policy: WalletPolicy) -> WalletPolicy:
    """Returns a wallet policy with every rule of the cashier that the story needs."""
    return replace(
        policy,
        deposits=DepositRules(("COUNTER",), 2 * DAY_SECONDS, recycles_payouts=True),
        withdrawals=WithdrawalRules(
            pending_max=10,
            bonus=BonusOnWithdrawal.FORFEIT_BONUS,
            approval_levels=(ApprovalLevel(4_000, approvals=2),),
            auto_approval=AutoApproval(request_max=1_000, window_max=5_000),
        ),
        adjustments=AdjustmentRules(four_eyes_from=150_000_000),
        limits=LimitRules(rates=(CurrencyRate("EUR", 1), CurrencyRate("USD", 1))),
    )


def eur(minor_units: int) -> Amount:
    """Returns an amount of money."""
    return Amount("EUR", minor_units)


def request(withdrawal_id: str, minor_units: int, *, consents: bool = False) -> RequestWithdrawal:
    """Has the player ask for a withdrawal."""
    return RequestWithdrawal(withdrawal_id, eur(minor_units), consents, Actor("somebody"))


def pay_out(withdrawal_id: str) -> list[Command]:
    """Approves a withdrawal and hands it to the payment provider."""
    return [ApproveWithdrawal(withdrawal_id, actor=CLERK), SubmitWithdrawal(withdrawal_id)]


def limit(kind: LimitKind, period: LimitPeriod, minor_units: int) -> SetLimit:
    """Limits what the player does."""
    return SetLimit(kind, period, eur(minor_units))


MONEY_IN: list[Command] = [
    limit(LimitKind.DEPOSIT, LimitPeriod.DAY, 1_000_000),
    limit(LimitKind.DEPOSIT, LimitPeriod.DAY, 2_000_000),  # Waits to be confirmed.
    ConfirmLimitIncrease(LimitKind.DEPOSIT, LimitPeriod.DAY),  # Refused: too early.
    limit(LimitKind.LOSS, LimitPeriod.WEEK, 3_000_000),
    limit(LimitKind.LOSS, LimitPeriod.WEEK, 4_000_000),  # Will lapse.
    CreateDeposit("announced", "sports_normal", eur(1_000)),
    ApproveDeposit("announced", "casino_normal", eur(1_000)),
    CreateDeposit("at-counter", "sports_normal", eur(500), method="COUNTER"),
    CreateDeposit("declined", "sports_normal", eur(300)),
    DeclineDeposit("declined", "TEST"),
    CreateDeposit("expires", "sports_normal", eur(400)),
    SetAccountStatus(AccountStatus.FROZEN, "TEST", actor=CLERK),
    ApproveDeposit("parked", "sports_normal", eur(700)),
    ApproveDeposit("sent-back", "sports_normal", eur(600)),
    ApproveDeposit("left", "sports_normal", eur(110)),
    SetAccountStatus(AccountStatus.ACTIVE, "TEST", actor=CLERK),
    ApproveDeposit("parked", "sports_normal", eur(700)),
    DeclineDeposit("sent-back"),
    ReverseDeposit("announced", "mistake", eur(400)),
    ReverseDeposit("at-counter", "half", eur(200)),
    ReverseDeposit("at-counter", "rest", kind=ReversalKind.CHARGEBACK),
    AdjustBalance("withdrawable", eur(200_000_000), "TEST", adjustment_id="large", actor=CLERK),
    AdjustBalance("withdrawable", eur(200_000_000), "TEST", adjustment_id="large", actor=BOSS),
    AdjustBalance("withdrawable", eur(-150_000_000), "TEST", adjustment_id="waits", actor=CLERK),
    AdjustBalance("withdrawable", eur(90), "TEST", adjustment_id="small"),
    WriteOffDebt("forgiven", PTS_60, "TEST", actor=CLERK),
]
"""After this the wallet owes no points, and 200,000,090 are free to leave."""

MONEY_OUT: list[Command] = [
    ConfirmLimitIncrease(LimitKind.DEPOSIT, LimitPeriod.DAY),
    CreditPromotion("ended", "sports_bonus", eur(250), rolling=RollingTerms(10_000)),
    request("refused", 3_000),  # It would end the bonus.
    request("rejected", 3_000, consents=True),
    RejectWithdrawal("rejected", "TEST", actor=CLERK),  # The bonus is back.
    request("paid", 5_000, consents=True),
    ApproveWithdrawal("paid", actor=CLERK),
    ApproveWithdrawal("paid", actor=BOSS),
    SubmitWithdrawal("paid", "payout-1"),
    ConfirmWithdrawal("paid"),  # The bonus is gone for good.
    request("partly", 2_000),
    *pay_out("partly"),
    ConfirmWithdrawal("partly", eur(1_500)),
    request("failed", 1_200),
    *pay_out("failed"),
    FailWithdrawal("failed", "TEST"),
    request("cancelled", 1_100),
    CancelWithdrawal("cancelled"),
    request("returned", 1_300),
    *pay_out("returned"),
    ConfirmWithdrawal("returned"),
    ReturnWithdrawal("returned", "TEST"),
    request("came-back", 1_400),
    *pay_out("came-back"),
    ConfirmWithdrawal("came-back"),
    ApproveDeposit("anew", "sports_normal", eur(1_400), withdrawal_id="came-back"),
    request("turned-round", 1_600),
    *pay_out("turned-round"),
    CreateDeposit("on-its-way", "sports_normal", eur(1_600), withdrawal_id="turned-round"),
    ApproveDeposit("on-its-way", "sports_normal", eur(1_600)),
    request("waits", 1_700),
    WriteOffDebt("all-forgiven", eur(6_080), "TEST", actor=CLERK),
    request("by-time", 600),
    DeclineDeposit("expires", expired=True),
]

LATER_STILL: list[Command] = [
    ApproveWithdrawal("by-time", automatic=True),
    ConfirmLimitIncrease(LimitKind.LOSS, LimitPeriod.WEEK, lapsed=True),
    AdjustBalance("withdrawable", eur(-100_000_000), "TEST"),
    AdjustBalance("withdrawable", eur(-99_988_290), "TEST"),
    AdjustBalance("casino_normal", eur(-4_040), "TEST"),
    AdjustBalance("sports_normal", eur(-51_930), "TEST"),  # Leaves 1,000, and nothing elsewhere.
    ReverseDeposit("deposit", "charged-back", kind=ReversalKind.CHARGEBACK),
    AdjustBalance("sports_normal", eur(700), "TEST"),
    CreditPromotion("spent-again", "points", PTS_60),
    AdjustBalance("points", Amount("PTS", -60), "TEST"),
    ReversePromotion("spent-again", ReversalMode.DEBT),
]
