"""What becomes of a promotion's rolling requirements when the promotion is taken back."""

from collections.abc import Iterator
from dataclasses import replace

from wallet_server.core.draft import Draft
from wallet_server.core.promotions.promotion import Promotion
from wallet_server.core.rolling.cancel_rolling import end_early
from wallet_server.core.rolling.requirement import (
    Requirement,
    RequirementOrigin,
    RequirementState,
)


def shrink_requirements(before: Promotion, after: Promotion, draft: Draft) -> None:
    """Lowers what must still be wagered for a promotion, in proportion to what was taken back.

    It is rounded up, so that wagering never vanishes before the value has. With the last of
    the value the requirement goes too. What transfers have made of it shares its fate.
    """
    if after.reversed == before.reversed:
        return
    for requirement in list(family_of(before, draft)):
        if after.outstanding:
            draft.put_item(shrunk(requirement, before.outstanding, after.outstanding))
        else:
            end_early(draft, requirement, RequirementState.CANCELLED, forfeits=False)


def family_of(promotion: Promotion, draft: Draft) -> Iterator[Requirement]:
    """Yields the open requirements that a promotion has brought, wherever its value went."""
    for each in draft.items_of(Requirement):
        is_its_own = (
            each.origin is RequirementOrigin.PROMOTION and each.origin_id == promotion.promotion_id
        )
        if each.is_open and is_its_own:
            yield each


def shrunk(requirement: Requirement, outstanding: int, left: int) -> Requirement:
    """Returns a requirement for which only so much of the outstanding value is left."""
    remaining = -(-requirement.remaining * left // outstanding)
    return replace(
        requirement,
        required=requirement.required - requirement.remaining + remaining,
        revision=requirement.revision + 1,
    )
