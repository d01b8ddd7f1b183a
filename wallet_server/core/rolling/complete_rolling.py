"""Releasing requirements by command."""

from datetime import datetime

from wallet_server.core.commands import CompleteRolling
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.decision import APPLIED, Change, Decision, Outcome
from wallet_server.core.draft import Draft
from wallet_server.core.item_key import ItemKey, ItemKind
from wallet_server.core.refusals import (
    Refusal,
    RequirementNotFound,
    RollingNotFulfilled,
    RollingVersionStale,
)
from wallet_server.core.results import RollingResult
from wallet_server.core.rolling.pass_on import pass_on
from wallet_server.core.rolling.release import check_release, release
from wallet_server.core.rolling.requirement import Requirement, RequirementState
from wallet_server.core.wallet import Wallet


def decide_complete_rolling(
    command: CompleteRolling, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    """Releases what a fulfilled requirement has locked. One that is released stays so."""
    draft = Draft(wallet, configuration, now)
    requirement = find_requirement(draft, command.requirement_id)
    if requirement is None:
        return RequirementNotFound(command.requirement_id)
    if requirement.state is RequirementState.RELEASED:
        return as_before(draft, requirement)
    if refusal := check(draft, requirement, command.revision):
        return refusal
    released = release(draft, requirement)
    pass_on(draft)
    return draft.change(APPLIED, result=ended_by(draft, released, before=requirement))


def check(draft: Draft, requirement: Requirement, revision: int) -> Refusal | None:
    """Refuses what the caller has not seen, and what may not be released yet."""
    if revision not in {0, requirement.revision}:
        return RollingVersionStale(requirement.requirement_id, requirement.revision)
    if requirement.state is not RequirementState.FULFILLED:
        return RollingNotFulfilled(
            requirement.requirement_id, requirement.state.value, requirement.remaining
        )
    return check_release(draft, requirement)


def find_requirement(draft: Draft, requirement_id: str) -> Requirement | None:
    """Returns the wallet's requirement of that id, if there is one."""
    return draft.item(ItemKey(ItemKind.REQUIREMENT, requirement_id), Requirement)


def as_before(draft: Draft, requirement: Requirement) -> Change:
    """Answers that nothing was to be done, with the requirement as it is."""
    return draft.change(
        Outcome.ALREADY_APPLIED,
        result=RollingResult(
            requirement.requirement_id, requirement.state.value, requirement.revision
        ),
    )


def ended_by(draft: Draft, ended: Requirement, *, before: Requirement) -> RollingResult:
    """Returns what a command that ended a requirement tells: what it moved."""
    after = find_requirement(draft, ended.requirement_id)
    assert after is not None
    return RollingResult(
        after.requirement_id,
        after.state.value,
        after.revision,
        released=after.released - before.released,
        forfeited=after.forfeited - before.forfeited,
    )
