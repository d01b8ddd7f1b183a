"""What becomes of rolling requirements when the value that they are for is taken back."""

from collections.abc import Iterator
from dataclasses import replace

from wallet_server.core.draft import Draft
from wallet_server.core.rolling.cancel_rolling import end_early
from wallet_server.core.rolling.requirement import (
    Requirement,
    RequirementOrigin,
    RequirementState,
)


def shrink_requirements(
    draft: Draft, origin: RequirementOrigin, origin_id: str, *, outstanding: int, left: int
) -> None:
    """Lowers what must still be wagered for a value, in proportion to what is left of it.

    `outstanding` is what there was of the value, `left` what there is now. It is rounded up, so
    that wagering never vanishes before the value has. With the last of the value the requirement
    goes too, and forfeits nothing. What transfers have made of it shares its fate.
    """
    if left == outstanding:
        return
    for requirement in list(family_of(draft, origin, origin_id)):
        if left:
            draft.put_item(shrunk(requirement, outstanding, left))
        else:
            end_early(draft, requirement, RequirementState.CANCELLED, forfeits=False)


def family_of(draft: Draft, origin: RequirementOrigin, origin_id: str) -> Iterator[Requirement]:
    """Yields the open requirements that a value has brought, wherever it went."""
    for each in draft.items_of(Requirement):
        if each.is_open and each.family == (origin, origin_id):
            yield each


def shrunk(requirement: Requirement, outstanding: int, left: int) -> Requirement:
    """Returns a requirement for which only so much of the outstanding value is left."""
    remaining = -(-requirement.remaining * left // outstanding)
    return replace(
        requirement,
        required=requirement.required - requirement.remaining + remaining,
        revision=requirement.revision + 1,
    )
