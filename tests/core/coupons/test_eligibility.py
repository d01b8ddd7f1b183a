"""Every restriction of a coupon, each by its name, at its bound and past it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.core.coupons.coupons import DAY, CouponWorld, funding, with_coupons
from tests.core.world import eur
from wallet_server.core.bets.context import NO_CONTEXT, BetContext
from wallet_server.core.commands import AuthorizeBet
from wallet_server.core.coupons.grant import CouponRestrictions, UseMode
from wallet_server.core.refusals import CouponNotEligible

RESTRICTIONS = CouponRestrictions(
    provider_types=("SPORTS",),
    provider_ids=("sports",),
    game_ids=("g1", "g2"),
    sports=("FOOTBALL",),
    competitions=("CUP",),
    bet_types=("SINGLE", "SYSTEM"),
    legs_min=2,
    legs_max=4,
    odds_milli_min=1500,
    odds_milli_max=9000,
    stake_min=10,
    stake_max=20,
)
FITTING = BetContext("g2", "FOOTBALL", "CUP", "SINGLE", 2, 1500)


def restriction_of(world: CouponWorld, stake: int, context: BetContext) -> str:
    """Returns what keeps C1 from paying, if anything does."""
    if world.bet_with(stake, coupon="C1", context=context) == "APPLIED":
        assert funding(world) == {"C1": stake}
        return ""
    assert isinstance(world.refusal, CouponNotEligible)
    return world.refusal.restriction


@pytest.mark.parametrize(
    ("stake", "context", "expected"),
    [
        (10, FITTING, ""),
        (20, replace(FITTING, legs=4, odds_milli=9000, game_id="g1", bet_type="SYSTEM"), ""),
        (10, replace(FITTING, game_id="g3"), "game"),
        (10, replace(FITTING, sport="TENNIS"), "sport"),
        (10, replace(FITTING, competition="LEAGUE"), "competition"),
        (10, replace(FITTING, bet_type="DOUBLE"), "bet_type"),
        (10, replace(FITTING, legs=1), "min_legs"),
        (10, replace(FITTING, legs=5), "max_legs"),
        (10, replace(FITTING, odds_milli=1499), "min_odds"),
        (10, replace(FITTING, odds_milli=9001), "max_odds"),
        (9, FITTING, "min_stake"),
        (21, FITTING, "max_stake"),
        (10, replace(FITTING, game_id=""), "game"),
        (10, replace(FITTING, sport=""), "sport"),
        (10, replace(FITTING, competition=""), "competition"),
        (10, replace(FITTING, bet_type=""), "bet_type"),
        (10, replace(FITTING, legs=None), "min_legs"),
        (10, replace(FITTING, odds_milli=None), "min_odds"),
        (10, NO_CONTEXT, "game"),
    ],
)
def test_a_bet_must_meet_every_restriction(stake: int, context: BetContext, expected: str) -> None:
    world = CouponWorld("SN 100")
    world.grant(50, restrictions=RESTRICTIONS)

    assert restriction_of(world, stake, context) == expected


@pytest.mark.parametrize(
    ("restrictions", "expected"),
    [
        (CouponRestrictions(provider_types=("SLOTS",)), "provider_type"),
        (CouponRestrictions(provider_ids=("slots",)), "provider_id"),
        (CouponRestrictions(legs_max=4), "max_legs"),
        (CouponRestrictions(odds_milli_max=4), "max_odds"),
    ],
)
def test_what_is_not_said_or_not_his_fails(restrictions: CouponRestrictions, expected: str) -> None:
    world = CouponWorld("SN 100")
    world.grant(50, restrictions=restrictions)

    assert restriction_of(world, 10, NO_CONTEXT) == expected


def test_a_coupon_pays_from_its_time_until_just_before_its_end() -> None:
    world = CouponWorld("SN 100")
    world.grant(50, after=timedelta(hours=1), until=DAY)
    assert world.state() == "ISSUED"

    world.requests = 3598
    assert world.bet_with(1, "early", coupon="C1") == "COUPON_NOT_ELIGIBLE"
    assert world.refusal == CouponNotEligible("C1", "not_started")
    assert world.bet_with(1, "in-time", coupon="C1") == "APPLIED"
    assert world.state() == "ACTIVE"

    world.requests = 86398
    assert world.bet_with(1, "last", coupon="C1") == "APPLIED"
    assert world.bet_with(1, "late", coupon="C1") == "COUPON_NOT_ELIGIBLE"
    assert world.refusal == CouponNotEligible("C1", "expired")


def test_a_coupon_pays_for_no_more_bets_than_it_may() -> None:
    world = CouponWorld("SN 100")
    world.grant(50, uses_max=2)
    world.authorize(1, "b1")
    world.authorize(1, "b2")

    assert world.bet_with(1, "b3", coupon="C1") == "COUPON_NOT_ELIGIBLE"
    assert world.refusal == CouponNotEligible("C1", "max_uses")
    world.settle(0, "b2", refund=1)  # A void is a use still: it may be corrected.
    assert world.bet_with(1, "b4", coupon="C1") == "COUPON_NOT_ELIGIBLE"
    world.roll_back("b1")
    assert world.bet_with(1, "b5", coupon="C1") == "APPLIED"


@pytest.mark.parametrize("end", ["exhausted", "revoked", "forfeited"])
def test_a_coupon_that_is_over_pays_nothing(end: str) -> None:
    world = CouponWorld("SN 100")
    world.grant(10)
    if end == "exhausted":
        world.authorize(10, "b0")
        world.settle(0, "b0")
    else:
        world.revoke(forfeit=end == "forfeited")

    assert restriction_of(world, 5, NO_CONTEXT) == end


def test_a_coupon_with_all_its_value_in_bets_pays_nothing() -> None:
    world = CouponWorld("SN 100")
    world.grant(10)
    world.authorize(10, "b0")

    assert restriction_of(world, 5, NO_CONTEXT) == "exhausted"


def test_a_coupon_that_must_pay_in_full_pays_alone_or_not_at_all() -> None:
    world = CouponWorld("SN 100")
    world.grant(30, use_mode=UseMode.REQUIRE_FULL)

    assert restriction_of(world, 31, NO_CONTEXT) == "require_full"
    assert world.authorize(31, "b2") == "APPLIED"
    assert funding(world, "b2") == {"SN": 31}
    assert world.authorize(30, "b3") == "APPLIED"
    assert funding(world, "b3") == {"C1": 30}


def test_a_policy_without_coupons_takes_none() -> None:
    world = CouponWorld("SN 100", with_coupons(0))
    world.grant(30)

    assert world.authorize(5, "b0") == "APPLIED"
    assert funding(world, "b0") == {"SN": 5}
    assert restriction_of(world, 5, NO_CONTEXT) == "policy"


def test_a_coupon_that_is_not_there_may_come_yet() -> None:
    world = CouponWorld("SN 100")

    assert world.bet_with(5, coupon="C1") == "COUPON_NOT_FOUND"
    assert not world.wallet.bets
    world.grant()
    assert world.bet_with(5, coupon="C1") == "APPLIED"


def test_a_free_round_takes_no_coupon() -> None:
    world = CouponWorld("SN 100")
    world.grant(30)

    assert world.bet_with(0, "b0", free=True) == "APPLIED"
    assert (world.bet("b0").lines, world.answer.entries) == ((), ())
    assert world.bet_with(0, coupon="C1", free=True) == "COUPON_NOT_ELIGIBLE"
    assert world.refusal == CouponNotEligible("C1", "free_round")
    assert world.bet_with(0, "b2") == "STAKE_REQUIRED"


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("coupon_grant_id", {"coupon_grant_id": ""}),
        ("free_round", {"free_round": True}),
        ("context", {"context": BetContext(legs=2)}),
    ],
)
def test_a_known_bet_must_say_the_same_again(field: str, changes: dict[str, object]) -> None:
    world = CouponWorld("SN 100")
    world.grant(30)
    world.bet_with(10, coupon="C1")
    key, stake = world.bet().key, world.bet().stake
    first = AuthorizeBet(key, eur(stake), coupon_grant_id="C1")

    assert world.run(first) == "REPLAYED APPLIED"
    assert world.run(replace(first, **changes)) == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.refusal.details()["field"] == field
