"""Ending requirements early."""

from dataclasses import replace
from datetime import datetime

from wallet_server.core.accounts import bucket, open_stake
from wallet_server.core.commands import CancelRolling
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.decision import APPLIED, Decision
from wallet_server.core.draft import Draft
from wallet_server.core.refusals import (
    BucketFrozen,
    BucketNotForfeitable,
    Refusal,
    RequirementNotFound,
    RollingNotFulfilled,
    RollingVersionStale,
)
from wallet_server.core.rolling.complete_rolling import as_before, ended_by, find_requirement
from wallet_server.core.rolling.pass_on import pass_on
from wallet_server.core.rolling.release import forfeit, is_restricted
from wallet_server.core.rolling.requirement import Requirement, RequirementState
from wallet_server.core.wallet import Wallet

ENDED_EARLY = frozenset({RequirementState.CANCELLED, RequirementState.EXPIRED})


def decide_cancel_rolling(
    command: CancelRolling, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    """Ends a requirement that is not over, with its bucket's restricted money if so said.

    One that was ended early stays so. The scheduler's command does nothing before its time,
    and then ends the bonus with the requirement, as its terms said.
    """
    draft = Draft(wallet, configuration, now)
    requirement = find_requirement(draft, command.requirement_id)
    if requirement is None:
        return RequirementNotFound(command.requirement_id)
    due = requirement.due_time is not None and requirement.due_time <= now
    if requirement.state in ENDED_EARLY or (command.expired and not due):
        return as_before(draft, requirement)
    if refusal := check(draft, requirement, command):
        return refusal
    state = RequirementState.EXPIRED if command.expired else RequirementState.CANCELLED
    forfeits = command.expired or command.forfeit
    ended = end_early(draft, requirement, state, forfeits=forfeits)
    pass_on(draft)
    return draft.change(APPLIED, result=ended_by(draft, ended, before=requirement))


def check(draft: Draft, requirement: Requirement, command: CancelRolling) -> Refusal | None:
    """Refuses what the caller has not seen, what is over, and what may not be forfeited."""
    if command.revision not in {0, requirement.revision}:
        return RollingVersionStale(requirement.requirement_id, requirement.revision)
    if not requirement.is_open:
        return RollingNotFulfilled(
            requirement.requirement_id, requirement.state.value, requirement.remaining
        )
    restricted = is_restricted(draft, requirement)
    if command.forfeit and not restricted:
        return BucketNotForfeitable(requirement.bucket)
    forfeits = restricted and (command.forfeit or command.expired)
    if forfeits and requirement.bucket in draft.before.frozen_buckets:
        return BucketFrozen(requirement.bucket)
    return None


def end_early(
    draft: Draft, requirement: Requirement, state: RequirementState, *, forfeits: bool
) -> Requirement:
    """Ends a requirement, and forfeits what its bucket holds if that is restricted money.

    While stake of the bucket is open, it then goes on watching what comes back of it.
    """
    watches = forfeits and is_restricted(draft, requirement)
    if watches:
        requirement = forfeit(draft, requirement, draft.balance(bucket(requirement.bucket)))
    ended = replace(
        requirement,
        state=state,
        tail=watches and draft.balance(open_stake(requirement.bucket)) > 0,
        end_sequence=draft.sequence,
        ended_bonus=watches or requirement.ended_bonus,
        revision=requirement.revision + 1,
    )
    draft.put_item(ended)
    return ended
