"""Giving up bonus money."""

import pytest

from tests.core.promotions.promotions import FIVE_TIMES, PROMO_TOPOLOGY, PromoWorld, with_bucket
from tests.core.world import vector
from wallet_server.core.config.topology import BucketStatus
from wallet_server.core.players.status import AccountStatus
from wallet_server.core.refusals import BucketFrozen, BucketNotForfeitable
from wallet_server.core.results import ForfeitResult
from wallet_server.core.rolling.requirement import RequirementState


def test_all_that_the_bucket_holds_goes_back_to_the_house() -> None:
    world = PromoWorld("SN 10, SB 25, CB 5", PROMO_TOPOLOGY)

    assert world.forfeit() == "APPLIED"
    assert world.posted == vector("SB -25, H:PROMO +25")
    assert world.balances == vector("SN 10, CB 5")
    assert world.answer.result == ForfeitResult("SB", 25)


def test_the_requirements_on_the_bucket_end_and_no_others() -> None:
    world = PromoWorld("SN 10", PROMO_TOPOLOGY)
    world.credit(20, "SB", "p1", rolling=FIVE_TIMES)
    world.credit(30, "SB", "p2", rolling=FIVE_TIMES)
    world.credit(40, "CB", "p3", rolling=FIVE_TIMES)

    assert world.forfeit() == "APPLIED"
    assert world.answer.result == ForfeitResult("SB", 50, cancelled_count=2)
    for name, state, forfeited in (
        ("p1", RequirementState.CANCELLED, 20),
        ("p2", RequirementState.CANCELLED, 30),
        ("p3", RequirementState.ACTIVE, 0),
    ):
        requirement = world.requirement(f"PROMOTION:{name}")
        assert (requirement.state, requirement.forfeited) == (state, forfeited)
        assert not requirement.tail


def test_what_an_open_bet_returns_is_forfeited_when_it_returns() -> None:
    world = PromoWorld("SN 70", PROMO_TOPOLOGY)
    world.credit(50, rolling=FIVE_TIMES)
    world.authorize(30)

    assert world.forfeit() == "APPLIED"
    assert world.balances == vector("SN 70, O:SB 30")
    assert world.requirement().tail

    world.settle(90)
    assert world.balances == vector("SN 70")
    assert not world.requirement().is_live


def test_what_an_open_bet_pays_to_own_money_is_paid() -> None:
    world = PromoWorld("SN 70", PROMO_TOPOLOGY)
    world.credit(20, rolling=FIVE_TIMES)
    world.authorize(50)
    world.forfeit()

    world.settle(100)

    # 40 of the bonus's 20, which are forfeited, and 60 of the 30 from SN.
    assert world.balances == vector("SN 100")


def test_with_nothing_to_give_up_nothing_happens() -> None:
    world = PromoWorld("SN 10", PROMO_TOPOLOGY)

    assert world.forfeit() == "APPLIED"
    assert world.answer.entries == ()
    assert world.answer.result == ForfeitResult("SB", 0)


def test_it_may_be_done_again() -> None:
    world = PromoWorld("SB 10", PROMO_TOPOLOGY)
    world.forfeit()
    world.credit(5)

    assert world.forfeit() == "APPLIED"
    assert world.balances == {}


def test_a_requirement_without_money_is_given_up_too() -> None:
    world = PromoWorld("", PROMO_TOPOLOGY)
    world.credit(20, rolling=FIVE_TIMES)
    world.change(balances="")

    assert world.forfeit() == "APPLIED"
    assert world.answer.entries == ()
    assert world.answer.result == ForfeitResult("SB", 0, cancelled_count=1)


@pytest.mark.parametrize("code", ["SN", "CN", "PT", "WD"])
def test_only_restricted_money_is_forfeited(code: str) -> None:
    world = PromoWorld(f"{code} 10", PROMO_TOPOLOGY)

    assert world.forfeit(code) == "BUCKET_NOT_FORFEITABLE"
    assert world.refusal == BucketNotForfeitable(code)
    assert world.balances == {code: 10}


def test_refusals_come_in_the_documented_order() -> None:
    world = PromoWorld("SB 10", PROMO_TOPOLOGY, frozen="SB SN")

    assert world.forfeit("XX") == "BUCKET_UNKNOWN_IN_TOPOLOGY"
    assert world.forfeit("SN") == "BUCKET_NOT_FORFEITABLE"
    assert world.forfeit("SB") == "BUCKET_FROZEN"
    assert world.refusal == BucketFrozen("SB")
    assert world.balances == {"SB": 10}


def test_a_draining_bucket_may_be_emptied() -> None:
    world = PromoWorld("SB 10", with_bucket("SB", status=BucketStatus.DRAINING))

    assert world.forfeit() == "APPLIED"


@pytest.mark.parametrize("status", AccountStatus)
def test_no_status_rules_it_out(status: AccountStatus) -> None:
    assert PromoWorld("SB 10", PROMO_TOPOLOGY, status=status).forfeit() == "APPLIED"


def test_a_bonus_that_comes_later_is_another() -> None:
    world = PromoWorld("", PROMO_TOPOLOGY)
    world.credit(50, promotion_id="p1", rolling=FIVE_TIMES)
    world.credit(10, promotion_id="p2", rolling=FIVE_TIMES)
    world.authorize(30, "before")
    world.forfeit()
    world.credit(40, promotion_id="p3", rolling=FIVE_TIMES)
    world.authorize(25, "after")

    world.settle(70, "after")
    assert world.balances == vector("SB 85, O:SB 30")
    world.settle(90, "before")
    assert world.balances == {"SB": 85}
    assert not world.requirement("PROMOTION:p1").is_live
    assert not world.requirement("PROMOTION:p2").is_live
