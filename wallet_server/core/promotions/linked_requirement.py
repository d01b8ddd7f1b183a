"""What becomes of a promotion's rolling requirement when the promotion is taken back."""

from dataclasses import replace

from wallet_server.core.draft import Draft
from wallet_server.core.item_key import ItemKey, ItemKind
from wallet_server.core.promotions.promotion import Promotion
from wallet_server.core.rolling.requirement import Requirement, RequirementState


def shrink_requirement(before: Promotion, after: Promotion, draft: Draft) -> None:
    """Lowers what must still be wagered for a promotion, in proportion to what was taken back.

    It is rounded up, so that wagering never vanishes before the value has. With all of the
    value the requirement goes too. What transfers have moved to other buckets stays there.
    """
    key = ItemKey(ItemKind.REQUIREMENT, before.requirement_id)
    requirement = draft.item(key, Requirement)
    if requirement is None or not requirement.is_open or after.reversed == before.reversed:
        return
    remaining = -(-requirement.remaining * after.outstanding // before.outstanding)
    shrunk = replace(
        requirement,
        required=requirement.required - requirement.remaining + remaining,
        revision=requirement.revision + 1,
    )
    if after.outstanding == 0:
        shrunk = replace(
            requirement, state=RequirementState.CANCELLED, revision=requirement.revision + 1
        )
    draft.put_item(shrunk)
