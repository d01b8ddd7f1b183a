"""Deposits, withdrawals and adjustments."""

from wallet.v1 import cashier_pb2 as pb
from wallet_server.core.cashier.adjustment import Adjustment, AdjustmentKind, AdjustmentState
from wallet_server.core.cashier.deposit import Deposit, DepositState, Reversal, ReversalKind
from wallet_server.core.cashier.withdrawal import (
    Forfeit,
    HoldLine,
    QueueReason,
    ReviewQueue,
    Withdrawal,
    WithdrawalState,
)
from wallet_server.rpc.encode.values import money, numbers, timestamp

DEPOSIT_STATES = numbers(DepositState, pb.DepositState, prefix="DEPOSIT_STATE")
REVERSAL_KINDS = numbers(ReversalKind, pb.ReversalKind, prefix="REVERSAL_KIND")
WITHDRAWAL_STATES = numbers(WithdrawalState, pb.WithdrawalState, prefix="WITHDRAWAL_STATE")
QUEUES = numbers(ReviewQueue, pb.ReviewQueue, prefix="REVIEW_QUEUE")
QUEUE_REASONS = numbers(QueueReason, pb.QueueReason, prefix="QUEUE_REASON")
ADJUSTMENT_STATES = numbers(AdjustmentState, pb.AdjustmentState, prefix="ADJUSTMENT_STATE")
ADJUSTMENT_KINDS = numbers(AdjustmentKind, pb.AdjustmentKind, prefix="ADJUSTMENT_KIND")


def encode_deposit(deposit: Deposit) -> pb.Deposit:
    """Encodes a deposit as it is."""
    asset_code, approved, expires = deposit.asset_code, deposit.approve_time, deposit.expire_time
    return pb.Deposit(
        deposit_id=deposit.deposit_id,
        state=DEPOSIT_STATES[deposit.state],
        bucket=deposit.bucket,
        amount=money(deposit.amount, asset_code),
        method=deposit.method,
        withdrawal_id=deposit.withdrawal_id,
        create_time=timestamp(deposit.create_time),
        approve_time=timestamp(approved) if approved else None,
        expire_time=timestamp(expires) if expires else None,
        suspended=deposit.suspended,
        reversals=[encode_reversal(each, asset_code) for each in deposit.reversals],
        reversed=money(deposit.reversed, asset_code),
        reason_code=deposit.reason_code,
        requirement_id=deposit.requirement_id,
        sequence=deposit.sequence,
        revision=deposit.revision,
        approve_sequence=deposit.approve_sequence,
        announced_bucket=deposit.announced_bucket,
    )


def encode_reversal(reversal: Reversal, asset_code: str) -> pb.Reversal:
    """Encodes a part of a deposit that was taken back."""
    return pb.Reversal(
        reversal_id=reversal.reversal_id,
        amount=money(reversal.amount, asset_code),
        kind=REVERSAL_KINDS[reversal.kind],
        debt=money(reversal.debt, asset_code),
        reason_code=reversal.reason_code,
        sequence=reversal.sequence,
    )


def encode_withdrawal(withdrawal: Withdrawal) -> pb.Withdrawal:
    """Encodes a withdrawal as it is."""
    asset_code, reason = withdrawal.asset_code, withdrawal.queue_reason
    review_time = withdrawal.review_time
    return pb.Withdrawal(
        withdrawal_id=withdrawal.withdrawal_id,
        state=WITHDRAWAL_STATES[withdrawal.state],
        amount=money(withdrawal.amount, asset_code),
        lines=[encode_line(each, asset_code) for each in withdrawal.lines],
        forfeits=[encode_forfeit(each, asset_code) for each in withdrawal.forfeits],
        requester=withdrawal.requester,
        queue=QUEUES[withdrawal.queue],
        queue_reason=QUEUE_REASONS[reason] if reason else pb.QUEUE_REASON_UNSPECIFIED,
        review_time=timestamp(review_time) if review_time else None,
        approvals=[
            pb.Approval(actor=each.actor, approve_time=timestamp(each.approve_time))
            for each in withdrawal.approvals
        ],
        approvals_needed=withdrawal.approvals_needed,
        automatic=withdrawal.automatic,
        payout_ref=withdrawal.payout_ref,
        paid=money(withdrawal.paid, asset_code),
        reason_code=withdrawal.reason_code,
        deposit_id=withdrawal.deposit_id,
        create_time=timestamp(withdrawal.create_time),
        sequence=withdrawal.sequence,
        revision=withdrawal.revision,
        accept_forfeiture=withdrawal.accept_forfeiture,
        end_sequence=withdrawal.end_sequence,
        forfeited=money(withdrawal.forfeited, asset_code),
    )


def encode_line(line: HoldLine, asset_code: str) -> pb.HoldLine:
    """Encodes what one bucket gave."""
    return pb.HoldLine(bucket=line.bucket, amount=money(line.amount, asset_code))


def encode_forfeit(forfeit: Forfeit, asset_code: str) -> pb.Forfeit:
    """Encodes bonus money that is given up."""
    return pb.Forfeit(
        bucket=forfeit.bucket,
        amount=money(forfeit.amount, asset_code),
        requirement_ids=forfeit.requirement_ids,
    )


def encode_adjustment(adjustment: Adjustment) -> pb.Adjustment:
    """Encodes an adjustment as it is."""
    return pb.Adjustment(
        adjustment_id=adjustment.adjustment_id,
        kind=ADJUSTMENT_KINDS[adjustment.kind],
        state=ADJUSTMENT_STATES[adjustment.state],
        bucket=adjustment.bucket,
        amount=money(adjustment.amount, adjustment.asset_code),
        reason_code=adjustment.reason_code,
        comment=adjustment.comment,
        author=adjustment.author,
        approver=adjustment.approver,
        create_time=timestamp(adjustment.create_time),
        sequence=adjustment.sequence,
        revision=adjustment.revision,
        apply_sequence=adjustment.apply_sequence,
        provider_id=adjustment.provider_id,
        bet_ref=adjustment.bet_ref,
        successor=adjustment.successor,
    )
