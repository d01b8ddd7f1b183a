"""Crediting promotions."""

from datetime import datetime

from wallet_server.core.accounts import PROMO, bucket
from wallet_server.core.amounts import check_asset
from wallet_server.core.commands import CreditPromotion
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.config.jurisdictions import check_products, check_wagering, law_of
from wallet_server.core.config.topology import BucketStatus, BucketType
from wallet_server.core.decision import APPLIED, Decision, Replay
from wallet_server.core.draft import Draft
from wallet_server.core.item_key import ItemKey, ItemKind
from wallet_server.core.players.status_rules import forbids
from wallet_server.core.promotions.promotion import Promotion, PromotionState, promotion_key
from wallet_server.core.promotions.reach import reach_of_credit
from wallet_server.core.refusals import (
    BucketDraining,
    BucketNotPromoCreditable,
    BucketUnknownInTopology,
    PromotionTombstoned,
    Refusal,
    TransactionPayloadMismatch,
)
from wallet_server.core.rolling.open_requirement import open_requirement
from wallet_server.core.rolling.pass_on import pass_on
from wallet_server.core.rolling.requirement import Requirement, RequirementOrigin
from wallet_server.core.wallet import Wallet


def decide_credit_promotion(
    command: CreditPromotion, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    """Credits a promotion to a bucket that takes promotions, unless it is known."""
    if ItemKey(ItemKind.COUPON, command.promotion_id) in wallet.items:
        return TransactionPayloadMismatch(command.promotion_id, "kind")
    draft = Draft(wallet, configuration, now)
    known = draft.item(promotion_key(command.promotion_id), Promotion)
    if known is not None:
        return answer_again(command, known)
    bucket_type = configuration.topology.value.bucket_by_code.get(command.bucket)
    if bucket_type is None:
        return BucketUnknownInTopology(command.bucket)
    if mismatch := check_asset("amount", command.amount, bucket_type.asset_in(draft.currency)):
        return mismatch
    if refusal := forbids(command, wallet.status, configuration.wallet_policy.value):
        return refusal
    if refusal := check_bucket(bucket_type) or check_release(command, configuration):
        return refusal
    if refusal := check_law(command, configuration):
        return refusal
    return credit(command, draft)


def answer_again(command: CreditPromotion, known: Promotion) -> Decision:
    """Answers a promotion that is known: as the first time, if it says the same."""
    if known.state is PromotionState.TOMBSTONED:
        return PromotionTombstoned(command.promotion_id)
    if mismatch := check_asset("amount", command.amount, known.asset_code):
        return mismatch
    same = {
        "amount": command.amount.minor_units == known.amount,
        "bucket": command.bucket == known.bucket,
        "kind": command.kind is known.kind,
        "rolling": command.rolling == known.rolling,
        "qualifying_provider_types": (
            command.qualifying_provider_types == known.qualifying_provider_types
        ),
    }
    for field, is_same in same.items():
        if not is_same:
            return TransactionPayloadMismatch(command.promotion_id, field)
    return Replay(known.sequence)


def check_bucket(bucket_type: BucketType) -> Refusal | None:
    """Refuses a bucket that promotions may not go to, or that is being emptied."""
    if not bucket_type.promo_creditable:
        return BucketNotPromoCreditable(bucket_type.code)
    if bucket_type.status is not BucketStatus.ACTIVE:
        return BucketDraining(bucket_type.code)
    return None


def check_release(command: CreditPromotion, configuration: Configuration) -> Refusal | None:
    """Refuses to promise that money will be released to a bucket that is being emptied."""
    target = command.rolling.release_target if command.rolling else ""
    found = configuration.topology.value.bucket_by_code.get(target)
    if found is not None and found.status is not BucketStatus.ACTIVE:
        return BucketDraining(target)
    return None


def check_law(command: CreditPromotion, configuration: Configuration) -> Refusal | None:
    """Refuses what the law that the tenant plays by does not let be promised."""
    rolling = command.rolling
    if rolling and (refusal := check_wagering(rolling.multiplier_bp, law_of(configuration))):
        return refusal
    reach = reach_of_credit(command, configuration)
    return check_products(command.qualifying_provider_types, reach, configuration)


def credit(command: CreditPromotion, draft: Draft) -> Decision:
    """Credits a promotion, and opens the requirement that its terms ask for."""
    asset_code, amount = command.amount.asset_code, command.amount.minor_units
    draft.move(asset_code, PROMO, bucket(command.bucket), amount)
    requirement: Requirement | Refusal | None = None
    if command.rolling is not None:
        requirement = open_requirement(
            draft,
            bucket=command.bucket,
            asset_code=asset_code,
            amount=amount,
            terms=command.rolling,
            origin=RequirementOrigin.PROMOTION,
            origin_id=command.promotion_id,
        )
        if isinstance(requirement, Refusal):
            return requirement
    promotion = Promotion(
        promotion_id=command.promotion_id,
        state=PromotionState.CREDITED,
        sequence=draft.sequence,
        create_time=draft.now,
        kind=command.kind,
        bucket=command.bucket,
        asset_code=asset_code,
        amount=amount,
        requirement_id=requirement.requirement_id if requirement else "",
        rolling=command.rolling,
        qualifying_provider_types=command.qualifying_provider_types,
    )
    draft.put_item(promotion)
    pass_on(draft)
    return draft.change(APPLIED, result=promotion.result)
