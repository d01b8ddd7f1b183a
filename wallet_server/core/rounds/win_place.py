"""Where a win belongs: its round, and the bets that share it."""

from dataclasses import replace
from datetime import datetime, timedelta

from wallet_server.core.bets.bet import DECLINED, Bet
from wallet_server.core.bets.lifecycle import UNDONE
from wallet_server.core.commands import CreditWin
from wallet_server.core.draft import Draft
from wallet_server.core.ids import BetKey
from wallet_server.core.refusals import (
    BetNotFound,
    BetRolledBack,
    IllegalTransition,
    Refusal,
    RoundCancelled,
    TransactionPayloadMismatch,
)
from wallet_server.core.rounds.membership import begin_round, bets_in, join_as_win, round_ref_of
from wallet_server.core.rounds.round import Round, RoundState, round_key
from wallet_server.core.rounds.win_kind import WinKind
from wallet_server.core.value import value


@value
class WinPlace:
    """A round with the win in it, and the bets that the win is split over.

    There is no round where the win names none, and no bets where it needs none. `round_ref`
    is the provider's name of the round, empty for that of a bet alone. `late` says that the
    round was closed, `too_late` that its window is over too.
    """

    round: Round | None
    round_ref: str = ""
    bets: tuple[Bet, ...] = ()
    late: bool = False
    too_late: bool = False


def find_place(command: CreditWin, draft: Draft) -> WinPlace | Refusal:
    """Returns where the win belongs, or why it cannot be credited there."""
    named = find_named_bet(command, draft)
    if isinstance(named, Refusal):
        return named
    round_ref = round_ref_of(named) if named else command.round_ref
    found = draft.item(round_key(command.win.provider_id, round_ref), Round)
    if found is not None and found.state is RoundState.CANCELLED:
        return RoundCancelled(round_ref)
    bets: tuple[Bet, ...] | Refusal = ()
    if command.kind is WinKind.ROUND:
        bets = (named,) if named else find_bets(command, found, draft)
    if isinstance(bets, Refusal):
        return bets
    joined = found or begin(command, named, draft)
    if joined is None:
        return WinPlace(None)
    joined = join_as_win(command.win.bet_ref, joined)
    if isinstance(joined, Refusal):
        return joined
    late = joined.state is RoundState.CLOSED
    round_ref = named.round_ref if named else command.round_ref
    return WinPlace(joined, round_ref, bets, late, late and is_window_over(joined, draft.now))


def find_named_bet(command: CreditWin, draft: Draft) -> Bet | Refusal | None:
    """Returns the bet that the command names; none where it names none that it needs."""
    if not command.bet_ref:
        return None
    bet = draft.bet(BetKey(command.win.provider_id, command.bet_ref))
    if bet is None:
        return BetNotFound(command.bet_ref) if command.kind is WinKind.ROUND else None
    if bet.state in UNDONE:
        return BetRolledBack(command.bet_ref)
    if bet.state is DECLINED:
        return IllegalTransition(command.bet_ref, bet.state.value, "CreditWin")
    if command.round_ref not in {"", bet.round_ref}:
        return TransactionPayloadMismatch(command.bet_ref, "round_ref")
    return bet


def find_bets(
    command: CreditWin, found: Round | None, draft: Draft
) -> tuple[Bet, ...] | BetNotFound | BetRolledBack:
    """Returns the bets of a round that share its wins: those that are not undone."""
    if found is None or not found.bet_refs:
        return BetNotFound(command.round_ref)
    bets = bets_in(found, draft)
    return tuple(bets) if bets else BetRolledBack(found.bet_refs[-1])


def begin(command: CreditWin, named: Bet | None, draft: Draft) -> Round | None:
    """Returns a new round for a win that names one, or a bet that has none."""
    provider_id = command.win.provider_id
    round_ref = round_ref_of(named) if named else command.round_ref
    if not round_ref:
        return None
    begun = begin_round(provider_id, round_ref, draft.sequence, draft.configuration, draft.now)
    if named is None or named.round_ref:
        return begun
    return replace(begun, bet_refs=(named.key.bet_ref,), implicit_close_time=None)


def is_window_over(closed: Round, now: datetime) -> bool:
    """Tells whether a closed round takes no more wins: at the window's end it does not."""
    assert closed.close_time is not None
    return now >= closed.close_time + timedelta(seconds=closed.win_window_seconds)
