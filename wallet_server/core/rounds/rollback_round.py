"""Undoing rounds."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from wallet_server.core.bets.bet import DECLINED, Bet, BetState
from wallet_server.core.bets.rollback import as_final
from wallet_server.core.commands import RollbackRound
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.decision import APPLIED, Decision, Outcome
from wallet_server.core.draft import Draft
from wallet_server.core.ids import BetKey
from wallet_server.core.refusals import Refusal, RoundClosed, TransactionPayloadMismatch
from wallet_server.core.rolling.pass_on import pass_on
from wallet_server.core.rounds.membership import bets_in, wins_in
from wallet_server.core.rounds.round import Round, RoundState, round_key
from wallet_server.core.rounds.undo import check_undo, undo_all
from wallet_server.core.rounds.win import CashOutRef, Win
from wallet_server.core.wallet import Wallet


def decide_rollback_round(
    command: RollbackRound, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    """Undoes all bets and wins of a round, and keeps away what it names that has not come."""
    draft = Draft(wallet, configuration, now)
    found = draft.item(round_key(command.provider_id, command.round_ref), Round)
    if mismatch := check_named(command, found, draft):
        return mismatch
    keep_away(command, draft)
    if found is None:
        draft.put_item(cancelled_before(command, draft))
        return draft.change(Outcome.TOMBSTONED)
    if found.state is RoundState.CANCELLED:
        return draft.change(Outcome.TOMBSTONED if draft.bets else Outcome.ALREADY_ROLLED_BACK)
    bets = bets_in(found, draft)
    if refusal := check_cancel(found, bets, configuration) or undo_all(
        draft, bets, wins_in(found, draft)
    ):
        return refusal
    draft.put_item(replace(found, state=RoundState.CANCELLED, revision=found.revision + 1))
    pass_on(draft)
    return draft.change(APPLIED)


def check_named(
    command: RollbackRound, found: Round | None, draft: Draft
) -> TransactionPayloadMismatch | None:
    """Refuses references of what is known and belongs elsewhere."""
    members = {*found.bet_refs, *found.win_refs} if found else set[str]()
    for ref in command.transaction_refs:
        key = BetKey(command.provider_id, ref)
        bet, win = draft.bet(key), draft.win(key)
        if isinstance(win, CashOutRef):
            is_member = win.bet_ref in members
        elif isinstance(win, Win):
            is_member = win.round_ref == command.round_ref
        elif bet is not None and bet.state is not BetState.TOMBSTONED:
            is_member = bet.round_ref == command.round_ref
        else:
            is_member = True
        if not is_member:
            return TransactionPayloadMismatch(ref, "round_ref")
    return None


def keep_away(command: RollbackRound, draft: Draft) -> None:
    """Keeps what is named from coming if it has not, and from being tried again if declined."""
    for bet in kept_away(command, draft):
        draft.put_bet(bet)


def kept_away(command: RollbackRound, draft: Draft) -> Iterator[Bet]:
    """Yields the bets that are named and tombstoned, or final, from now on."""
    for ref in command.transaction_refs:
        key = BetKey(command.provider_id, ref)
        bet = draft.bet(key)
        if bet is None and draft.win(key) is None:
            yield Bet(key, BetState.TOMBSTONED, draft.sequence, draft.now)
        elif bet is not None and bet.state is DECLINED and not bet.is_final:
            yield as_final(bet)


def cancelled_before(command: RollbackRound, draft: Draft) -> Round:
    """Returns a round that never may begin."""
    return Round(
        command.provider_id, command.round_ref, RoundState.CANCELLED, draft.sequence, draft.now
    )


def check_cancel(found: Round, bets: list[Bet], configuration: Configuration) -> Refusal | None:
    """Refuses to cancel what is settled, or a closed round without bets, if the provider may not.

    What the provider may is what the bets were placed under or, without any, its profile now.
    """
    for bet in bets:
        if refusal := check_undo(bet):
            return refusal
    if found.state is not RoundState.CLOSED or bets:
        return None
    profile = configuration.profiles.get(found.provider_id)
    may_roll_back = profile is not None and profile.value.rollback_after_settle
    return None if may_roll_back else RoundClosed(found.round_ref)
