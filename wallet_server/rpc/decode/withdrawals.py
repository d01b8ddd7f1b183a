"""Requests about withdrawals. Who asks is not in them, and comes to the command later."""

from wallet.v1 import wallet_commands_pb2 as pb
from wallet_server.core.commands import (
    ApproveWithdrawal,
    CancelWithdrawal,
    ConfirmWithdrawal,
    FailWithdrawal,
    RejectWithdrawal,
    RequestWithdrawal,
    ReturnWithdrawal,
    SubmitWithdrawal,
)
from wallet_server.rpc.decode.values import amount


def request_withdrawal(request: pb.RequestWithdrawalRequest) -> RequestWithdrawal:
    """Decodes `RequestWithdrawal`."""
    return RequestWithdrawal(
        request.withdrawal_id, amount(request.amount), request.accept_forfeiture
    )


def approve_withdrawal(request: pb.ApproveWithdrawalRequest) -> ApproveWithdrawal:
    """Decodes `ApproveWithdrawal`. That time approves nobody can say but the server itself."""
    return ApproveWithdrawal(request.withdrawal_id)


def reject_withdrawal(request: pb.RejectWithdrawalRequest) -> RejectWithdrawal:
    """Decodes `RejectWithdrawal`."""
    return RejectWithdrawal(request.withdrawal_id, request.reason_code, request.comment)


def submit_withdrawal(request: pb.SubmitWithdrawalRequest) -> SubmitWithdrawal:
    """Decodes `SubmitWithdrawal`."""
    return SubmitWithdrawal(request.withdrawal_id, request.payout_ref)


def confirm_withdrawal(request: pb.ConfirmWithdrawalRequest) -> ConfirmWithdrawal:
    """Decodes `ConfirmWithdrawal`."""
    paid = amount(request.paid) if request.HasField("paid") else None
    return ConfirmWithdrawal(request.withdrawal_id, paid)


def fail_withdrawal(request: pb.FailWithdrawalRequest) -> FailWithdrawal:
    """Decodes `FailWithdrawal`."""
    return FailWithdrawal(request.withdrawal_id, request.reason_code)


def cancel_withdrawal(request: pb.CancelWithdrawalRequest) -> CancelWithdrawal:
    """Decodes `CancelWithdrawal`."""
    return CancelWithdrawal(request.withdrawal_id)


def return_withdrawal(request: pb.ReturnWithdrawalRequest) -> ReturnWithdrawal:
    """Decodes `ReturnWithdrawal`."""
    return ReturnWithdrawal(request.withdrawal_id, request.reason_code)
