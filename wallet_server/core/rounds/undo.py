"""Undoing bets and wins, alone or with the rest of their round."""

from dataclasses import replace

from wallet_server.core.accounts import is_bucket
from wallet_server.core.bets.bet import SETTLED, Bet, BetState
from wallet_server.core.bets.lifecycle import post_bet
from wallet_server.core.bets.settlement import posted
from wallet_server.core.draft import Draft
from wallet_server.core.refusals import BetAlreadySettled, Refusal
from wallet_server.core.rounds.membership import bets_in, round_of, wins_in
from wallet_server.core.rounds.round import Round
from wallet_server.core.rounds.win import Win, WinState
from wallet_server.core.rounds.win_credit import post_win
from wallet_server.core.rounds.win_requirement import cancel_for_win


def check_undo(bet: Bet) -> BetAlreadySettled | None:
    """Refuses to undo a settled bet whose provider may not."""
    assert bet.snapshot is not None
    if bet.state is SETTLED and not bet.snapshot.rollback_after_settle:
        return BetAlreadySettled(bet.key.bet_ref)
    return None


def undone(bet: Bet) -> Bet:
    """Returns a bet as it is when it is undone."""
    return replace(bet, state=BetState.ROLLED_BACK, revision=bet.revision + 1)


def undo_bet(draft: Draft, bet: Bet) -> Bet | Refusal:
    """Restores everything a bet has moved."""
    return check_undo(bet) or post_bet(draft, bet, undone(bet))


def undo_win(draft: Draft, win: Win) -> Win | Refusal:
    """Takes a win back, and nothing else: what it opened ends with it."""
    after = replace(win, state=WinState.ROLLED_BACK, revision=win.revision + 1)
    posted_win = post_win(draft, win, after)
    if not isinstance(posted_win, Refusal):
        cancel_for_win(draft, win)
    return posted_win


def undo_all(draft: Draft, bets: list[Bet], wins: list[Win]) -> Refusal | None:
    """Undoes bets and wins: first what gives most, so that what takes finds the money there."""
    for bet in sorted(bets, key=taken_by):
        if isinstance(refusal := undo_bet(draft, bet), Refusal):
            return refusal
    for win in wins:
        if isinstance(refusal := undo_win(draft, win), Refusal):
            return refusal
    return None


def taken_by(bet: Bet) -> int:
    """Returns what undoing a bet takes from the player's buckets; negative where it gives."""
    return sum(change for account, change in posted(bet).items() if is_bucket(account))


def wins_along(draft: Draft, bet: Bet) -> list[Win]:
    """Returns the wins that go with a bet that is undone.

    They are all wins of its round if it is the only bet there, or the last that is not undone:
    a round without bets is none.
    """
    found = draft.item(round_of(bet), Round)
    if found is None or any(other.key != bet.key for other in bets_in(found, draft)):
        return []
    return wins_in(found, draft)
