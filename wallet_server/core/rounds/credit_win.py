"""Crediting wins."""

from dataclasses import replace
from datetime import datetime

from wallet_server.core.amounts import check_asset
from wallet_server.core.bets.bet import BetState
from wallet_server.core.commands import CreditWin
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.decision import APPLIED, Change, Decision, Outcome, Replay
from wallet_server.core.draft import Draft
from wallet_server.core.refusals import BetTombstoned, Refusal, TransactionPayloadMismatch
from wallet_server.core.results import WinResult
from wallet_server.core.rolling.pass_on import pass_on
from wallet_server.core.rounds.membership import wins_in
from wallet_server.core.rounds.win import CashOutRef, Win, WinState
from wallet_server.core.rounds.win_credit import (
    credit_by_policy,
    credit_shares,
    find_snapshot,
    kind_paid,
    post_win,
    suspend,
    with_snapshot,
)
from wallet_server.core.rounds.win_kind import WinKind
from wallet_server.core.rounds.win_place import WinPlace, find_place
from wallet_server.core.wallet import Wallet


def decide_credit_win(
    command: CreditWin, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    """Credits a win; one that comes too late only waits in suspense for a decision."""
    if mismatch := check_asset("amount", command.amount, wallet.ref.currency_code):
        return mismatch
    if (again := answer_again(command, wallet)) is not None:
        return again
    draft = Draft(wallet, configuration, now)
    win = new_win(command, draft)
    if says_again(command, configuration):
        draft.put_win(win)
        return draft.change(APPLIED, result=WinResult())
    place = find_place(command, draft)
    if isinstance(place, Refusal):
        return place
    credited = credit(draft, win, place)
    if isinstance(credited, Refusal):
        return credited
    posted = post_win(draft, None, credited, repays_debt=True)
    if isinstance(posted, Refusal):
        return posted
    if place.round is not None:
        draft.put_item(place.round)
    pass_on(draft)
    return change_of(draft, posted)


def answer_again(command: CreditWin, wallet: Wallet) -> Decision | None:
    """Answers a reference that is known: as the first time, if it says the same."""
    bet = wallet.bets.get(command.win)
    if bet is not None and bet.state is BetState.TOMBSTONED:
        return BetTombstoned(command.win.bet_ref)
    known = wallet.wins.get(command.win)
    if bet is not None or isinstance(known, CashOutRef):
        return TransactionPayloadMismatch(command.win.bet_ref, "kind")
    if known is None:
        return None
    said = command.round_ref or (known.round_ref if command.bet_ref else "")
    same = {
        "kind": command.kind is known.kind,
        "amount": command.amount.minor_units == known.amount,
        "round_ref": said == known.round_ref,
        "bet_ref": command.bet_ref == known.bet_ref,
        "pool": command.pool == known.pool,
        "summary": command.summary == known.summary,
    }
    for field, is_same in same.items():
        if not is_same:
            return TransactionPayloadMismatch(command.win.bet_ref, field)
    return Replay(known.sequence)


def new_win(command: CreditWin, draft: Draft) -> Win:
    """Returns the win as it is before anything is known of it: it has moved nothing."""
    return Win(
        command.win,
        WinState.CREDITED,
        command.kind,
        command.amount.minor_units,
        draft.sequence,
        draft.now,
        command.round_ref,
        command.bet_ref,
        command.pool,
        summary=command.summary,
    )


def says_again(command: CreditWin, configuration: Configuration) -> bool:
    """Tells whether a win is only the summary of wins that were paid before."""
    if not command.summary:
        return False
    profile = configuration.profiles.get(command.win.provider_id)
    pays = profile is not None and profile.value.free_round_summary_moves_money
    return not (pays and command.kind is WinKind.FREE_ROUND)


def credit(draft: Draft, win: Win, place: WinPlace) -> Win | Refusal:
    """Returns the win as it is credited, or suspended where it comes too late."""
    snapshot = find_snapshot(win, place.bets, draft.configuration)
    if isinstance(snapshot, Refusal):
        return snapshot
    win = with_snapshot(win, snapshot)
    if place.round is not None:
        win = replace(win, round_ref=place.round_ref, late=place.late)
    wins = wins_in(place.round, draft) if place.round else []
    kind = kind_paid(win.kind, place.bets)
    if place.too_late and win.amount:
        return suspend(win, place.bets, wins, snapshot)
    if kind is WinKind.ROUND:
        return credit_shares(win, place.bets, wins, snapshot)
    return credit_by_policy(draft, win, kind, snapshot)


def change_of(draft: Draft, win: Win) -> Change:
    """Returns what crediting a win came to."""
    outcome = Outcome.REVIEW if win.state is WinState.SUSPENDED else APPLIED
    return draft.change(outcome, result=WinResult(win.late, win.requirement_id))
