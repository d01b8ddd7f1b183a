"""Deposits, withdrawals, adjustments and limits with something in every field."""

from datetime import timedelta

from tests.rpc.values import TIME
from wallet_server.core.cashier.adjustment import Adjustment, AdjustmentKind, AdjustmentState
from wallet_server.core.cashier.deposit import Deposit, DepositState, Reversal, ReversalKind
from wallet_server.core.cashier.withdrawal import (
    Approval,
    Forfeit,
    HoldLine,
    QueueReason,
    ReviewQueue,
    Withdrawal,
    WithdrawalState,
)
from wallet_server.core.players.limit import LimitKind, LimitPeriod, PendingLimit
from wallet_server.core.players.limit_views import LimitView

LATER = TIME + timedelta(hours=2)

DEPOSIT = Deposit(
    deposit_id="d1",
    state=DepositState.PARTIALLY_REVERSED,
    bucket="cash",
    asset_code="EUR",
    amount=100,
    sequence=4,
    create_time=TIME,
    method="card",
    withdrawal_id="w0",
    approve_time=LATER,
    approve_sequence=5,
    expire_time=LATER,
    suspended=True,
    reversals=(
        Reversal("x1", 30, ReversalKind.REVERSAL, sequence=6, reason_code="MISTAKE"),
        Reversal("x2", 20, ReversalKind.CHARGEBACK, debt=7, sequence=8, reason_code="FRAUD"),
    ),
    reason_code="BANK",
    requirement_id="DEPOSIT:d1",
    revision=4,
    announced_bucket="points",
)
WITHDRAWAL = Withdrawal(
    withdrawal_id="w1",
    state=WithdrawalState.PENDING_REVIEW,
    amount=100,
    asset_code="EUR",
    lines=(HoldLine("win", 60), HoldLine("cash", 40)),
    sequence=6,
    create_time=TIME,
    requester="ann",
    accept_forfeiture=True,
    forfeits=(Forfeit("bonus", 25, ("PROMOTION:p1",)),),
    forfeited=26,
    queue=ReviewQueue.MANUAL,
    queue_reason=QueueReason.WINDOW_EXCEEDED,
    review_time=LATER,
    approvals=(Approval("maria", LATER),),
    approvals_needed=2,
    automatic=True,
    payout_ref="out-1",
    paid=90,
    reason_code="BANK",
    deposit_id="d2",
    end_sequence=9,
    revision=3,
)
ADJUSTMENT = Adjustment(
    adjustment_id="a1",
    kind=AdjustmentKind.BALANCE,
    state=AdjustmentState.APPLIED,
    asset_code="EUR",
    amount=-5_000,
    reason_code="MISTAKE",
    sequence=7,
    create_time=TIME,
    bucket="cash",
    comment="twice credited",
    author="maria",
    approver="omar",
    revision=2,
    apply_sequence=8,
    provider_id="acme",
    bet_ref="b1",
    successor="spare",
)
LIMIT = LimitView(
    kind=LimitKind.LOSS,
    period=LimitPeriod.WEEK,
    amount=100,
    currency_code="EUR",
    used=70,
    remaining=30,
    set_time=TIME,
    pending=PendingLimit(500, "EUR", LATER, LATER + timedelta(days=7)),
)
