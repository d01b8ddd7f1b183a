"""Requests about rounds and wins."""

from wallet.v1 import wallet_commands_pb2 as pb
from wallet.v1 import win_kind_pb2
from wallet_server.core.commands import (
    CloseRound,
    CreditWin,
    PlayRound,
    ReleaseSuspense,
    RollbackRound,
    RoundBet,
    RoundWin,
)
from wallet_server.core.ids import BetKey
from wallet_server.core.rounds.win_kind import WinKind
from wallet_server.rpc.decode.values import amount, bet_context, values_by_number

WIN_KINDS = values_by_number(WinKind, win_kind_pb2.WinKind, prefix="WIN_KIND")


def credit_win(request: pb.CreditWinRequest) -> CreditWin:
    """Decodes `CreditWin`."""
    return CreditWin(
        win=BetKey(request.provider_id, request.win_ref),
        amount=amount(request.amount),
        kind=win_kind(request.kind),
        round_ref=request.round_ref,
        bet_ref=request.bet_ref,
        pool=request.pool,
        summary=request.summary,
    )


def win_kind(number: int) -> WinKind:
    """Decodes what was won."""
    return WIN_KINDS.get(number, WinKind.ROUND)


def close_round(request: pb.CloseRoundRequest) -> CloseRound:
    """Decodes `CloseRound`. That it is implicit nobody can say but the server itself."""
    return CloseRound(request.provider_id, request.round_ref)


def play_round(request: pb.PlayRoundRequest) -> PlayRound:
    """Decodes `PlayRound`."""
    return PlayRound(
        provider_id=request.provider_id,
        round_ref=request.round_ref,
        bets=tuple(round_bet(each) for each in request.bets),
        wins=tuple(round_win(each) for each in request.wins),
        close=not request.keep_open,
        context=bet_context(request.context),
    )


def round_bet(message: pb.RoundBet) -> RoundBet:
    """Decodes a bet of `PlayRound`."""
    return RoundBet(
        message.bet_ref,
        amount(message.stake),
        message.selected_source,
        message.coupon_grant_id,
        message.free_round,
    )


def round_win(message: pb.RoundWin) -> RoundWin:
    """Decodes a win of `PlayRound`."""
    return RoundWin(message.win_ref, amount(message.amount), win_kind(message.kind), message.pool)


def rollback_round(request: pb.RollbackRoundRequest) -> RollbackRound:
    """Decodes `RollbackRound`."""
    return RollbackRound(request.provider_id, request.round_ref, tuple(request.transaction_refs))


def release_suspense(request: pb.ReleaseSuspenseRequest) -> ReleaseSuspense:
    """Decodes `ReleaseSuspense`."""
    return ReleaseSuspense(
        win=BetKey(request.provider_id, request.win_ref),
        credit=request.decision == pb.SUSPENSE_DECISION_CREDIT,
        reason_code=request.reason_code,
        comment=request.comment,
    )
