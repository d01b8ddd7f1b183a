"""Joining rounds: what belongs to one, and whether another bet or win may."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from wallet_server.core.bets.bet import Bet, BetState
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.config.provider_profile import ProviderProfile
from wallet_server.core.draft import Draft
from wallet_server.core.ids import BetKey
from wallet_server.core.items import ItemKey
from wallet_server.core.refusals import Refusal, RoundCancelled, RoundClosed, RoundLimit
from wallet_server.core.rounds.round import (
    MEMBERS_MAX,
    WINS_MAX,
    Round,
    RoundState,
    own_round_ref,
    round_key,
)
from wallet_server.core.rounds.win import WITH_EFFECT, Win
from wallet_server.core.wallet import Wallet

LIVE = frozenset({BetState.AUTHORIZED, BetState.PARTIALLY_SETTLED, BetState.SETTLED})
"""The states of a bet that takes part in its round."""


def round_ref_of(bet: Bet) -> str:
    """Returns the reference of a bet's round: its own where it was placed without one."""
    return bet.round_ref or own_round_ref(bet.key.bet_ref)


def round_of(bet: Bet) -> ItemKey:
    """Returns what a bet's round is called, though there may be none yet."""
    return round_key(bet.key.provider_id, round_ref_of(bet))


def join_as_bet(
    key: BetKey, round_ref: str, wallet: Wallet, configuration: Configuration, now: datetime
) -> Round | Refusal:
    """Returns the round with a bet in it that is about to be placed, or why it may not be.

    The first bet begins the round. A closed round takes none, unless its provider's profile
    has bets open it again. The provider must have a profile.
    """
    found = wallet.items.get(round_key(key.provider_id, round_ref))
    if found is None:
        begun = begin_round(key.provider_id, round_ref, wallet.sequence + 1, configuration, now)
        return replace(begun, bet_refs=(key.bet_ref,))
    assert isinstance(found, Round)
    if found.state is RoundState.CANCELLED:
        return RoundCancelled(round_ref)
    profile = configuration.profiles[key.provider_id].value
    if found.state is RoundState.CLOSED and not profile.reopens_rounds:
        return RoundClosed(round_ref)
    if found.member_count >= MEMBERS_MAX:
        return RoundLimit(round_ref, MEMBERS_MAX)
    if found.state is RoundState.CLOSED:
        due = close_due(profile.implicit_close_seconds, now)
        found = replace(found, state=RoundState.OPEN, close_time=None, implicit_close_time=due)
    return replace(found, bet_refs=(*found.bet_refs, key.bet_ref), revision=found.revision + 1)


def begin_round(
    provider_id: str,
    round_ref: str,
    sequence: int,
    configuration: Configuration,
    now: datetime,
) -> Round:
    """Returns a new round without members, under its provider's profile as it is now."""
    found = configuration.profiles.get(provider_id)
    profile = found.value if found else ProviderProfile(provider_id, provider_type="")
    return Round(
        provider_id,
        round_ref,
        RoundState.OPEN,
        sequence,
        now,
        win_window_seconds=profile.win_window_seconds,
        implicit_close_time=close_due(profile.implicit_close_seconds, now),
    )


def close_due(seconds: int | None, now: datetime) -> datetime | None:
    """Returns when a round that begins now closes by itself; none for never."""
    return None if seconds is None else now + timedelta(seconds=seconds)


def join_as_win(win_ref: str, joined: Round) -> Round | RoundLimit:
    """Returns a round with another win."""
    if joined.member_count >= WINS_MAX:
        return RoundLimit(joined.round_ref, WINS_MAX)
    revision = joined.revision + 1 if joined.member_count else joined.revision
    return replace(joined, win_refs=(*joined.win_refs, win_ref), revision=revision)


def bets_in(found: Round, draft: Draft) -> list[Bet]:
    """Returns a round's bets that are not undone, in the order they came."""
    bets = bets_named(found.provider_id, found.bet_refs, draft)
    return [bet for bet in bets if bet.state in LIVE]


def bets_named(provider_id: str, bet_refs: Iterable[str], draft: Draft) -> list[Bet]:
    """Returns bets that are known by their references."""
    bets = [draft.bet(BetKey(provider_id, bet_ref)) for bet_ref in bet_refs]
    assert None not in bets
    return [bet for bet in bets if bet is not None]


def wins_in(found: Round, draft: Draft) -> list[Win]:
    """Returns a round's wins that are credited or wait for a decision, in the order they came."""
    wins = [draft.win(BetKey(found.provider_id, win_ref)) for win_ref in found.win_refs]
    return [win for win in wins if isinstance(win, Win) and win.state in WITH_EFFECT]
