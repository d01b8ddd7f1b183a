"""Requests about promotions, transfers and rolling requirements."""

from wallet.v1 import promotion_pb2, rolling_pb2
from wallet.v1 import wallet_commands_pb2 as pb
from wallet_server.core.commands import (
    CancelRolling,
    CompleteRolling,
    CreditPromotion,
    ForfeitBonus,
    ReversePromotion,
    TransferFunds,
)
from wallet_server.core.promotions.promotion import PromotionKind, ReversalMode
from wallet_server.core.rolling.requirement import ReleaseMode, RollingTerms
from wallet_server.rpc.decode.values import amount, values_by_number

KINDS = values_by_number(PromotionKind, promotion_pb2.PromotionKind, prefix="PROMOTION_KIND")
MODES = values_by_number(ReversalMode, promotion_pb2.ReversalMode, prefix="REVERSAL_MODE")
RELEASE_MODES = values_by_number(ReleaseMode, rolling_pb2.ReleaseMode, prefix="RELEASE_MODE")


def credit_promotion(request: pb.CreditPromotionRequest) -> CreditPromotion:
    """Decodes `CreditPromotion`."""
    return CreditPromotion(
        promotion_id=request.promotion_id,
        bucket=request.bucket,
        amount=amount(request.amount),
        kind=KINDS.get(request.kind, PromotionKind.BONUS),
        rolling=rolling_terms(request.rolling) if request.HasField("rolling") else None,
        qualifying_provider_types=tuple(request.qualifying_provider_types),
    )


def rolling_terms(message: rolling_pb2.RollingTerms) -> RollingTerms:
    """Decodes what a requirement asks and promises."""
    has = message.HasField
    return RollingTerms(
        multiplier_bp=message.multiplier_bp,
        release_target=message.release_target,
        conversion_cap=message.conversion_cap if has("conversion_cap") else None,
        release_mode=RELEASE_MODES.get(message.release_mode, ReleaseMode.ON_COMMAND),
        group_wide=message.group_wide,
        provider_types=tuple(message.provider_types),
        expires_after_seconds=(
            message.expires_after_seconds if has("expires_after_seconds") else None
        ),
    )


def reverse_promotion(request: pb.ReversePromotionRequest) -> ReversePromotion:
    """Decodes `ReversePromotion`."""
    mode = MODES.get(request.mode, ReversalMode.PARTIAL)
    return ReversePromotion(request.promotion_id, mode, request.reason_code)


def forfeit_bonus(request: pb.ForfeitBonusRequest) -> ForfeitBonus:
    """Decodes `ForfeitBonus`."""
    return ForfeitBonus(request.bucket, request.reason_code)


def transfer_funds(request: pb.TransferFundsRequest) -> TransferFunds:
    """Decodes `TransferFunds`."""
    return TransferFunds(request.source, request.target, amount(request.amount))


def complete_rolling(request: pb.CompleteRollingRequest) -> CompleteRolling:
    """Decodes `CompleteRolling`."""
    return CompleteRolling(request.requirement_id, request.revision)


def cancel_rolling(request: pb.CancelRollingRequest) -> CancelRolling:
    """Decodes `CancelRolling`. That it has expired nobody can say but the server itself."""
    return CancelRolling(
        requirement_id=request.requirement_id,
        revision=request.revision,
        forfeit=request.forfeit,
        reason_code=request.reason_code,
    )
