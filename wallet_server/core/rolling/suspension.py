"""Holding requirements while a withdrawal that would forfeit their bonus is under way."""

from dataclasses import replace

from wallet_server.core.draft import Draft
from wallet_server.core.rolling.requirement import Requirement, RequirementState


def suspend(draft: Draft, requirement: Requirement) -> Requirement:
    """Lets an active requirement wait: nothing counts for it, and nothing releases it."""
    assert requirement.state is RequirementState.ACTIVE
    return put_state(draft, requirement, RequirementState.SUSPENDED)


def resume(draft: Draft, requirement: Requirement) -> Requirement:
    """Lets a requirement that waited go on. One that has come to its end is fulfilled."""
    assert requirement.state is RequirementState.SUSPENDED
    is_done = requirement.remaining == 0
    return put_state(
        draft,
        requirement,
        RequirementState.FULFILLED if is_done else RequirementState.ACTIVE,
    )


def put_state(draft: Draft, requirement: Requirement, state: RequirementState) -> Requirement:
    """Puts a requirement into another state."""
    changed = replace(requirement, state=state, revision=requirement.revision + 1)
    draft.put_item(changed)
    return changed
