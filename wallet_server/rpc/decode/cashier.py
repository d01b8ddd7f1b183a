"""Requests to open a wallet, on deposits, and on what operators put right.

Who asks is not in a request, and comes to the command later.
"""

from wallet.v1 import cashier_pb2
from wallet.v1 import wallet_commands_pb2 as pb
from wallet_server.core.cashier.deposit import ReversalKind
from wallet_server.core.commands import (
    AdjustBalance,
    ApproveDeposit,
    CreateDeposit,
    DeclineDeposit,
    OpenWallet,
    ReverseDeposit,
    WriteOffDebt,
)
from wallet_server.rpc.decode.values import amount, values_by_number

REVERSAL_KINDS = values_by_number(ReversalKind, cashier_pb2.ReversalKind, prefix="REVERSAL_KIND")


def open_wallet(_request: pb.OpenWalletRequest) -> OpenWallet:
    """Decodes `OpenWallet`. It says no more than which wallet."""
    return OpenWallet()


def create_deposit(request: pb.CreateDepositRequest) -> CreateDeposit:
    """Decodes `CreateDeposit`."""
    return CreateDeposit(
        request.deposit_id,
        request.bucket,
        amount(request.amount),
        request.method,
        request.withdrawal_id,
    )


def approve_deposit(request: pb.ApproveDepositRequest) -> ApproveDeposit:
    """Decodes `ApproveDeposit`."""
    return ApproveDeposit(
        request.deposit_id,
        request.bucket,
        amount(request.amount),
        request.method,
        request.withdrawal_id,
    )


def decline_deposit(request: pb.DeclineDepositRequest) -> DeclineDeposit:
    """Decodes `DeclineDeposit`. That it has expired nobody can say but the server itself."""
    return DeclineDeposit(request.deposit_id, request.reason_code)


def reverse_deposit(request: pb.ReverseDepositRequest) -> ReverseDeposit:
    """Decodes `ReverseDeposit`."""
    return ReverseDeposit(
        deposit_id=request.deposit_id,
        reversal_id=request.reversal_id,
        amount=amount(request.amount) if request.HasField("amount") else None,
        kind=REVERSAL_KINDS.get(request.kind, ReversalKind.REVERSAL),
        reason_code=request.reason_code,
    )


def adjust_balance(request: pb.AdjustBalanceRequest) -> AdjustBalance:
    """Decodes `AdjustBalance`."""
    return AdjustBalance(
        request.bucket,
        amount(request.amount),
        request.reason_code,
        request.comment,
        request.adjustment_id,
    )


def write_off_debt(request: pb.WriteOffDebtRequest) -> WriteOffDebt:
    """Decodes `WriteOffDebt`."""
    return WriteOffDebt(
        request.adjustment_id, amount(request.amount), request.reason_code, request.comment
    )
