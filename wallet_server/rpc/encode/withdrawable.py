"""What may be withdrawn, and why no more."""

from wallet.v1 import cashier_pb2
from wallet.v1 import wallet_queries_pb2 as pb
from wallet_server.core.cashier.explain_withdrawal import WithdrawalExplanation
from wallet_server.core.cashier.withdrawable import LockReason, WithdrawablePart
from wallet_server.core.cashier.withdrawal import Withdrawal
from wallet_server.rpc.encode.cashier import QUEUES, encode_forfeit, encode_line
from wallet_server.rpc.encode.refusals import encode_refusal
from wallet_server.rpc.encode.values import money, numbers

LOCK_REASONS = numbers(LockReason, cashier_pb2.LockReason, prefix="LOCK_REASON")


def lock_reason(part: WithdrawablePart) -> cashier_pb2.LockReason.ValueType:
    """Encodes why a bucket's money may not be withdrawn, if it may not."""
    if part.reason is None:
        return cashier_pb2.LOCK_REASON_UNSPECIFIED
    return LOCK_REASONS[part.reason]


def encode_withdrawable(
    explanation: WithdrawalExplanation, currency_code: str
) -> pb.GetWithdrawableResponse:
    """Encodes what may be withdrawn, and what would become of a request for it."""
    response = pb.GetWithdrawableResponse(
        withdrawable=money(explanation.money.total, currency_code),
        buckets=[encode_part(each, currency_code) for each in explanation.money.parts],
        sequence=explanation.sequence,
    )
    if explanation.refusal is not None:
        response.refusal.CopyFrom(encode_refusal(explanation.refusal))
    if explanation.withdrawal is not None:
        fill_request(response, explanation.withdrawal, currency_code)
    return response


def fill_request(
    response: pb.GetWithdrawableResponse, withdrawal: Withdrawal, currency_code: str
) -> None:
    """Writes what would become of a request that is accepted."""
    response.lines.extend(encode_line(each, currency_code) for each in withdrawal.lines)
    response.forfeits.extend(encode_forfeit(each, currency_code) for each in withdrawal.forfeits)
    response.queue = QUEUES[withdrawal.queue]
    response.approvals_needed = withdrawal.approvals_needed


def encode_part(part: WithdrawablePart, currency_code: str) -> pb.WithdrawableBucket:
    """Encodes what may be withdrawn from a bucket."""
    is_rolling = part.reason is LockReason.ROLLING_OPEN
    return pb.WithdrawableBucket(
        bucket=part.bucket,
        balance=money(part.held, currency_code),
        withdrawable=money(part.withdrawable, currency_code),
        locked=money(part.locked, currency_code),
        lock_reason=lock_reason(part),
        rolling_remaining=money(part.remaining, currency_code) if is_rolling else None,
    )
