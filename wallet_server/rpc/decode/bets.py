"""Requests about one bet."""

from wallet.v1 import bet_pb2
from wallet.v1 import wallet_commands_pb2 as pb
from wallet_server.core.bets.bet import ResultKind, ResultOrdering
from wallet_server.core.commands import (
    AuthorizeBet,
    CashOutBet,
    ReplanAuthorization,
    RollbackTransaction,
    SettleBet,
    UnsettleBet,
)
from wallet_server.core.ids import BetKey
from wallet_server.rpc.decode.values import amount, bet_context, bet_key, values_by_number

RESULT_KINDS = values_by_number(ResultKind, bet_pb2.ResultKind, prefix="RESULT_KIND")
ORDERINGS = values_by_number(ResultOrdering, bet_pb2.ResultOrdering, prefix="RESULT_ORDERING")


def authorize_bet(request: pb.AuthorizeBetRequest) -> AuthorizeBet:
    """Decodes `AuthorizeBet`."""
    return AuthorizeBet(
        bet_key(request),
        amount(request.stake),
        request.round_ref,
        request.selected_source,
        request.coupon_grant_id,
        request.free_round,
        bet_context(request.context),
    )


def settle_bet(request: pb.SettleBetRequest) -> SettleBet:
    """Decodes `SettleBet`."""
    return SettleBet(
        bet_key(request),
        request.result_version,
        amount(request.payout),
        request.portion_ref,
        amount(request.stake) if request.HasField("stake") else None,
        amount(request.refund) if request.HasField("refund") else None,
        RESULT_KINDS.get(request.result_kind),
        ORDERINGS.get(request.ordering),
    )


def unsettle_bet(request: pb.UnsettleBetRequest) -> UnsettleBet:
    """Decodes `UnsettleBet`."""
    return UnsettleBet(
        bet_key(request),
        request.result_version,
        tuple(request.portion_refs),
        ORDERINGS.get(request.ordering),
    )


def cash_out_bet(request: pb.CashOutBetRequest) -> CashOutBet:
    """Decodes `CashOutBet`."""
    return CashOutBet(
        bet=bet_key(request),
        cash_out=BetKey(request.provider_id, request.cash_out_ref),
        payout=amount(request.payout),
        stake=amount(request.stake) if request.HasField("stake") else None,
    )


def rollback_transaction(request: pb.RollbackTransactionRequest) -> RollbackTransaction:
    """Decodes `RollbackTransaction`."""
    return RollbackTransaction(
        BetKey(request.provider_id, request.transaction_ref),
        amount(request.amount) if request.HasField("amount") else None,
    )


def replan_authorization(request: pb.ReplanAuthorizationRequest) -> ReplanAuthorization:
    """Decodes `ReplanAuthorization`."""
    return ReplanAuthorization(
        bet_key(request),
        request.bucket,
        request.successor,
        request.adjustment_id,
        request.reason_code,
        request.comment,
    )
