"""Commands as the requests that ask for them: what the edge decodes, made again."""

from typing import Any

from google.protobuf.message import Message

from wallet.v1 import wallet_commands_pb2 as pb
from wallet.v1.bet_pb2 import ResultKind as ResultKindNumber
from wallet.v1.money_pb2 import Money
from wallet.v1.wallet_pb2 import WalletRef as WalletRefMessage
from wallet_server.core.batch import Task
from wallet_server.core.commands import (
    AdjustBalance,
    Amount,
    ApproveDeposit,
    AuthorizeBet,
    OpenWallet,
    RollbackTransaction,
    SettleBet,
    UnsettleBet,
)
from wallet_server.core.ids import BetKey


def request_of(task: Task, tenant_id: str) -> Message:
    """Returns the request for a task, in another tenant."""
    named: dict[str, Any] = {
        "request_id": task.request_id,
        "wallet": WalletRefMessage(
            tenant_id=tenant_id,
            player_id=task.wallet.player_id,
            currency_code=task.wallet.currency_code,
        ),
        "correlation_id": task.correlation_id,
    }
    match task.command:
        case OpenWallet():
            return pb.OpenWalletRequest(**named)
        case ApproveDeposit(deposit_id, bucket, amount):
            return pb.ApproveDepositRequest(
                **named, deposit_id=deposit_id, bucket=bucket, amount=money(amount)
            )
        case AdjustBalance(bucket, amount, reason_code, comment):
            return pb.AdjustBalanceRequest(
                **named, bucket=bucket, amount=money(amount), reason_code=reason_code, comment=comment
            )  # fmt: skip
        case RollbackTransaction(bet, amount):
            return pb.RollbackTransactionRequest(
                **named, provider_id=bet.provider_id, transaction_ref=bet.bet_ref, amount=money(amount)
            )  # fmt: skip
        case _:
            return bet_request_of(task.command, named | name_of(task.command.bet))


def bet_request_of(
    command: AuthorizeBet | SettleBet | UnsettleBet, named: dict[str, Any]
) -> Message:
    """Returns the request for a command that names a bet."""
    match command:
        case AuthorizeBet(_, stake, round_ref, selected_source):
            return pb.AuthorizeBetRequest(
                **named, stake=money(stake), round_ref=round_ref, selected_source=selected_source
            )
        case SettleBet(result_kind=kind):
            return pb.SettleBetRequest(
                **named,
                result_version=command.result_version,
                portion_ref=command.portion_ref,
                payout=money(command.payout),
                stake=money(command.stake),
                refund=money(command.refund),
                result_kind=ResultKindNumber.Value(
                    f"RESULT_KIND_{kind.name if kind else 'UNSPECIFIED'}"
                ),
            )
        case UnsettleBet(_, result_version, portion_refs):
            return pb.UnsettleBetRequest(
                **named, result_version=result_version, portion_refs=portion_refs
            )


def name_of(bet: BetKey) -> dict[str, str]:
    """Returns a bet's name as requests have it."""
    return {"provider_id": bet.provider_id, "bet_ref": bet.bet_ref}


def money(amount: Amount | None) -> Money | None:
    """Returns an amount as a message."""
    return amount and Money(asset_code=amount.asset_code, minor_units=amount.minor_units)
