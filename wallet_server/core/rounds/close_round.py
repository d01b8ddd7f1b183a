"""Ending rounds."""

from dataclasses import replace
from datetime import datetime

from wallet_server.core.bets.bet import Bet, BetState, Portion
from wallet_server.core.bets.lifecycle import post_bet
from wallet_server.core.commands import CloseRound
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.decision import APPLIED, Change, Decision, Outcome
from wallet_server.core.draft import Draft
from wallet_server.core.refusals import Refusal, RoundCancelled, RoundNotFound
from wallet_server.core.rolling.pass_on import pass_on
from wallet_server.core.rounds.membership import bets_in
from wallet_server.core.rounds.round import Round, RoundState, round_key
from wallet_server.core.wallet import Wallet


def decide_close_round(
    command: CloseRound, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    """Closes a round: the stake of its bets that is still open is played, and the house's.

    A closed round is closed again only where stake has become open since.
    """
    draft = Draft(wallet, configuration, now)
    found = draft.item(round_key(command.provider_id, command.round_ref), Round)
    if found is None:
        return RoundNotFound(command.round_ref)
    if command.implicit and not is_due(found, now):
        return Change(Outcome.ALREADY_APPLIED)
    if found.state is RoundState.CANCELLED:
        return RoundCancelled(command.round_ref)
    bets = [bet for bet in bets_in(found, draft) if bet.state is not BetState.SETTLED]
    if found.state is RoundState.CLOSED and not bets:
        return Change(Outcome.ALREADY_APPLIED)
    for bet in bets:
        if isinstance(refusal := post_bet(draft, bet, played(bet, draft.sequence)), Refusal):
            return refusal
    draft.put_item(closed(found, now))
    pass_on(draft)
    return draft.change(APPLIED)


def is_due(found: Round, now: datetime) -> bool:
    """Tells whether a round is to close by itself by now."""
    return found.due_time is not None and now >= found.due_time


def closed(found: Round, now: datetime) -> Round:
    """Returns a round as it is when it is closed; its window begins with its first close."""
    return replace(
        found,
        state=RoundState.CLOSED,
        close_time=found.close_time or now,
        revision=found.revision + 1,
    )


def played(bet: Bet, sequence: int) -> Bet:
    """Returns a bet whose open stake is played and lost: a result that any later one replaces.

    It is the portion without a name, unless another result has taken that; then its name is
    one that no provider can send.
    """
    name = "" if bet.portion("") is None else f"closed #{sequence}"
    portion = Portion(name, tuple(bet.open_shares), bet.version_of(name), payout=0, refund=0)
    unsettled = {ref: v for ref, v in bet.unsettled_versions.items() if ref != name}
    return bet.with_portions((*bet.portions, portion), unsettled)
