"""How a requirement comes nearer to its end, and falls back."""

from dataclasses import replace

from wallet_server.core.draft import Draft
from wallet_server.core.rolling.requirement import Requirement, RequirementState

ACTIVE = RequirementState.ACTIVE
FULFILLED = RequirementState.FULFILLED
TRANSFERRED = RequirementState.TRANSFERRED

RESTORES = frozenset({ACTIVE, RequirementState.SUSPENDED, RequirementState.RELEASED, TRANSFERRED})
"""The states in which a bet that has counted may count again what a correction took away."""


def has_requirements(draft: Draft) -> bool:
    """Tells whether there are any to look at: it is asked with every change of a bet."""
    return any(
        isinstance(each, Requirement)
        for items in (draft.before.items, draft.items)
        for each in items.values()
    )


def raise_progress(draft: Draft, requirement: Requirement, amount: int) -> None:
    """Counts an amount, which is no more than there is room for.

    What corrections had asked of the children of a TRANSFERRED requirement is theirs again.
    """
    own = min(amount, requirement.remaining)
    back = amount - own
    raised = with_progress(requirement, progress=requirement.progress + amount, asked=back)
    draft.put_item(replace(raised, passed=requirement.passed - back))
    if back:
        heir = find_heir(draft, requirement)
        assert heir is not None
        draft.put_item(with_progress(heir, progress=heir.progress, asked=-back))


def lower_progress(draft: Draft, requirement: Requirement, amount: int) -> None:
    """Takes back what was counted. What is RELEASED stays so, and remembers what it lacks.

    What a TRANSFERRED requirement loses is asked of the newest that its money went to.
    """
    heir = find_heir(draft, requirement) if requirement.state is TRANSFERRED else None
    asked = amount if heir is not None else 0
    lowered = with_progress(requirement, progress=requirement.progress - amount, asked=-asked)
    draft.put_item(replace(lowered, passed=requirement.passed + asked))
    if heir is not None:
        draft.put_item(with_progress(heir, progress=heir.progress, asked=asked))


def with_progress(requirement: Requirement, *, progress: int, asked: int) -> Requirement:
    """Returns a requirement with other progress that asks so much more, in its new state."""
    required = requirement.required + asked
    assert 0 <= progress <= required
    state = requirement.state
    if state in {ACTIVE, FULFILLED}:
        state = FULFILLED if progress == required else ACTIVE
    return replace(
        requirement,
        state=state,
        required=required,
        progress=progress,
        revision=requirement.revision + 1,
    )


def room_to_restore(draft: Draft, requirement: Requirement) -> int:
    """Returns what a bet that has counted for a requirement may count for it again."""
    if requirement.state not in RESTORES:
        return 0
    heir = find_heir(draft, requirement) if requirement.passed else None
    passed = 0 if heir is None else min(requirement.passed, heir.remaining)
    return requirement.remaining + passed


def find_heir(draft: Draft, requirement: Requirement) -> Requirement | None:
    """Returns the newest open requirement of the same family and asset, if there is one."""
    heir = None
    for each in draft.items_of(Requirement):
        if (
            each.is_open
            and each.key != requirement.key
            and each.family == requirement.family
            and each.asset_code == requirement.asset_code
        ):
            heir = each
    return heir
