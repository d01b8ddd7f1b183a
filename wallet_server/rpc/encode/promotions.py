"""Promotions."""

from wallet.v1 import promotion_pb2 as pb
from wallet_server.core.promotions.promotion import Promotion, PromotionKind, PromotionState
from wallet_server.rpc.encode.rolling import encode_terms
from wallet_server.rpc.encode.values import money, numbers, timestamp

PROMOTION_STATES = numbers(PromotionState, pb.PromotionState, prefix="PROMOTION_STATE")
PROMOTION_KINDS = numbers(PromotionKind, pb.PromotionKind, prefix="PROMOTION_KIND")


def encode_promotion(promotion: Promotion) -> pb.Promotion:
    """Encodes a promotion as it is. One that never came has no amounts."""
    asset_code = promotion.asset_code
    return pb.Promotion(
        promotion_id=promotion.promotion_id,
        state=PROMOTION_STATES[promotion.state],
        kind=PROMOTION_KINDS[promotion.kind],
        bucket=promotion.bucket,
        amount=money(promotion.amount, asset_code) if asset_code else None,
        reversed=money(promotion.reversed, asset_code) if asset_code else None,
        unrecovered=money(promotion.unrecovered, asset_code) if asset_code else None,
        requirement_id=promotion.requirement_id,
        rolling=encode_terms(promotion.rolling) if promotion.rolling else None,
        qualifying_provider_types=promotion.qualifying_provider_types,
        sequence=promotion.sequence,
        create_time=timestamp(promotion.create_time),
        revision=promotion.revision,
    )
