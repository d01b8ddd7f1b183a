"""What is open again after its bucket was retired needs the bucket that took its place."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.core.bets.invariants import check_bet, check_explained
from tests.core.coupons.coupons import COUPON_SPORTS, DAY
from tests.core.draining.draining_world import BOSS, CLERK, DrainingWorld
from tests.core.rolling.rolling_world import requirement
from tests.core.world import REF, START, eur, vector
from wallet_server.core.accounts import open_stake
from wallet_server.core.administration.usage_changes import totals_of_bet, totals_of_item
from wallet_server.core.bets.bet import BetState
from wallet_server.core.commands import CashOutBet, ExpireCoupons, GrantCoupon
from wallet_server.core.coupons.grant import CouponGrant, CouponState, CouponTerms
from wallet_server.core.coupons.lookup import find_grant
from wallet_server.core.ids import BetKey
from wallet_server.core.refusals import BucketNotInPlan
from wallet_server.core.rolling.requirement import RequirementState


def settled(balances: str = "SB 20, SN 80") -> DrainingWorld:
    """Returns a wallet with a bet that was lost."""
    world = DrainingWorld(balances, draining=())
    world.authorize(sum(world.balances.values()))
    world.settle(0)
    return world


def with_coupon(*, stake_target: str | None = None) -> DrainingWorld:
    """Returns a wallet with a bet that a coupon has paid for, whose profit would go to SB."""
    world = DrainingWorld(draining=(), policies=(COUPON_SPORTS,))
    world.run(granting(stake_target))
    world.authorize(30)
    return world


def granting(stake_target: str | None = None) -> GrantCoupon:
    return GrantCoupon("C1", eur(30), START + DAY, CouponTerms("SB", stake_target=stake_target))


def coupon_of(world: DrainingWorld) -> CouponGrant:
    grant = find_grant("C1", world.wallet)
    assert grant is not None
    return grant


def test_a_bet_whose_results_are_taken_back_needs_what_took_the_place_of_its_bucket() -> None:
    world = settled()
    world.retire(("SB", "CB"))

    assert world.unsettle(2) == "APPLIED"

    bet = world.bet()
    assert (bet.state, bet.replanned) == (BetState.AUTHORIZED, {"SB": "CB"})
    assert [line.source for line in bet.lines] == ["SB", "SN"]
    assert totals_of_bet(bet) == {"CB": 20, "SN": 80}
    assert world.balances == vector("O:SB 20, O:SN 80")
    check_bet(bet, world)


def test_a_bet_that_names_both_a_bucket_and_its_successor_needs_that_once() -> None:
    world = settled()
    world.retire(("SB", "SN"))

    world.unsettle(2)

    assert totals_of_bet(world.bet()) == {"SN": 100}


def test_a_bet_goes_on_to_the_successor_of_what_it_was_replanned_to() -> None:
    world = DrainingWorld("SB 20, SN 80")
    world.authorize(100)
    world.replan_by_two(successor="CB")
    world.settle(0)
    world.retire(("SB", "SN"), ("CB", "NB"))

    world.unsettle(2)

    assert world.bet().replanned == {"SB": "NB"}
    world.settle(240, version=3)
    assert world.posted == vector("NB +48, SN +192, O:SB -20, O:SN -80, GAME -140")
    check_explained(world.bet(), world)


def test_a_bet_that_was_opened_again_twice_follows_each_version() -> None:
    world = settled("SB 100")
    world.retire(("SB", "CB"))
    world.unsettle(2)
    world.settle(240, version=3)
    assert world.posted == vector("CB +240, O:SB -100, GAME -140")
    world.retire(("SB", "CB"), ("CB", "NB"))
    world.change(balances="NB 240")

    world.unsettle(4)

    assert world.posted == vector("NB -240, O:SB +100, GAME +140")
    assert world.bet().replanned == {"SB": "NB"}
    assert totals_of_bet(world.bet()) == {"NB": 100}
    check_explained(world.bet(), world)


def test_a_bet_whose_buckets_are_all_there_keeps_its_plan() -> None:
    world = settled()
    world.retire(("CB", "NB"))

    world.unsettle(2)

    assert world.bet().replanned == {}


def test_a_bet_whose_cash_out_is_taken_back_is_open_again_too() -> None:
    world = DrainingWorld("SB 100", draining=())
    world.authorize(100)
    world.run(CashOutBet(BetKey("sports", "b1"), BetKey("sports", "c1"), eur(40)))
    assert world.bet().state is BetState.SETTLED
    world.retire(("SB", "CB"))
    world.change(balances="CB 40")

    assert world.roll_back("c1") == "APPLIED"

    assert world.posted == vector("CB -40, O:SB +100, GAME -60")
    assert world.bet().replanned == {"SB": "CB"}
    assert totals_of_bet(world.bet()) == {"CB": 100}
    check_explained(world.bet(), world)


def test_results_that_count_on_leave_the_plan_as_it_was() -> None:
    world = settled()
    world.retire(("SB", "CB"))

    world.settle(240, version=2)
    assert world.posted == vector("CB +48, SN +192, GAME -240")
    assert world.bet().replanned == {}
    world.roll_back()
    assert world.bet().replanned == {}
    check_explained(world.bet(), world)


@pytest.mark.parametrize("bucket", ["SB", "CB"])
def test_a_bet_that_was_opened_again_may_be_sent_elsewhere_by_either_name(bucket: str) -> None:
    world = settled("SB 100")
    world.retire(("SB", "CB"))
    world.unsettle(2)
    world.empty_retired(("SB", "CB"), draining="CB")

    world.replan_by_two(bucket, "NB")
    world.settle(240, version=3)

    assert world.bet().replanned["SB"] == "NB"
    assert world.posted == vector("NB +240, O:SB -100, GAME -140")


def test_a_retired_bucket_may_be_replanned_while_its_successor_is_in_use() -> None:
    world = settled("SB 100")
    world.retire(("SB", "CB"))
    world.unsettle(2)

    assert world.replan("CB", "NB", by=CLERK, adjustment_id="a1") == "BUCKET_NOT_DRAINING"
    world.replan_by_two("SB", "NB")

    assert totals_of_bet(world.bet()) == {"NB": 100}


def test_what_is_the_players_own_by_now_stays_so_when_its_retired_bucket_is_replanned() -> None:
    world = settled("SB 100")
    world.retire(("SB", "SN"))
    world.unsettle(2)

    assert world.replan("SB", "NB", by=BOSS) == "SUCCESSOR_UNFIT"


def test_what_a_bonus_that_is_over_still_watches_is_not_replanned_by_a_retired_name() -> None:
    world = settled("SB 100")
    over = replace(
        requirement("RQ1", "CB", state=RequirementState.RELEASED), tail=True, end_sequence=9
    )
    world.put(over)
    world.retire(("SB", "CB"))
    world.fold.wallets[REF] = replace(
        world.wallet, balances={**world.wallet.balances, open_stake("CB"): 1}
    )
    world.unsettle(2)

    assert world.replan("SB", "NB") == "ROLLING_OPEN"


def test_a_retired_bucket_that_the_plan_never_named_is_not_in_it() -> None:
    world = settled("SB 100")
    world.retire(("SB", "CB"), ("CN", "SN"))
    world.unsettle(2)

    assert world.replan("CN", "SN") == "BUCKET_NOT_IN_PLAN"
    assert world.refusal == BucketNotInPlan("b1", "CN")


@pytest.mark.parametrize("stake_target", [None, "SB"])
def test_a_coupon_that_can_be_used_again_pays_to_what_took_the_place_of_its_bucket(
    stake_target: str | None,
) -> None:
    world = with_coupon(stake_target=stake_target)
    world.settle(0)
    assert coupon_of(world).state is CouponState.EXHAUSTED
    world.retire(("SB", "CB"))

    world.settle(0, version=2, refund=30)

    grant = coupon_of(world)
    assert grant.state is CouponState.ACTIVE
    assert grant.terms == CouponTerms("CB", stake_target=stake_target and "CB")
    assert grant.granted_terms == CouponTerms("SB", stake_target=stake_target)
    assert totals_of_item(grant) == {"CB": 30}
    assert world.run(granting(stake_target)) == "REPLAYED APPLIED"


def test_so_does_one_whose_bet_is_open_again() -> None:
    world = with_coupon()
    world.settle(0)
    world.retire(("SB", "CB"))

    world.unsettle(2)

    assert coupon_of(world).state is CouponState.ACTIVE
    assert totals_of_item(coupon_of(world)) == {"CB": 30}
    assert totals_of_bet(world.bet()) == {"CB": 0}


def test_so_does_one_that_comes_back_in_its_grace() -> None:
    world = with_coupon()
    world.replan_anyway("SB", "CB")
    world.requests += int(timedelta(days=2).total_seconds())
    world.run(ExpireCoupons())
    assert coupon_of(world).state is CouponState.EXPIRED
    world.retire(("SB", "CB"))

    world.roll_back()

    assert coupon_of(world).state is CouponState.ACTIVE
    assert totals_of_item(coupon_of(world)) == {"CB": 30}


def test_a_coupon_that_is_over_stays_as_it_was() -> None:
    world = with_coupon()
    world.settle(0)
    before = coupon_of(world)
    world.retire(("SB", "CB"))

    world.settle(60, version=2)

    assert world.posted == vector("CB +30, GAME -30")
    assert coupon_of(world) == before
