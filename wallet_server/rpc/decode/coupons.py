"""Requests about coupons."""

from wallet.v1 import coupon_pb2
from wallet.v1 import wallet_commands_pb2 as pb
from wallet_server.core.commands import ExpireCoupons, GrantCoupon, RevokeCoupon
from wallet_server.core.coupons.grant import (
    CouponRestrictions,
    CouponTerms,
    UseMode,
    VoidBehavior,
)
from wallet_server.rpc.decode.values import amount, time, values_by_number

USE_MODES = values_by_number(UseMode, coupon_pb2.CouponUseMode, prefix="COUPON_USE_MODE")
VOID_BEHAVIORS = values_by_number(VoidBehavior, coupon_pb2.VoidBehavior, prefix="VOID_BEHAVIOR")


def grant_coupon(request: pb.GrantCouponRequest) -> GrantCoupon:
    """Decodes `GrantCoupon`."""
    return GrantCoupon(
        grant_id=request.grant_id,
        amount=amount(request.amount),
        valid_until=time(request.valid_until_time),
        terms=coupon_terms(request.terms),
        valid_from=time(request.valid_from_time) if request.HasField("valid_from_time") else None,
        qualifying_provider_types=tuple(request.qualifying_provider_types),
    )


def coupon_terms(message: coupon_pb2.CouponTerms) -> CouponTerms:
    """Decodes what a coupon promises."""
    return CouponTerms(
        profit_target=message.profit_target,
        stake_target=message.stake_target or None,
        profit_cap=message.profit_cap if message.HasField("profit_cap") else None,
        use_mode=USE_MODES.get(message.use_mode, UseMode.PARTIAL_OK),
        void_behavior=VOID_BEHAVIORS.get(message.void_behavior, VoidBehavior.RETURN),
        cash_out_allowed=message.cash_out_allowed,
        uses_max=message.uses_max if message.HasField("uses_max") else None,
        restrictions=coupon_restrictions(message.restrictions),
    )


def coupon_restrictions(message: coupon_pb2.CouponRestrictions) -> CouponRestrictions:
    """Decodes what a bet must be for a coupon to pay."""
    return CouponRestrictions(
        provider_types=tuple(message.provider_types),
        provider_ids=tuple(message.provider_ids),
        game_ids=tuple(message.game_ids),
        sports=tuple(message.sports),
        competitions=tuple(message.competitions),
        bet_types=tuple(message.bet_types),
        legs_min=message.legs_min if message.HasField("legs_min") else None,
        legs_max=message.legs_max if message.HasField("legs_max") else None,
        odds_milli_min=message.odds_milli_min if message.HasField("odds_milli_min") else None,
        odds_milli_max=message.odds_milli_max if message.HasField("odds_milli_max") else None,
        stake_min=message.stake_min if message.HasField("stake_min") else None,
        stake_max=message.stake_max if message.HasField("stake_max") else None,
    )


def revoke_coupon(request: pb.RevokeCouponRequest) -> RevokeCoupon:
    """Decodes `RevokeCoupon`."""
    return RevokeCoupon(request.grant_id, request.reason_code, request.forfeit)


def expire_coupons(request: pb.ExpireCouponsRequest) -> ExpireCoupons:
    """Decodes `ExpireCoupons`."""
    return ExpireCoupons(request.grant_id)
