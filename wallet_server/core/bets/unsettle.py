"""Taking back results: the stake is open again, as if they had never come."""

from collections.abc import Sequence
from datetime import datetime

from wallet_server.core.bets.bet import UNVERIFIED, Bet, BetState
from wallet_server.core.bets.lifecycle import find_live_bet, post_change
from wallet_server.core.bets.opened_again import opened_again
from wallet_server.core.commands import UnsettleBet
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.decision import Change, Decision, Outcome
from wallet_server.core.refusals import (
    IllegalTransition,
    PortionNotFound,
    Refusal,
    ResultVersionConflict,
)
from wallet_server.core.wallet import Wallet


def decide_unsettle_bet(
    command: UnsettleBet, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    """Takes back the results of a settled bet that are older than the command."""
    bet = find_live_bet(command.bet, wallet)
    if isinstance(bet, Refusal):
        return bet
    refs = command.portion_refs or refs_of(bet)
    for portion_ref in refs:
        if bet.portion(portion_ref) is None and bet.version_of(portion_ref) == 0:
            return PortionNotFound(bet.key.bet_ref, portion_ref)

    if command.ordering is UNVERIFIED and are_taken_back(bet, refs):
        return Change(Outcome.ALREADY_APPLIED, bet=bet)  # Its version is a count and says nothing.
    known_version = max((bet.version_of(ref) for ref in refs), default=0)
    if command.result_version < known_version:
        return Change(Outcome.STALE_VERSION, bet=bet)
    if command.result_version == known_version:
        return apply_again(command, bet, refs)
    if bet.state is not BetState.SETTLED:
        return IllegalTransition(bet.key.bet_ref, bet.state.value, "UnsettleBet")
    if not any(bet.portion(ref) for ref in refs):
        # Their stake has other results by now, or there are only cash-outs.
        return PortionNotFound(bet.key.bet_ref, refs[0] if refs else "")
    after = opened_again(without_portions(bet, refs, command), configuration.topology.value)
    return post_change(bet, after, wallet, configuration, now)


def are_taken_back(bet: Bet, refs: Sequence[str]) -> bool:
    """Tells whether the results of all named portions are taken back already."""
    return bool(refs) and all(ref in bet.unsettled_versions for ref in refs)


def refs_of(bet: Bet) -> tuple[str, ...]:
    """Returns the names of all portions that have a result; if none has, those that had last.

    Cash-outs are no results: only by their names are they taken back.
    Results that were taken back do not stand in the way of taking back those that
    count. They only tell a repeated command from a new one: the last that took any
    back is it.
    """
    newest = max(bet.unsettled_versions.values(), default=0)
    last = tuple(ref for ref, version in bet.unsettled_versions.items() if version == newest)
    return tuple(p.portion_ref for p in bet.portions if not p.is_cash_out) or last


def apply_again(command: UnsettleBet, bet: Bet, refs: Sequence[str]) -> Decision:
    """Answers a version that is known: nothing changes if it took the results back."""
    if all(bet.unsettled_versions.get(ref) == command.result_version for ref in refs):
        return Change(Outcome.ALREADY_APPLIED, bet=bet)
    return ResultVersionConflict(bet.key.bet_ref, command.result_version)


def without_portions(bet: Bet, refs: Sequence[str], command: UnsettleBet) -> Bet:
    """Returns the bet without the portions; the version that removed them is kept."""
    left = tuple(p for p in bet.portions if p.portion_ref not in refs)
    taken_back = dict.fromkeys(refs, command.result_version)
    return bet.with_portions(
        left,
        {**bet.unsettled_versions, **taken_back},
        bet.orderings_with(refs, command.ordering),
    )
