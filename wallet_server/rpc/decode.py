"""Messages to values. Requests are valid by now, so nothing here can fail."""

from typing import Protocol

from wallet.v1 import wallet_commands_pb2 as pb
from wallet.v1.bet_pb2 import ResultKind as ResultKindNumber
from wallet.v1.money_pb2 import Money
from wallet.v1.wallet_pb2 import WalletRef as WalletRefMessage
from wallet_server.core.bets.bet import ResultKind
from wallet_server.core.commands import (
    AdjustBalance,
    Amount,
    ApproveDeposit,
    AuthorizeBet,
    Command,
    OpenWallet,
    RollbackTransaction,
    SettleBet,
    UnsettleBet,
)
from wallet_server.core.ids import BetKey, WalletRef
from wallet_server.execution.submission import Submission

RESULT_KINDS: dict[int, ResultKind] = {
    ResultKindNumber.Value(f"RESULT_KIND_{kind.name}"): kind for kind in ResultKind
}


class CommandRequest(Protocol):
    """What the requests of all commands have."""

    @property
    def request_id(self) -> str: ...
    @property
    def wallet(self) -> WalletRefMessage: ...
    @property
    def correlation_id(self) -> str: ...


class BetRequest(Protocol):
    """What requests have that name a bet."""

    @property
    def provider_id(self) -> str: ...
    @property
    def bet_ref(self) -> str: ...


def submission(
    request: CommandRequest, command: Command, deadline_seconds: float | None
) -> Submission:
    """Decodes who asks what, of which wallet and until when."""
    return Submission(
        wallet=wallet_ref(request.wallet),
        request_id=request.request_id,
        command=command,
        correlation_id=request.correlation_id,
        deadline_seconds=deadline_seconds,
    )


def wallet_ref(message: WalletRefMessage) -> WalletRef:
    """Decodes which wallet."""
    return WalletRef(message.tenant_id, message.player_id, message.currency_code)


def amount(message: Money) -> Amount:
    """Decodes an amount."""
    return Amount(message.asset_code, message.minor_units)


def bet_key(request: BetRequest) -> BetKey:
    """Decodes which bet."""
    return BetKey(request.provider_id, request.bet_ref)


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


def authorize_bet(request: pb.AuthorizeBetRequest) -> AuthorizeBet:
    """Decodes `AuthorizeBet`."""
    return AuthorizeBet(
        bet_key(request), amount(request.stake), request.round_ref, request.selected_source
    )


def settle_bet(request: pb.SettleBetRequest) -> SettleBet:
    """Decodes `SettleBet`."""
    return SettleBet(
        bet=bet_key(request),
        result_version=request.result_version,
        payout=amount(request.payout),
        portion_ref=request.portion_ref,
        stake=amount(request.stake) if request.HasField("stake") else None,
        refund=amount(request.refund) if request.HasField("refund") else None,
        result_kind=RESULT_KINDS.get(request.result_kind),
    )


def unsettle_bet(request: pb.UnsettleBetRequest) -> UnsettleBet:
    """Decodes `UnsettleBet`."""
    return UnsettleBet(bet_key(request), request.result_version, tuple(request.portion_refs))


def rollback_transaction(request: pb.RollbackTransactionRequest) -> RollbackTransaction:
    """Decodes `RollbackTransaction`."""
    return RollbackTransaction(
        BetKey(request.provider_id, request.transaction_ref),
        amount(request.amount) if request.HasField("amount") else None,
    )
