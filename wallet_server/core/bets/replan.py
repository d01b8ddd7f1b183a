"""Sending what an open bet would bring to a bucket elsewhere, as the bucket is to go."""

from dataclasses import replace
from datetime import datetime

from wallet_server.core.bets.bet import AUTHORIZED, PARTIALLY_SETTLED, Bet
from wallet_server.core.bets.lifecycle import find_live_bet
from wallet_server.core.cashier.adjustment import Adjustment, AdjustmentKind, AdjustmentState
from wallet_server.core.cashier.four_eyes import (
    ask_for_second,
    check_actor,
    find_adjustment,
    find_difference,
    made,
    result_of,
)
from wallet_server.core.commands import ReplanAuthorization
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.config.topology import Topology
from wallet_server.core.decision import Decision, Outcome
from wallet_server.core.draft import Draft
from wallet_server.core.draining.successor import check_emptied, check_successor
from wallet_server.core.refusals import (
    BucketNotInPlan,
    IllegalTransition,
    Refusal,
    RollingOpen,
)
from wallet_server.core.rolling.requirement import Requirement
from wallet_server.core.wallet import Wallet

OPEN = frozenset({AUTHORIZED, PARTIALLY_SETTLED})
"""The states of bets that keep a bucket from being retired."""

FOUR_EYES_FROM = 0
"""Whatever the amount: it always takes a second person."""


def decide_replan_authorization(
    command: ReplanAuthorization, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    """Changes where an open bet's money goes when a second person says the same.

    Nothing moves now. What the bet gives back, and what it pays, follows the new plan from now on;
    its lines and its snapshot stay as they are.
    """
    draft = Draft(wallet, configuration, now)
    said = new_plan(command, draft)
    known = find_adjustment(draft, command.adjustment_id)
    if known is not None and (mismatch := find_difference(said, known)):
        return mismatch
    bet = find_live_bet(command.bet, wallet)
    if isinstance(bet, Refusal):
        return bet
    if known is not None and known.state is AdjustmentState.APPLIED:
        return draft.change(Outcome.ALREADY_APPLIED, bet=bet, result=result_of(known))
    refusal = check(command, bet, draft) or check_actor(command.actor, known, draft)
    if refusal is not None:
        return refusal
    if known is None:
        return ask_for_second(said, FOUR_EYES_FROM)
    after = replanned(bet, command.bucket, command.successor)
    draft.put_bet(after)
    return made(said, known, draft, bet=after)


def new_plan(command: ReplanAuthorization, draft: Draft) -> Adjustment:
    """Returns the change of a plan as its author says it: PENDING."""
    return Adjustment(
        adjustment_id=command.adjustment_id,
        kind=AdjustmentKind.PLAN,
        state=AdjustmentState.PENDING,
        asset_code=draft.currency,
        amount=0,
        reason_code=command.reason_code,
        sequence=draft.sequence,
        create_time=draft.now,
        bucket=command.bucket,
        comment=command.comment,
        author=command.actor.name,
        provider_id=command.bet.provider_id,
        bet_ref=command.bet.bet_ref,
        successor=command.successor,
    )


def check(command: ReplanAuthorization, bet: Bet, draft: Draft) -> Refusal | None:
    """Refuses bets that are over, buckets that they need not leave, and unfit successors."""
    if bet.state not in OPEN:
        return IllegalTransition(bet.key.bet_ref, bet.state.value, "ReplanAuthorization")
    topology = draft.configuration.topology.value
    if refusal := check_emptied(command.bucket, topology):
        return refusal
    left = bucket_left(command.bucket, bet, topology)
    if left is None:
        return BucketNotInPlan(bet.key.bet_ref, command.bucket)
    return check_successor(left, command.successor, draft.currency, topology) or check_watched(
        left, bet, draft
    )


def bucket_left(code: str, bet: Bet, topology: Topology) -> str | None:
    """Returns the bucket that a bet's money would leave; none where it goes to no such bucket.

    A bet that was opened again may also be asked for by the retired bucket that its plan names.
    """
    if code in buckets_now(bet):
        return code
    is_named = code in topology.successor_by_code and code in bet.named_buckets
    return bet.replanned[code] if is_named else None


def check_watched(code: str, bet: Bet, draft: Draft) -> RollingOpen | None:
    """Refuses to send elsewhere what a requirement that is over still deals with.

    What comes back of its stake is forfeited, or released within its cap: it is where the
    requirement looks for it, or it would be the player's without that.
    """
    watching = [
        each
        for each in draft.items_of(Requirement)
        if each.tail and each.bucket == code and bet.sequence <= each.end_sequence
    ]
    return RollingOpen(sum(each.remaining for each in watching)) if watching else None


def buckets_now(bet: Bet) -> frozenset[str]:
    """Returns the buckets that a bet's money goes to by its plan as it is now."""
    return frozenset(bet.replanned.get(code, code) for code in bet.named_buckets)


def replanned(bet: Bet, bucket: str, successor: str) -> Bet:
    """Returns a bet that sends to the successor what it sent to the bucket."""
    changed = {
        code: successor if target == bucket else target for code, target in bet.replanned.items()
    }
    return replace(bet, replanned={**changed, bucket: successor}, revision=bet.revision + 1)
