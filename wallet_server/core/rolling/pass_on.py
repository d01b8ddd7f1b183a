"""What becomes of money that reaches a bucket after its requirement is over."""

from dataclasses import replace

from wallet_server.core.accounts import bucket, open_stake
from wallet_server.core.draft import Draft
from wallet_server.core.ids import BetKey
from wallet_server.core.rolling.progress import has_requirements
from wallet_server.core.rolling.release import check_release, forfeit, let_go, release
from wallet_server.core.rolling.requirement import ReleaseMode, Requirement, RequirementState
from wallet_server.core.rounds.win import CashOutRef, Win


def pass_on(draft: Draft) -> None:
    """Deals with what the command has credited to buckets whose requirement is over.

    What bets placed before its end return to a bucket goes on to the release target within
    the remaining cap (RELEASED), or is forfeited (CANCELLED, EXPIRED). A requirement whose
    bucket has no open stake left stops watching. Requirements that are fulfilled now, and
    release by themselves, do so.
    """
    if not has_requirements(draft):
        return
    for requirement in list(draft.items_of(Requirement)):
        if requirement.tail:
            watch(draft, requirement)
    release_fulfilled(draft)


def release_fulfilled(draft: Draft) -> None:
    """Releases what is fulfilled and waits for no command, unless something stands in the way."""
    for requirement in list(draft.items_of(Requirement)):
        if (
            requirement.state is RequirementState.FULFILLED
            and requirement.terms.release_mode is ReleaseMode.AUTOMATIC
            and check_release(draft, requirement) is None
        ):
            release(draft, requirement)


def watch(draft: Draft, requirement: Requirement) -> None:
    """Deals with what came back to the bucket of one that is over; ends the watch if all did."""
    amount = returned_to(draft, requirement)
    dealt_with = requirement
    if amount:
        is_released = requirement.state is RequirementState.RELEASED
        dealt_with = (let_go if is_released else forfeit)(draft, requirement, amount)
    tail = draft.balance(open_stake(requirement.bucket)) > 0
    if dealt_with != requirement or not tail:
        draft.put_item(replace(dealt_with, tail=tail, revision=requirement.revision + 1))


def returned_to(draft: Draft, requirement: Requirement) -> int:
    """Returns what bets placed before a requirement's end have brought its bucket by now.

    What another requirement has passed on already, in the same command, is not there twice.
    """
    account = bucket(requirement.bucket)
    came, went_on = 0, 0
    for (_, transaction), changes in draft.postings.items():
        change = changes.get(account, 0)
        if transaction is None:
            went_on -= min(0, change)
        elif placed_sequence(draft, transaction) <= requirement.end_sequence:
            came += change
    return max(0, min(came - went_on, draft.balance(account)))


def placed_sequence(draft: Draft, transaction: BetKey) -> int:
    """Returns when the bet of a transaction was placed: of several the newest; else now."""
    bet = draft.bet(transaction)
    if bet is not None:
        return bet.sequence
    sequences = [
        bet.sequence
        for ref in bet_refs_of(draft.win(transaction))
        if (bet := draft.bet(BetKey(transaction.provider_id, ref))) is not None
    ]
    return max(sequences, default=draft.sequence)


def bet_refs_of(win: Win | CashOutRef | None) -> tuple[str, ...]:
    """Returns the bets that a win or a cash-out belongs to."""
    if win is None:
        return ()
    if isinstance(win, CashOutRef):
        return (win.bet_ref,)
    return tuple(share.bet_ref for share in win.shares)
