"""What becomes of coupons when results are corrected, late or both."""

from dataclasses import replace
from datetime import timedelta

from tests.core.coupons.coupons import DAY, CouponWorld, funding, with_coupons
from tests.core.world import eur, vector
from wallet_server.core.accounts import PROMO, coupon
from wallet_server.core.bets.explain import UNPLACED, explain_funding
from wallet_server.core.bets.explanation import ConsideredSource
from wallet_server.core.commands import AuthorizeBet
from wallet_server.core.config.policy import BreachAction
from wallet_server.core.coupons.grant import CouponRestrictions, UseMode
from wallet_server.core.entry import Move
from wallet_server.core.ids import BetKey

SINGLE = UseMode.SINGLE_USE_FORFEIT_REMAINDER


def test_what_was_used_again_is_the_houses_and_never_debt() -> None:
    world = CouponWorld()
    world.grant(30)
    world.authorize(30)
    world.settle(0, refund=30)
    world.authorize(30, "b2")

    assert world.settle(0, version=2) == "APPLIED"

    assert world.posted == vector("H:PROMO -30, GAME +30")
    assert world.bet().substitutions == (Move(PROMO, coupon("C1"), 30),)
    assert world.balances == vector("O:C1 30")
    world.roll_back()
    assert world.posted == vector("H:PROMO +30, GAME -30")
    assert world.bet().substitutions == ()


def test_the_rest_of_a_single_use_coupon_that_expired_is_gone_once() -> None:
    world = CouponWorld()
    world.grant(50, use_mode=SINGLE)
    world.authorize(30)
    world.wait(2 * DAY)
    world.expire()
    assert world.posted == vector("C1 -20, H:PROMO +20")

    world.settle(75)
    assert world.posted == vector("SN +45, O:C1 -30, GAME -15")
    world.roll_back()

    assert world.balances == vector("C1 30")
    assert world.state() == "ACTIVE"


def test_taking_a_result_back_gives_a_single_use_coupon_its_rest_but_locked() -> None:
    world = CouponWorld("SN 10")
    world.grant(50, use_mode=SINGLE)
    world.authorize(30)
    world.settle(0)
    assert world.state() == "EXHAUSTED"

    world.unsettle(2)

    assert world.balances == vector("SN 10, C1 20, O:C1 30")
    assert world.state() == "ACTIVE"
    assert world.bet_with(5, "b2", coupon="C1") == "COUPON_NOT_ELIGIBLE"
    world.settle(0, version=3)
    assert world.balances == vector("SN 10")


def test_taking_a_result_back_revives_no_expired_coupon() -> None:
    world = CouponWorld("SN 10")
    world.grant(50, use_mode=SINGLE)
    world.authorize(30)
    world.settle(0, portion="a", stake=10)
    world.wait(2 * DAY)
    world.expire()
    world.settle(0)

    world.unsettle(2)

    assert world.state() == "EXPIRED"
    assert world.balances == vector("SN 10, O:C1 30")
    world.roll_back()
    assert world.balances == vector("SN 10, C1 30")


def test_the_sweep_may_come_late_without_a_difference() -> None:
    ends = []
    for sweeps in (True, False):
        world = CouponWorld()
        world.grant(50)
        world.authorize(30)
        world.wait(2 * DAY)
        if sweeps:
            world.expire()
        else:
            world.wait(timedelta(seconds=1))
        world.roll_back()
        ends.append((world.balances, world.state(), world.coupon().valid_until))

    assert ends[0] == ends[1]
    assert ends[0][0] == vector("C1 30")


def test_a_coupon_counts_as_restricted_money() -> None:
    limited = replace(with_coupons(1), max_stake_with_bonus=5)
    world = CouponWorld("SN 50", limited)
    world.grant(30)

    assert world.authorize(5, "b1") == "APPLIED"
    assert world.authorize(6, "b2") == "MAX_STAKE_WITH_BONUS"
    world.configure(replace(limited, breach_action=BreachAction.CASH_ONLY))
    assert world.authorize(6, "b3") == "APPLIED"
    assert funding(world, "b3") == {"SN": 6}
    assert world.bet_with(6, "b4", coupon="C1") == "MAX_STAKE_WITH_BONUS"


def test_coupons_pay_at_their_place_in_the_order() -> None:
    world = CouponWorld("SN 50, SB 5", with_coupons(2, "SB", "COUPON", "SN"))
    world.grant(10, "C1", until=2 * DAY)
    world.grant(10, "C2", use_mode=UseMode.REQUIRE_FULL)

    world.authorize(30)

    assert funding(world) == {"SB": 5, "C1": 10, "SN": 15}
    assert world.authorize(36, "b2") == "INSUFFICIENT_FUNDS"
    assert world.authorize(10, "b3") == "APPLIED"  # Nothing pays before C2 any more.
    assert funding(world, "b3") == {"C2": 10}


def test_an_explanation_shows_coupons_and_what_keeps_them_from_paying() -> None:
    world = CouponWorld("SN 50, SB 5", with_coupons(1, "SB", "COUPON", "SN"))
    world.grant(10, "C1", until=2 * DAY)
    world.grant(20, "C2", restrictions=CouponRestrictions(odds_milli_min=1500))
    world.grant(30, "C3")
    asked = AuthorizeBet(BetKey("sports", UNPLACED), eur(20), coupon_grant_id="C1")
    configuration = world.fold.configurations["demo"]

    explained = explain_funding(asked, world.wallet, configuration, world.now)

    assert explained.considered == (
        ConsideredSource("cpn:C1", 10),
        ConsideredSource("SB", 5),
        ConsideredSource("cpn:C2", 0, "min_odds"),
        ConsideredSource("cpn:C3", 30),
        ConsideredSource("SN", 50),
    )
    assert [(line.source, line.amount) for line in explained.lines] == [
        ("cpn:C1", 10),
        ("SB", 5),
        ("SN", 5),
    ]
    assert world.wallet.bets == {}
