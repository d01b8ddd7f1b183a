"""Requests of the cashier, and to open a wallet."""

from wallet.v1 import wallet_commands_pb2 as pb
from wallet_server.core.commands import AdjustBalance, ApproveDeposit, OpenWallet
from wallet_server.rpc.decode.values import amount


def open_wallet(_request: pb.OpenWalletRequest) -> OpenWallet:
    """Decodes `OpenWallet`. It says no more than which wallet."""
    return OpenWallet()


def approve_deposit(request: pb.ApproveDepositRequest) -> ApproveDeposit:
    """Decodes `ApproveDeposit`."""
    return ApproveDeposit(request.deposit_id, request.bucket, amount(request.amount))


def adjust_balance(request: pb.AdjustBalanceRequest) -> AdjustBalance:
    """Decodes `AdjustBalance`."""
    return AdjustBalance(
        request.bucket, amount(request.amount), request.reason_code, request.comment
    )
