"""The worked examples of domain.md §4 that are about coupons."""

from datetime import timedelta
from typing import Any

import pytest

from tests.core.coupons.coupons import DAY, CouponWorld, funding, with_coupons
from tests.core.world import vector
from wallet_server.core.bets.bet import BetState, ResultKind
from wallet_server.core.bets.context import BetContext
from wallet_server.core.config.provider_profile import PayoutBasis, ProviderProfile
from wallet_server.core.coupons.grant import CouponRestrictions, UseMode, VoidBehavior
from wallet_server.core.refusals import CouponNotEligible

NET = ProviderProfile(
    "sports", "SPORTS", payout_basis=PayoutBasis.NET_OF_FREEBET, rollback_after_settle=True
)


def mixed(*changes: ProviderProfile, **terms: Any) -> CouponWorld:
    """Returns the world of E01: a bet of 100 that a coupon, a bonus and money pay."""
    world = CouponWorld("SN 50, SB 20", *changes)
    world.grant(30, **terms)
    assert world.authorize(100) == "APPLIED"
    assert world.posted == vector("SB -20, SN -50, C1 -30, O:C1 +30, O:SB +20, O:SN +50")
    return world


def half_coupon(**terms: Any) -> CouponWorld:
    """Returns the world of E14: a bet of 100, 30 of it from a coupon."""
    world = CouponWorld("SN 70")
    world.grant(30, **terms)
    world.authorize(100)
    assert world.posted == vector("SN -70, C1 -30, O:C1 +30, O:SN +70")
    return world


def test_e01_a_coupon_keeps_its_stake_and_pays_the_profit() -> None:
    world = mixed()

    world.settle(240)

    assert world.posted == vector("SB +48, SN +162, O:C1 -30, O:SB -20, O:SN -50, GAME -110")
    assert world.balances == vector("SB 48, SN 162")
    assert world.state() == "EXHAUSTED"


def test_e02_a_coupon_may_return_its_stake() -> None:
    world = mixed(stake_target="SN")

    world.settle(240)

    assert world.posted == vector("SB +48, SN +192, O:C1 -30, O:SB -20, O:SN -50, GAME -140")
    assert world.balances == vector("SB 48, SN 192")


def test_e03_a_lost_coupon_is_used_up() -> None:
    world = mixed()

    world.settle(0)

    assert world.posted == vector("O:C1 -30, O:SB -20, O:SN -50, GAME +100")
    assert world.balances == {}
    assert world.state() == "EXHAUSTED"


def test_e04_a_payout_may_have_the_coupon_taken_off_already() -> None:
    world = mixed(NET)

    world.settle(210)

    assert world.posted == vector("SB +48, SN +162, O:C1 -30, O:SB -20, O:SN -50, GAME -110")


def test_e10_the_rest_of_a_single_use_coupon_is_the_houses_with_the_first_result() -> None:
    world = CouponWorld("SN 40")
    world.grant(50, use_mode=UseMode.SINGLE_USE_FORFEIT_REMAINDER)
    world.authorize(30)
    assert world.posted == vector("C1 -30, O:C1 +30")

    assert world.bet_with(5, "b2", coupon="C1") == "COUPON_NOT_ELIGIBLE"
    assert world.refusal == CouponNotEligible("C1", "in_use")

    world.settle(75)

    assert world.posted == vector("SN +45, O:C1 -30, GAME -15, C1 -20, H:PROMO +20")
    assert len(world.answer.entries) == 1
    assert world.balances == vector("SN 85")
    assert world.state() == "EXHAUSTED"

    world.roll_back()

    assert world.balances == vector("C1 50, SN 40")
    assert world.state() == "ACTIVE"
    assert world.coupon().uses == 0


def test_e14_a_void_gives_everything_back_to_where_it_came_from() -> None:
    world = half_coupon()

    world.settle(0, kind=ResultKind.VOID)

    assert world.posted == vector("SN +70, C1 +30, O:C1 -30, O:SN -70")
    assert world.balances == vector("SN 70, C1 30")
    assert world.state() == "ACTIVE"


def test_e15_a_void_may_use_a_coupon_up() -> None:
    world = half_coupon(void_behavior=VoidBehavior.CONSUME)

    world.settle(0, kind=ResultKind.VOID)

    assert world.posted == vector("SN +70, O:C1 -30, O:SN -70, H:PROMO +30")
    assert world.state() == "EXHAUSTED"


def test_e18_a_rollback_restores_every_source_and_the_use() -> None:
    world = CouponWorld("SN 60, SB 20")
    world.grant(30, uses_max=1)
    world.authorize(100)
    assert world.coupon().uses == 1

    assert world.roll_back() == "APPLIED"

    assert world.posted == vector("SB +20, SN +50, C1 +30, O:C1 -30, O:SB -20, O:SN -50")
    assert world.balances == vector("SB 20, SN 60, C1 30")
    assert world.coupon().uses == 0
    assert world.roll_back() == "ALREADY_ROLLED_BACK"
    assert world.coupon().uses == 0


