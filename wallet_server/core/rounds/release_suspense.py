"""Deciding on wins that came too late."""

from dataclasses import replace
from datetime import datetime

from wallet_server.core.commands import ReleaseSuspense
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.decision import Decision
from wallet_server.core.draft import Draft
from wallet_server.core.refusals import Refusal, WinNotFound, WinNotSuspended
from wallet_server.core.rolling.pass_on import pass_on
from wallet_server.core.rounds.credit_win import change_of
from wallet_server.core.rounds.membership import bets_named, wins_in
from wallet_server.core.rounds.round import Round, own_round_ref, round_key
from wallet_server.core.rounds.win import Win, WinState
from wallet_server.core.rounds.win_credit import (
    credit_by_policy,
    credit_shares,
    find_snapshot,
    post_win,
)
from wallet_server.core.rounds.win_kind import WinKind
from wallet_server.core.self_approval import check_player
from wallet_server.core.wallet import Wallet


def decide_release_suspense(
    command: ReleaseSuspense, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    """Credits a suspended win by the weights it was stored with, or returns it to the house.

    The player decides neither, who may be one of those who review.
    """
    win = wallet.wins.get(command.win)
    if not isinstance(win, Win):
        return WinNotFound(command.win.bet_ref)
    if win.state is not WinState.SUSPENDED:
        return WinNotSuspended(command.win.bet_ref, win.state.value)
    draft = Draft(wallet, configuration, now)
    if refusal := check_player(command.actor, draft):
        return refusal
    after = credit(draft, win) if command.credit else replace(win, state=WinState.RETURNED)
    if isinstance(after, Refusal):
        return after
    after = replace(after, revision=win.revision + 1)
    posted = post_win(draft, win, after, repays_debt=command.credit)
    if isinstance(posted, Refusal):
        return posted
    pass_on(draft)
    return change_of(draft, posted)


def credit(draft: Draft, win: Win) -> Win | Refusal:
    """Returns the win as it is credited now: to its shares, or where the policy says by now."""
    bet_refs = dict.fromkeys(share.bet_ref for share in win.shares)
    bets = bets_named(win.key.provider_id, bet_refs, draft)
    snapshot = find_snapshot(win, bets, draft.configuration)
    if isinstance(snapshot, Refusal):
        return snapshot
    if win.shares:
        return credit_shares(win, bets, wins_beside(win, draft), snapshot)
    kind = WinKind.FREE_ROUND if win.kind is WinKind.ROUND else win.kind
    return credit_by_policy(draft, win, kind, snapshot)


def wins_beside(win: Win, draft: Draft) -> list[Win]:
    """Returns the wins of a win's round, itself included."""
    round_ref = win.round_ref or own_round_ref(win.bet_ref)
    found = draft.item(round_key(win.key.provider_id, round_ref), Round)
    assert found is not None
    return wins_in(found, draft)
