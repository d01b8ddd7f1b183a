"""Refusals of promotions."""

from wallet_server.core.refusals.kinds import Declined
from wallet_server.core.value import value


@value
class ItemLimit(Declined):
    """The wallet has as many live coupons and open rolling requirements as it may have."""

    reason = "ITEM_LIMIT"
    message = "the wallet has {max} live coupons and requirements already"

    max: int


@value
class PromotionTombstoned(Declined):
    """The promotion was reversed before it came, and never may be credited."""

    reason = "PROMOTION_TOMBSTONED"
    message = "promotion {promotion_id} was reversed before it came"

    promotion_id: str


@value
class PromotionValueSpent(Declined):
    """The value is not all there any more, and the mode wants all or nothing."""

    reason = "PROMOTION_VALUE_SPENT"
    message = "{available} of {requested} are left"

    available: int
    requested: int


@value
class BucketNotPromoCreditable(Declined):
    """The topology does not let promotions into the bucket."""

    reason = "BUCKET_NOT_PROMO_CREDITABLE"
    message = "bucket {bucket} takes no promotions"

    bucket: str


@value
class BucketNotForfeitable(Declined):
    """The bucket holds the player's own money, which nothing forfeits."""

    reason = "BUCKET_NOT_FORFEITABLE"
    message = "bucket {bucket} is not restricted money"

    bucket: str


@value
class JurisdictionWageringCap(Declined):
    """The law that applies limits how much wagering a promotion may ask for."""

    reason = "JURISDICTION_WAGERING_CAP"
    message = "a multiplier of {multiplier_bp} exceeds the {max_bp} that {jurisdiction} allows"

    multiplier_bp: int
    max_bp: int
    jurisdiction: str


@value
class JurisdictionMixedProduct(Declined):
    """The law that applies forbids promotions across kinds of products."""

    reason = "JURISDICTION_MIXED_PRODUCT"
    message = "{jurisdiction} forbids a promotion across {products}"

    jurisdiction: str
    products: str
