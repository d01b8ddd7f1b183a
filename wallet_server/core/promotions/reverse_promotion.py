"""Taking promotions back."""

from dataclasses import replace
from datetime import datetime

from wallet_server.core.accounts import bucket
from wallet_server.core.commands import ReversePromotion
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.coupons.grant import CouponGrant
from wallet_server.core.decision import APPLIED, Decision, Outcome
from wallet_server.core.draft import Draft
from wallet_server.core.item_key import ItemKey, ItemKind
from wallet_server.core.promotions.promotion import (
    Promotion,
    PromotionState,
    ReversalMode,
    promotion_key,
)
from wallet_server.core.promotions.reverse_grant import reverse_grant
from wallet_server.core.promotions.take_back import owe, take_back
from wallet_server.core.refusals import BucketFrozen, PromotionValueSpent, Refusal
from wallet_server.core.rolling.pass_on import pass_on
from wallet_server.core.rolling.requirement import RequirementOrigin
from wallet_server.core.rolling.shrinking import shrink_requirements
from wallet_server.core.wallet import Wallet

OVER = frozenset({PromotionState.REVERSED, PromotionState.TOMBSTONED})


def decide_reverse_promotion(
    command: ReversePromotion, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    """Takes back what a promotion has credited, or keeps one that has not arrived away.

    A grant of that name is revoked. Repeating it is safe: it takes what has come back since,
    if anything has, and otherwise says the same again.
    """
    draft = Draft(wallet, configuration, now)
    grant = draft.item(ItemKey(ItemKind.COUPON, command.promotion_id), CouponGrant)
    if grant is not None:
        return reverse_grant(command.mode, grant, draft)
    promotion = draft.item(promotion_key(command.promotion_id), Promotion)
    if promotion is None:
        return keep_away(command, draft)
    if promotion.state in OVER:
        return draft.change(Outcome.ALREADY_APPLIED, result=promotion.result)
    return reverse_credit(command.mode, promotion, draft)


def keep_away(command: ReversePromotion, draft: Draft) -> Decision:
    """Keeps a promotion, or a grant, that has not arrived from ever arriving."""
    tombstone = Promotion(
        command.promotion_id, PromotionState.TOMBSTONED, draft.sequence, draft.now
    )
    draft.put_item(tombstone)
    return draft.change(Outcome.TOMBSTONED, result=tombstone.result)


def reverse_credit(mode: ReversalMode, promotion: Promotion, draft: Draft) -> Decision:
    """Takes back what is there of a promotion; the mode says what the rest becomes."""
    if mode is ReversalMode.STRICT and (refusal := check_whole(promotion, draft)):
        return refusal
    reversed_now = take_back(promotion, draft)
    if mode is ReversalMode.DEBT:
        reversed_now += owe(promotion, promotion.outstanding - reversed_now, draft)
    if reversed_now == 0 and promotion.state is PromotionState.PARTIALLY_REVERSED:
        return draft.change(Outcome.ALREADY_APPLIED, result=promotion.result)
    after = reversed_by(promotion, reversed_now)
    draft.put_item(after)
    shrink_requirements(
        draft,
        RequirementOrigin.PROMOTION,
        promotion.promotion_id,
        outstanding=promotion.outstanding,
        left=after.outstanding,
    )
    pass_on(draft)
    return draft.change(APPLIED, result=after.result)


def check_whole(promotion: Promotion, draft: Draft) -> Refusal | None:
    """Refuses to take back what is not all there, or may not leave its bucket."""
    code = draft.configuration.topology.value.live_code(promotion.bucket)
    available = draft.balance(bucket(code))
    if available < promotion.outstanding:
        return PromotionValueSpent(available=available, requested=promotion.outstanding)
    return BucketFrozen(code) if code in draft.before.frozen_buckets else None


def reversed_by(promotion: Promotion, amount: int) -> Promotion:
    """Returns a promotion of which so much more was taken back; nothing of it is live then."""
    total = promotion.reversed + amount
    whole = total == promotion.amount
    return replace(
        promotion,
        state=PromotionState.REVERSED if whole else PromotionState.PARTIALLY_REVERSED,
        reversed=total,
        unrecovered=promotion.amount - total,
        revision=promotion.revision + 1,
    )
