"""Rounds and wins."""

from wallet.v1 import round_pb2 as pb
from wallet.v1 import win_kind_pb2
from wallet_server.core.rounds.round import Round, RoundState
from wallet_server.core.rounds.win import Win, WinShare, WinState
from wallet_server.core.rounds.win_kind import WinKind
from wallet_server.rpc.encode.bets import fill_substitution
from wallet_server.rpc.encode.values import money, numbers, timestamp

ROUND_STATES = numbers(RoundState, pb.RoundState, prefix="ROUND_STATE")
WIN_STATES = numbers(WinState, pb.WinState, prefix="WIN_STATE")
WIN_KINDS = numbers(WinKind, win_kind_pb2.WinKind, prefix="WIN_KIND")


def encode_round(played: Round) -> pb.Round:
    """Encodes a round as it is."""
    implicit_close_time, close_time = played.implicit_close_time, played.close_time
    return pb.Round(
        provider_id=played.provider_id,
        round_ref=played.round_ref,
        state=ROUND_STATES[played.state],
        bet_refs=played.bet_refs,
        win_refs=played.win_refs,
        win_window_seconds=played.win_window_seconds,
        implicit_close_time=timestamp(implicit_close_time) if implicit_close_time else None,
        close_time=timestamp(close_time) if close_time else None,
        create_time=timestamp(played.create_time),
        sequence=played.sequence,
        revision=played.revision,
    )


def encode_win(win: Win, currency_code: str) -> pb.Win:
    """Encodes a win as it is. All of its amounts are of the wallet's currency."""
    message = pb.Win(
        provider_id=win.key.provider_id,
        win_ref=win.key.bet_ref,
        state=WIN_STATES[win.state],
        kind=WIN_KINDS[win.kind],
        amount=money(win.amount, currency_code),
        round_ref=win.round_ref,
        bet_ref=win.bet_ref,
        pool=win.pool,
        late=win.late,
        shares=[encode_share(each, currency_code) for each in win.shares],
        create_time=timestamp(win.create_time),
        sequence=win.sequence,
        revision=win.revision,
        summary=win.summary,
        requirement_id=win.requirement_id,
    )
    for move in win.substitutions:
        fill_substitution(message.substitutions.add(), move, currency_code)
    return message


def encode_share(share: WinShare, currency_code: str) -> pb.WinShare:
    """Encodes the part of a win that a funding line has."""
    return pb.WinShare(
        bet_ref=share.bet_ref,
        line=share.line,
        amount=money(share.amount, currency_code),
        returned=money(share.returned, currency_code),
        profit=money(share.profit, currency_code),
    )
