"""Requests on coupons, promotions and rolling, and the commands they ask for."""

from datetime import UTC, datetime, timedelta

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from tests.rpc.bets import eur
from wallet.v1 import coupon_pb2, promotion_pb2, rolling_pb2
from wallet.v1 import wallet_commands_pb2 as pb
from wallet.v1.money_pb2 import Money
from wallet_server.core.commands import (
    Amount,
    CancelRolling,
    Command,
    CompleteRolling,
    CreditPromotion,
    ExpireCoupons,
    ForfeitBonus,
    GrantCoupon,
    ReversePromotion,
    RevokeCoupon,
    TransferFunds,
)
from wallet_server.core.coupons.grant import (
    CouponRestrictions,
    CouponTerms,
    UseMode,
    VoidBehavior,
)
from wallet_server.core.promotions.promotion import PromotionKind, ReversalMode
from wallet_server.core.rolling.requirement import ReleaseMode, RollingTerms

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

PROMOTIONS: list[tuple[Message, Command]] = [
    (
        pb.GrantCouponRequest(grant_id="g1", amount=eur(9), valid_until_time=Timestamp(seconds=60), terms=coupon_pb2.CouponTerms(profit_target="cash")),
        GrantCoupon("g1", Amount("EUR", 9), EPOCH + timedelta(minutes=1), CouponTerms("cash")),
    ),
    (
        pb.GrantCouponRequest(
            grant_id="g1",
            amount=eur(9),
            valid_from_time=Timestamp(seconds=0),
            valid_until_time=Timestamp(seconds=60, nanos=1_999),
            terms=coupon_pb2.CouponTerms(
                profit_target="cash",
                stake_target="bonus",
                profit_cap=0,
                use_mode=coupon_pb2.COUPON_USE_MODE_REQUIRE_FULL,
                void_behavior=coupon_pb2.VOID_BEHAVIOR_CONSUME,
                cash_out_allowed=True,
                uses_max=2,
                restrictions=coupon_pb2.CouponRestrictions(
                    provider_types=["SPORTS"], provider_ids=["acme"], game_ids=["g"], sports=["s"], competitions=["c"], bet_types=["t"],
                    legs_min=1, legs_max=2, odds_milli_min=1_001, odds_milli_max=1_002, stake_min=3, stake_max=4,
                ),
            ),
            qualifying_provider_types=["SLOTS", "LIVE"],
        ),
        GrantCoupon(
            "g1",
            Amount("EUR", 9),
            EPOCH + timedelta(minutes=1, microseconds=1),
            CouponTerms(
                "cash", "bonus", 0, UseMode.REQUIRE_FULL, VoidBehavior.CONSUME, cash_out_allowed=True, uses_max=2,
                restrictions=CouponRestrictions(("SPORTS",), ("acme",), ("g",), ("s",), ("c",), ("t",), 1, 2, 1_001, 1_002, 3, 4),
            ),
            EPOCH,
            ("SLOTS", "LIVE"),
        ),
    ),
    (
        pb.RevokeCouponRequest(grant_id="g1", reason_code="ABUSE", forfeit=True),
        RevokeCoupon("g1", "ABUSE", forfeit=True),
    ),
    (pb.ExpireCouponsRequest(), ExpireCoupons()),
    (pb.ExpireCouponsRequest(grant_id="g1"), ExpireCoupons("g1")),
    (
        pb.CreditPromotionRequest(promotion_id="p1", bucket="bonus", amount=eur(9)),
        CreditPromotion("p1", "bonus", Amount("EUR", 9)),
    ),
    (
        pb.CreditPromotionRequest(
            promotion_id="p1",
            bucket="bonus",
            amount=eur(9),
            kind=promotion_pb2.PROMOTION_KIND_LOSSBACK,
            rolling=rolling_pb2.RollingTerms(multiplier_bp=50_000, release_target="cash", conversion_cap=0, release_mode=rolling_pb2.RELEASE_MODE_AUTOMATIC, group_wide=True, provider_types=["SLOTS"], expires_after_seconds=7),
            qualifying_provider_types=["SLOTS", "LIVE"],
        ),
        CreditPromotion(
            "p1",
            "bonus",
            Amount("EUR", 9),
            PromotionKind.LOSSBACK,
            RollingTerms(50_000, "cash", 0, ReleaseMode.AUTOMATIC, group_wide=True, provider_types=("SLOTS",), expires_after_seconds=7),
            ("SLOTS", "LIVE"),
        ),
    ),
    (pb.ReversePromotionRequest(promotion_id="p1"), ReversePromotion("p1")),
    (
        pb.ReversePromotionRequest(promotion_id="p1", mode=promotion_pb2.REVERSAL_MODE_DEBT, reason_code="FRAUD"),
        ReversePromotion("p1", ReversalMode.DEBT, "FRAUD"),
    ),
    (pb.ForfeitBonusRequest(bucket="bonus", reason_code="ASKED"), ForfeitBonus("bonus", "ASKED")),
    (
        pb.TransferFundsRequest(source="points", target="cash", amount=Money(asset_code="PTS", minor_units=100)),
        TransferFunds("points", "cash", Amount("PTS", 100)),
    ),
    (pb.CompleteRollingRequest(requirement_id="q1", revision=3), CompleteRolling("q1", 3)),
    (
        pb.CancelRollingRequest(requirement_id="q1", revision=3, forfeit=True, reason_code="ASKED"),
        CancelRolling("q1", 3, forfeit=True, reason_code="ASKED"),
    ),
]  # fmt: skip
