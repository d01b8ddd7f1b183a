"""Requests of the cashier and on players, and the commands they ask for."""

from google.protobuf.message import Message

from tests.rpc.bets import eur
from wallet.v1 import player_pb2
from wallet.v1 import wallet_commands_pb2 as pb
from wallet.v1.cashier_pb2 import REVERSAL_KIND_CHARGEBACK
from wallet.v1.wallet_pb2 import ACCOUNT_STATUS_SELF_EXCLUDED
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
    DeclineDeposit,
    FailWithdrawal,
    RejectWithdrawal,
    RequestWithdrawal,
    ReturnWithdrawal,
    ReverseDeposit,
    SetAccountStatus,
    SetLimit,
    SubmitWithdrawal,
    WriteOffDebt,
)
from wallet_server.core.players.limit import LimitKind, LimitPeriod
from wallet_server.core.players.status import AccountStatus

CASHIER: list[tuple[Message, Command]] = [
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
]  # fmt: skip
