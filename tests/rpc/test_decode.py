"""Requests, as the commands they ask for."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from tests.rpc.batches import PLACES
from tests.rpc.requests import request_of
from wallet.v1 import coupon_pb2, player_pb2, promotion_pb2, rolling_pb2, win_kind_pb2
from wallet.v1 import wallet_commands_pb2 as pb
from wallet.v1.bet_pb2 import RESULT_KIND_VOID
from wallet.v1.bet_pb2 import BetContext as BetContextMessage
from wallet.v1.cashier_pb2 import REVERSAL_KIND_CHARGEBACK
from wallet.v1.money_pb2 import Money
from wallet.v1.wallet_pb2 import ACCOUNT_STATUS_SELF_EXCLUDED
from wallet.v1.wallet_pb2 import WalletRef as WalletRefMessage
from wallet_server.core.batch import Task
from wallet_server.core.bets.bet import ResultKind
from wallet_server.core.bets.context import BetContext
from wallet_server.core.cashier.deposit import ReversalKind
from wallet_server.core.commands import (
    COMMANDS,
    Actor,
    AdjustBalance,
    Amount,
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
    ExpireCoupons,
    FailWithdrawal,
    ForfeitBonus,
    GrantCoupon,
    OpenWallet,
    PlayRound,
    RejectWithdrawal,
    ReleaseSuspense,
    RequestWithdrawal,
    ReturnWithdrawal,
    ReverseDeposit,
    ReversePromotion,
    RevokeCoupon,
    RollbackRound,
    RollbackTransaction,
    RoundBet,
    RoundWin,
    SetAccountStatus,
    SetLimit,
    SettleBet,
    SubmitWithdrawal,
    TransferFunds,
    UnsettleBet,
    WriteOffDebt,
)
from wallet_server.core.coupons.grant import (
    CouponRestrictions,
    CouponTerms,
    UseMode,
    VoidBehavior,
)
from wallet_server.core.ids import BetKey, WalletRef
from wallet_server.core.players.limit import LimitKind, LimitPeriod
from wallet_server.core.players.status import AccountStatus
from wallet_server.core.promotions.promotion import PromotionKind, ReversalMode
from wallet_server.core.rolling.requirement import ReleaseMode, RollingTerms
from wallet_server.core.rounds.win_kind import WinKind
from wallet_server.execution.submission import Submission
from wallet_server.rpc.decode.values import submission, time
from wallet_server.rpc.kinds import KINDS, NAMING_ACTORS, command_of

WALLET = WalletRefMessage(tenant_id="demo", player_id="p1", currency_code="EUR")
REF = WalletRef("demo", "p1", "EUR")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
BET, CASH_OUT, WIN = BetKey("acme", "b1"), BetKey("acme", "c1"), BetKey("acme", "w1")
CONTEXT = BetContext("g", "s", "c", "t", legs=2, odds_milli=1_500)


def eur(minor_units: int) -> Money:
    return Money(asset_code="EUR", minor_units=minor_units)


CASES: list[tuple[Message, Command]] = [
    (
        pb.ApproveDepositRequest(deposit_id="d1", bucket="cash", amount=eur(5)),
        ApproveDeposit("d1", "cash", Amount("EUR", 5)),
    ),
    (
        pb.AdjustBalanceRequest(bucket="cash", amount=eur(-5), reason_code="GOODWILL", comment="why"),
        AdjustBalance("cash", Amount("EUR", -5), "GOODWILL", "why"),
    ),
    (
        pb.CreateDepositRequest(deposit_id="d1", bucket="cash", amount=eur(5), method="counter-1.a", withdrawal_id="w1"),
        CreateDeposit("d1", "cash", Amount("EUR", 5), "counter-1.a", "w1"),
    ),
    (
        pb.ApproveDepositRequest(deposit_id="d1", bucket="cash", amount=eur(5), method="card", withdrawal_id="w1"),
        ApproveDeposit("d1", "cash", Amount("EUR", 5), "card", "w1"),
    ),
    (pb.DeclineDepositRequest(deposit_id="d1", reason_code="BANK"), DeclineDeposit("d1", "BANK")),
    (pb.ReverseDepositRequest(deposit_id="d1", reversal_id="x1"), ReverseDeposit("d1", "x1")),
    (
        pb.ReverseDepositRequest(deposit_id="d1", reversal_id="x1", amount=eur(4), kind=REVERSAL_KIND_CHARGEBACK, reason_code="FRAUD"),
        ReverseDeposit("d1", "x1", Amount("EUR", 4), ReversalKind.CHARGEBACK, "FRAUD"),
    ),
    (
        pb.AdjustBalanceRequest(bucket="cash", amount=eur(5), reason_code="GOODWILL", adjustment_id="a1"),
        AdjustBalance("cash", Amount("EUR", 5), "GOODWILL", adjustment_id="a1"),
    ),
    (
        pb.WriteOffDebtRequest(adjustment_id="a1", amount=eur(5), reason_code="GOODWILL", comment="why"),
        WriteOffDebt("a1", Amount("EUR", 5), "GOODWILL", "why"),
    ),
    (pb.RequestWithdrawalRequest(withdrawal_id="w1", amount=eur(5)), RequestWithdrawal("w1", Amount("EUR", 5))),
    (
        pb.RequestWithdrawalRequest(withdrawal_id="w1", amount=eur(5), accept_forfeiture=True),
        RequestWithdrawal("w1", Amount("EUR", 5), accept_forfeiture=True),
    ),
    (pb.ApproveWithdrawalRequest(withdrawal_id="w1"), ApproveWithdrawal("w1")),
    (
        pb.RejectWithdrawalRequest(withdrawal_id="w1", reason_code="ABUSE", comment="why"),
        RejectWithdrawal("w1", "ABUSE", "why"),
    ),
    (pb.SubmitWithdrawalRequest(withdrawal_id="w1", payout_ref="p1"), SubmitWithdrawal("w1", "p1")),
    (pb.ConfirmWithdrawalRequest(withdrawal_id="w1"), ConfirmWithdrawal("w1")),
    (pb.ConfirmWithdrawalRequest(withdrawal_id="w1", paid=eur(4)), ConfirmWithdrawal("w1", Amount("EUR", 4))),
    (pb.FailWithdrawalRequest(withdrawal_id="w1", reason_code="BANK"), FailWithdrawal("w1", "BANK")),
    (pb.CancelWithdrawalRequest(withdrawal_id="w1"), CancelWithdrawal("w1")),
    (pb.ReturnWithdrawalRequest(withdrawal_id="w1", reason_code="BANK"), ReturnWithdrawal("w1", "BANK")),
    (
        pb.SetAccountStatusRequest(status=ACCOUNT_STATUS_SELF_EXCLUDED, reason_code="ASKED", comment="why"),
        SetAccountStatus(AccountStatus.SELF_EXCLUDED, "ASKED", "why"),
    ),
    (
        pb.SetLimitRequest(kind=player_pb2.LIMIT_KIND_LOSS, period=player_pb2.LIMIT_PERIOD_WEEK, amount=eur(0)),
        SetLimit(LimitKind.LOSS, LimitPeriod.WEEK, Amount("EUR", 0)),
    ),
    (
        pb.SetLimitRequest(kind=player_pb2.LIMIT_KIND_STAKE, period=player_pb2.LIMIT_PERIOD_BET),
        SetLimit(LimitKind.STAKE, LimitPeriod.BET, None),
    ),
    (
        pb.ConfirmLimitIncreaseRequest(kind=player_pb2.LIMIT_KIND_DEPOSIT, period=player_pb2.LIMIT_PERIOD_MONTH),
        ConfirmLimitIncrease(LimitKind.DEPOSIT, LimitPeriod.MONTH),
    ),
    (
        pb.AuthorizeBetRequest(provider_id="acme", bet_ref="b1", stake=eur(9), round_ref="r1", selected_source="CASH"),
        AuthorizeBet(BET, Amount("EUR", 9), "r1", "CASH"),
    ),
    (
        pb.SettleBetRequest(provider_id="acme", bet_ref="b1", result_version=2, payout=eur(0)),
        SettleBet(BET, 2, Amount("EUR", 0)),
    ),
    (
        pb.SettleBetRequest(provider_id="acme", bet_ref="b1", result_version=3, payout=eur(0), portion_ref="half", stake=eur(4), refund=eur(4), result_kind=RESULT_KIND_VOID),
        SettleBet(BET, 3, Amount("EUR", 0), "half", Amount("EUR", 4), Amount("EUR", 4), ResultKind.VOID),
    ),
    (
        pb.SettleBetRequest(provider_id="acme", bet_ref="b1", result_version=3, payout=eur(0), refund=Money(asset_code="EUR")),
        SettleBet(BET, 3, Amount("EUR", 0), refund=Amount("EUR", 0)),
    ),
    (
        pb.UnsettleBetRequest(provider_id="acme", bet_ref="b1", result_version=4, portion_refs=["", "half"]),
        UnsettleBet(BET, 4, ("", "half")),
    ),
    (
        pb.RollbackTransactionRequest(provider_id="acme", transaction_ref="b1"),
        RollbackTransaction(BET),
    ),
    (
        pb.RollbackTransactionRequest(provider_id="acme", transaction_ref="b1", amount=eur(9)),
        RollbackTransaction(BET, Amount("EUR", 9)),
    ),
    (
        pb.AuthorizeBetRequest(provider_id="acme", bet_ref="b1", stake=eur(0), coupon_grant_id="g1", free_round=True, context=BetContextMessage(game_id="g", sport="s", competition="c", bet_type="t", legs=2, odds_milli=1_500)),
        AuthorizeBet(BET, Amount("EUR", 0), coupon_grant_id="g1", free_round=True, context=CONTEXT),
    ),
    (
        pb.CashOutBetRequest(provider_id="acme", bet_ref="b1", cash_out_ref="c1", payout=eur(5)),
        CashOutBet(BET, CASH_OUT, Amount("EUR", 5)),
    ),
    (
        pb.CashOutBetRequest(provider_id="acme", bet_ref="b1", cash_out_ref="c1", payout=eur(5), stake=eur(4)),
        CashOutBet(BET, CASH_OUT, Amount("EUR", 5), Amount("EUR", 4)),
    ),
    (
        pb.CreditWinRequest(provider_id="acme", win_ref="w1", amount=eur(5)),
        CreditWin(WIN, Amount("EUR", 5)),
    ),
    (
        pb.CreditWinRequest(provider_id="acme", win_ref="w1", amount=eur(5), kind=win_kind_pb2.WIN_KIND_JACKPOT, round_ref="r1", bet_ref="b1", pool="mega", summary=True),
        CreditWin(WIN, Amount("EUR", 5), WinKind.JACKPOT, "r1", "b1", "mega", summary=True),
    ),
    (
        pb.CloseRoundRequest(provider_id="acme", round_ref="r1"),
        CloseRound("acme", "r1"),
    ),
    (
        pb.PlayRoundRequest(provider_id="acme", round_ref="r1"),
        PlayRound("acme", "r1"),
    ),
    (
        pb.PlayRoundRequest(
            provider_id="acme",
            round_ref="r1",
            bets=[pb.RoundBet(bet_ref="b1", stake=eur(4)), pb.RoundBet(bet_ref="b2", stake=eur(0), selected_source="CASH", coupon_grant_id="g1", free_round=True)],
            wins=[pb.RoundWin(win_ref="w1", amount=eur(5)), pb.RoundWin(win_ref="w2", amount=eur(6), kind=win_kind_pb2.WIN_KIND_JACKPOT, pool="mega")],
            keep_open=True,
            context=BetContextMessage(game_id="g"),
        ),
        PlayRound(
            "acme",
            "r1",
            (RoundBet("b1", Amount("EUR", 4)), RoundBet("b2", Amount("EUR", 0), "CASH", "g1", free_round=True)),
            (RoundWin("w1", Amount("EUR", 5)), RoundWin("w2", Amount("EUR", 6), WinKind.JACKPOT, "mega")),
            close=False,
            context=BetContext(game_id="g"),
        ),
    ),
    (
        pb.RollbackRoundRequest(provider_id="acme", round_ref="r1", transaction_refs=["b1", "w1"]),
        RollbackRound("acme", "r1", ("b1", "w1")),
    ),
    (
        pb.ReleaseSuspenseRequest(provider_id="acme", win_ref="w1", decision=pb.SUSPENSE_DECISION_CREDIT, reason_code="LATE", comment="why"),
        ReleaseSuspense(WIN, credit=True, reason_code="LATE", comment="why"),
    ),
    (
        pb.ReleaseSuspenseRequest(provider_id="acme", win_ref="w1", decision=pb.SUSPENSE_DECISION_RETURN, reason_code="LATE"),
        ReleaseSuspense(WIN, credit=False, reason_code="LATE"),
    ),
    (
        pb.GrantCouponRequest(grant_id="g1", amount=eur(9), valid_until_time=Timestamp(seconds=60), terms=coupon_pb2.CouponTerms(profit_target="cash")),
        GrantCoupon("g1", Amount("EUR", 9), EPOCH + timedelta(minutes=1), CouponTerms("cash")),
    ),
    (
        pb.GrantCouponRequest(
            grant_id="g1",
            amount=eur(9),
            valid_from_time=Timestamp(seconds=0),
            valid_until_time=Timestamp(seconds=60, nanos=1_999),
            terms=coupon_pb2.CouponTerms(
                profit_target="cash",
                stake_target="bonus",
                profit_cap=0,
                use_mode=coupon_pb2.COUPON_USE_MODE_REQUIRE_FULL,
                void_behavior=coupon_pb2.VOID_BEHAVIOR_CONSUME,
                cash_out_allowed=True,
                uses_max=2,
                restrictions=coupon_pb2.CouponRestrictions(
                    provider_types=["SPORTS"], provider_ids=["acme"], game_ids=["g"], sports=["s"], competitions=["c"], bet_types=["t"],
                    legs_min=1, legs_max=2, odds_milli_min=1_001, odds_milli_max=1_002, stake_min=3, stake_max=4,
                ),
            ),
            qualifying_provider_types=["SLOTS", "LIVE"],
        ),
        GrantCoupon(
            "g1",
            Amount("EUR", 9),
            EPOCH + timedelta(minutes=1, microseconds=1),
            CouponTerms(
                "cash", "bonus", 0, UseMode.REQUIRE_FULL, VoidBehavior.CONSUME, cash_out_allowed=True, uses_max=2,
                restrictions=CouponRestrictions(("SPORTS",), ("acme",), ("g",), ("s",), ("c",), ("t",), 1, 2, 1_001, 1_002, 3, 4),
            ),
            EPOCH,
            ("SLOTS", "LIVE"),
        ),
    ),
    (
        pb.RevokeCouponRequest(grant_id="g1", reason_code="ABUSE", forfeit=True),
        RevokeCoupon("g1", "ABUSE", forfeit=True),
    ),
    (pb.ExpireCouponsRequest(), ExpireCoupons()),
    (pb.ExpireCouponsRequest(grant_id="g1"), ExpireCoupons("g1")),
    (
        pb.CreditPromotionRequest(promotion_id="p1", bucket="bonus", amount=eur(9)),
        CreditPromotion("p1", "bonus", Amount("EUR", 9)),
    ),
    (
        pb.CreditPromotionRequest(
            promotion_id="p1",
            bucket="bonus",
            amount=eur(9),
            kind=promotion_pb2.PROMOTION_KIND_LOSSBACK,
            rolling=rolling_pb2.RollingTerms(multiplier_bp=50_000, release_target="cash", conversion_cap=0, release_mode=rolling_pb2.RELEASE_MODE_AUTOMATIC, group_wide=True, provider_types=["SLOTS"], expires_after_seconds=7),
            qualifying_provider_types=["SLOTS", "LIVE"],
        ),
        CreditPromotion(
            "p1",
            "bonus",
            Amount("EUR", 9),
            PromotionKind.LOSSBACK,
            RollingTerms(50_000, "cash", 0, ReleaseMode.AUTOMATIC, group_wide=True, provider_types=("SLOTS",), expires_after_seconds=7),
            ("SLOTS", "LIVE"),
        ),
    ),
    (pb.ReversePromotionRequest(promotion_id="p1"), ReversePromotion("p1")),
    (
        pb.ReversePromotionRequest(promotion_id="p1", mode=promotion_pb2.REVERSAL_MODE_DEBT, reason_code="FRAUD"),
        ReversePromotion("p1", ReversalMode.DEBT, "FRAUD"),
    ),
    (pb.ForfeitBonusRequest(bucket="bonus", reason_code="ASKED"), ForfeitBonus("bonus", "ASKED")),
    (
        pb.TransferFundsRequest(source="points", target="cash", amount=Money(asset_code="PTS", minor_units=100)),
        TransferFunds("points", "cash", Amount("PTS", 100)),
    ),
    (pb.CompleteRollingRequest(requirement_id="q1", revision=3), CompleteRolling("q1", 3)),
    (
        pb.CancelRollingRequest(requirement_id="q1", revision=3, forfeit=True, reason_code="ASKED"),
        CancelRolling("q1", 3, forfeit=True, reason_code="ASKED"),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("request_", "command"), CASES)
def test_a_request_is_the_command_it_asks_for(request_: Message, command: Command) -> None:
    kind = KINDS[PLACES[request_.DESCRIPTOR.full_name]]

    assert kind.decode(request_) == command
    assert kind.command is type(command)


def test_who_asks_becomes_part_of_the_commands_that_care_and_of_no_other() -> None:
    maria = Actor("maria", ("manager",), "p9")

    caring = set[str]()
    for request, command in CASES:
        name = PLACES[request.DESCRIPTOR.full_name]
        asked = command_of(name, request, maria)
        assert asked == (replace(command, actor=maria) if name in NAMING_ACTORS else command)
        caring |= {type(command).__name__} if asked != command else set()

    assert caring == {
        "AdjustBalance",
        "WriteOffDebt",
        "RequestWithdrawal",
        "ApproveWithdrawal",
        "RejectWithdrawal",
        "SetAccountStatus",
        "SetLimit",
        "ConfirmLimitIncrease",
    }


def test_a_submission_says_who_asks_of_which_wallet_and_until_when() -> None:
    request = pb.OpenWalletRequest(request_id="r1", wallet=WALLET, correlation_id="c1")

    decoded = submission(request, OpenWallet(), deadline_seconds=12.5)

    assert decoded == Submission(
        WalletRef("demo", "p1", "EUR"), "r1", OpenWallet(), "c1", deadline_seconds=12.5
    )


@pytest.mark.parametrize("command", [command for _, command in CASES])
def test_the_request_that_is_made_of_a_command_asks_for_it(command: Command) -> None:
    request = request_of(Task(REF, "r1", command, "c1"), "demo")
    kind = KINDS[PLACES[request.DESCRIPTOR.full_name]]

    assert kind.decode(request) == command


def test_every_kind_of_command_is_decoded() -> None:
    assert {kind.command for kind in KINDS.values()} == {*COMMANDS}


@pytest.mark.parametrize(
    ("seconds", "nanos", "expected"),
    [
        (0, 0, EPOCH),
        (60, 1_999, EPOCH + timedelta(minutes=1, microseconds=1)),
        (0, -1, EPOCH - timedelta(microseconds=1)),
        (253_370_764_799, 999_999_999, datetime(9998, 12, 31, 23, 59, 59, 999_999, UTC)),
    ],
)
def test_a_time_is_rounded_down_to_the_microsecond(
    seconds: int, nanos: int, expected: datetime
) -> None:
    assert time(Timestamp(seconds=seconds, nanos=nanos)) == expected
