"""Random commands on coupons, promotions, transfers and rolling requirements."""

from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from tests.simulation.drawn_rules import draw_terms
from wallet_server.core.accounts import bucket
from wallet_server.core.commands import (
    Amount,
    CancelRolling,
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
from wallet_server.core.ids import WalletRef
from wallet_server.core.promotions.promotion import PromotionKind, ReversalMode
from wallet_server.core.rolling.requirement import Requirement

if TYPE_CHECKING:
    from tests.simulation.commands import CommandSource


def draw_grant(source: "CommandSource", ref: WalletRef) -> GrantCoupon:
    random = source.random
    grant_id = source.reference(ref, "gift")
    source.remember(ref, "grant", grant_id)
    hours = random.choice([-1, 1, 5, 48, 24 * 14])
    return GrantCoupon(
        grant_id,
        source.amount(ref, 1, 40),
        source.time + timedelta(hours=hours),
        draw_coupon_terms(source, ref),
        source.time + timedelta(minutes=20) if random.random() < 0.2 else None,
        draw_qualifying(random),
    )


def draw_coupon_terms(source: "CommandSource", ref: WalletRef) -> CouponTerms:
    random = source.random
    return CouponTerms(
        profit_target=source.bucket(ref),
        stake_target=source.bucket(ref) if random.random() < 0.3 else None,
        profit_cap=random.choice([None, None, 0, 10]),
        use_mode=random.choice(list(UseMode)),
        void_behavior=random.choice(list(VoidBehavior)),
        cash_out_allowed=random.random() < 0.6,
        uses_max=random.choice([None, None, 1, 2]),
        restrictions=draw_restrictions(source),
    )


def draw_restrictions(source: "CommandSource") -> CouponRestrictions:
    """Draws what a coupon is for; half of them are for everything."""
    random = source.random
    if random.random() < 0.5:
        return CouponRestrictions()
    return CouponRestrictions(
        provider_types=random.choice([(), (), ("SPORTS",), ("SLOTS", "LIVE", "COMMERCE")]),
        provider_ids=random.choice([(), (), ("lucky-slots", "acme-sports")]),
        game_ids=random.choice([(), (), (), ("game-1",)]),
        sports=random.choice([(), (), (), ("football",)]),
        bet_types=random.choice([(), (), (), ("SINGLE",)]),
        legs_min=random.choice([None, None, 2]),
        odds_milli_min=random.choice([None, None, 1_500]),
        odds_milli_max=random.choice([None, None, 3_000]),
        stake_min=random.choice([None, None, 10]),
        stake_max=random.choice([None, None, 30]),
    )


def draw_revoke(source: "CommandSource", ref: WalletRef) -> RevokeCoupon:
    return RevokeCoupon(source.gift(ref, "grant"), "TEST", forfeit=source.random.random() < 0.4)


def draw_expire(source: "CommandSource", ref: WalletRef) -> ExpireCoupons:
    return ExpireCoupons(source.gift(ref, "grant") if source.random.random() < 0.4 else "")


def draw_promotion(source: "CommandSource", ref: WalletRef) -> CreditPromotion:
    random = source.random
    promotion_id = source.reference(ref, "gift")
    source.remember(ref, "promotion", promotion_id)
    code = source.bucket(ref)
    return CreditPromotion(
        promotion_id,
        code,
        Amount(source.asset(ref, code), source.amount(ref, 1, 60).minor_units),
        random.choice(list(PromotionKind)),
        draw_terms(random, source.codes(ref)) if random.random() < 0.6 else None,
        draw_qualifying(random),
    )


def draw_qualifying(random: Random) -> tuple[str, ...]:
    """Draws the provider types that a player had to use to get something."""
    return random.choice([(), (), ("SPORTS",), ("SLOTS",), ("SLOTS", "LIVE"), ("SPORTS", "SLOTS")])


def draw_reverse(source: "CommandSource", ref: WalletRef) -> ReversePromotion:
    kind = "grant" if source.random.random() < 0.3 else "promotion"
    return ReversePromotion(
        source.gift(ref, kind), source.random.choice(list(ReversalMode)), "TEST"
    )


def draw_forfeit(source: "CommandSource", ref: WalletRef) -> ForfeitBonus:
    return ForfeitBonus(source.bucket(ref), "TEST")


def draw_transfer(source: "CommandSource", ref: WalletRef) -> TransferFunds:
    """Draws a transfer of a part or all of a bucket, along an edge more often than not."""
    random = source.random
    code, target = source.bucket(ref), source.bucket(ref)
    edges = source.edges(ref)
    if edges and random.random() < 0.85:
        code, target = random.choice(edges)
    held = source.held(ref).get(bucket(code), 0)
    amount = random.choice([held, random.randint(1, max(1, held)), random.randint(1, 40)])
    return TransferFunds(code, target, Amount(source.asset(ref, code), max(1, amount)))


def draw_requirement(source: "CommandSource", ref: WalletRef) -> Requirement | None:
    """Draws a requirement, one that is fulfilled if there is any and so it falls."""
    found = [each for each in source.items(ref) if isinstance(each, Requirement)]
    ready = [each for each in found if each.state.value == "FULFILLED"]
    if ready and source.random.random() < 0.6:
        return source.random.choice(ready)
    return source.random.choice(found) if found else None


def draw_complete(source: "CommandSource", ref: WalletRef) -> CompleteRolling:
    found = draw_requirement(source, ref)
    if found is None or source.random.random() < 0.05:
        return CompleteRolling("PROMOTION:nothing")
    return CompleteRolling(found.requirement_id, source.random.choice([0, found.revision, 1]))


def draw_cancel(source: "CommandSource", ref: WalletRef) -> CancelRolling:
    random = source.random
    found = draw_requirement(source, ref)
    if found is None or random.random() < 0.05:
        return CancelRolling("PROMOTION:nothing")
    revision = random.choice([0, found.revision, 1])
    if random.random() < 0.3:
        return CancelRolling(found.requirement_id, revision, expired=True)
    return CancelRolling(
        found.requirement_id, revision, forfeit=random.random() < 0.4, reason_code="TEST"
    )