def test_e19_a_rollback_after_a_win_leaves_nothing_of_the_bet() -> None:
    world = mixed()
    world.settle(240)

    world.roll_back()

    assert world.posted == vector("SB -28, SN -112, C1 +30, GAME +110")
    assert world.balances == vector("SB 20, SN 50, C1 30")
    assert world.state() == "ACTIVE"


@pytest.mark.parametrize("is_void", [False, True])
def test_e25_a_coupon_that_expired_meanwhile_lives_again_for_its_grace(is_void: bool) -> None:
    world = half_coupon()
    world.wait(2 * DAY)
    assert world.expire() == "APPLIED"
    assert (world.state(), world.posted) == ("EXPIRED", {})

    if is_void:
        world.settle(0, kind=ResultKind.VOID)
    else:
        world.roll_back()

    assert world.posted == vector("SN +70, C1 +30, O:C1 -30, O:SN -70")
    assert world.balances == vector("SN 70, C1 30")
    assert world.state() == "ACTIVE"
    assert world.coupon().valid_until == world.now + timedelta(hours=72)
    assert world.bet_with(30, "b2", coupon="C1") == "APPLIED"


def test_e25_a_void_uses_an_expired_coupon_up_where_its_terms_say_so() -> None:
    world = half_coupon(void_behavior=VoidBehavior.CONSUME)
    world.wait(2 * DAY)
    world.expire()

    world.settle(0, kind=ResultKind.VOID)

    assert world.balances == vector("SN 70")
    assert world.state() == "EXPIRED"


@pytest.mark.parametrize("is_won", [False, True])
def test_e47_a_reversed_coupon_leaves_its_open_bet_alone(is_won: bool) -> None:
    world = CouponWorld()
    world.grant(50)
    world.authorize(30)

    assert world.reverse() == "APPLIED"

    assert world.posted == vector("C1 -20, H:PROMO +20")
    assert world.balances == vector("O:C1 30")
    assert world.state() == "REVOKED"

    if is_won:
        world.settle(75)
        assert world.balances == vector("SN 45")
        return
    world.roll_back()

    rollback, beside = world.answer.entries
    assert (rollback.bet_ref, beside.bet_ref) == ("b1", "")
    assert world.posted == vector("O:C1 -30, H:PROMO +30")
    assert world.balances == {}
    assert world.state() == "REVOKED"


def test_e48_the_coupon_that_expires_first_pays_unless_another_is_named() -> None:
    world = CouponWorld("SN 50")
    world.grant(12, "C1", until=DAY)
    world.grant(40, "C2", until=7 * DAY)

    world.authorize(20)
    assert funding(world) == {"C1": 12, "SN": 8}
    world.roll_back()

    world.bet_with(20, "b2", coupon="C2")
    assert funding(world, "b2") == {"C2": 20}


def test_e48_a_named_coupon_that_may_not_pay_is_refused_by_its_restriction() -> None:
    world = CouponWorld("SN 50")
    world.grant(40, restrictions=CouponRestrictions(odds_milli_min=1500))

    assert world.bet_with(20, coupon="C1", context=BetContext(odds_milli=1499)) == (
        "COUPON_NOT_ELIGIBLE"
    )
    assert world.refusal == CouponNotEligible("C1", "min_odds")
    assert world.bet().state is BetState.DECLINED
    assert world.bet_with(20, "b2", context=BetContext(odds_milli=1499)) == "APPLIED"
    assert funding(world, "b2") == {"SN": 20}
    assert world.bet_with(20, "b3", context=BetContext(odds_milli=1500)) == "APPLIED"
    assert funding(world, "b3") == {"C1": 20}


def test_e48_ties_go_to_the_smaller_coupon_and_then_to_its_id() -> None:
    world = CouponWorld("SN 50", with_coupons(3))
    for grant_id, amount in (("C9", 5), ("C2", 7), ("C1", 7)):
        world.grant(amount, grant_id)

    world.authorize(20)

    assert funding(world) == {"C9": 5, "C1": 7, "C2": 7, "SN": 1}


def test_e49_what_an_expired_coupon_holds_is_the_houses() -> None:
    world = CouponWorld("SN 50")
    world.grant(12)
    world.requests = int(DAY.total_seconds()) - 1

    assert world.bet_with(5, coupon="C1") == "COUPON_NOT_ELIGIBLE"  # At exactly valid_until.
    assert world.refusal == CouponNotEligible("C1", "expired")
    assert world.authorize(5, "b2") == "APPLIED"
    assert funding(world, "b2") == {"SN": 5}

    assert world.expire() == "APPLIED"
    assert world.posted == vector("C1 -12, H:PROMO +12")
    assert world.state() == "EXPIRED"
    assert world.expire() == "ALREADY_APPLIED"
    assert world.bet_with(5, "b3", coupon="C1") == "COUPON_NOT_ELIGIBLE"
