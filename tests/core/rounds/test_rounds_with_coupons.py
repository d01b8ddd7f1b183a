"""Rounds whose bets coupons pay for, free rounds, and what rolling does with wins."""

from dataclasses import replace
from datetime import timedelta

from tests.core.rounds.round_world import WITH_GIFTS, RoundWorld, with_policy
from tests.core.rules import auto, policy
from tests.core.world import START, eur, vector
from wallet_server.core.bets.bet import BetState
from wallet_server.core.commands import CompleteRolling, GrantCoupon
from wallet_server.core.config.policy import WinDestination
from wallet_server.core.coupons.grant import CouponGrant, CouponState, CouponTerms
from wallet_server.core.items import ItemKey, ItemKind
from wallet_server.core.rolling.requirement import ReleaseMode, RollingTerms
from wallet_server.core.rounds.win_kind import WinKind

COUPON_FIRST = policy("SLOTS", auto("COUPON", "CN"))


def with_coupon(*, cash_out: bool = False) -> RoundWorld:
    """A coupon of 30 and CN 10; a bet of 40 in R1 has taken both."""
    world = RoundWorld("CN 10", COUPON_FIRST)
    terms = CouponTerms("CN", cash_out_allowed=cash_out)
    world.run(GrantCoupon("C1", eur(30), START + timedelta(days=1), terms))
    world.bet_in(40, "b1")
    return world


def state_of(world: RoundWorld) -> CouponState:
    grant = world.wallet.items[ItemKey(ItemKind.COUPON, "C1")]
    assert isinstance(grant, CouponGrant)
    return grant.state


def test_a_coupon_keeps_its_stake_of_the_wins_of_a_round_once() -> None:
    world = with_coupon()

    world.win(20, "w1")
    assert world.posted == vector("CN +5, GAME -5")
    world.win(40, "w2")
    assert world.posted == vector("CN +25, GAME -25")
    world.close()
    assert world.balances == vector("CN 30")
    assert state_of(world) is CouponState.EXHAUSTED


def test_a_round_undone_gives_the_coupon_its_value_back() -> None:
    world = with_coupon()
    world.win(60)
    world.close()

    assert world.cancel() == "APPLIED"

    assert world.balances == {"CN": 10, "cpn:C1": 30}
    assert state_of(world) is CouponState.ACTIVE


def test_a_cash_out_uses_the_coupon_up() -> None:
    world = with_coupon(cash_out=True)

    assert world.cash_out(60, provider="slots") == "APPLIED"
    assert world.balances == vector("CN 30")
    assert state_of(world) is CouponState.EXHAUSTED
    assert world.undo("c1") == "APPLIED"
    assert world.balances == {"O:CN": 10, "O:cpn:C1": 30}


def test_a_free_round_has_no_stake_and_wins_at_the_houses_cost() -> None:
    """R10."""
    world = with_policy(balances="CN 5")

    assert world.bet_in(0, "b1", free=True) == "APPLIED"
    assert world.win(12) == "APPLIED"
    assert world.posted == {"CB": 12, "H:PROMO": -12}
    assert world.close() == "APPLIED"
    assert world.slot("b1").state is BetState.SETTLED
    assert world.undo("b1") == "APPLIED"
    assert world.balances == vector("CN 5")
    assert not world.requirement("WIN:slots/w1").is_open


def test_stake_of_a_round_counts_for_the_requirement_of_its_gift() -> None:
    world = with_policy(balances="CN 5")
    world.win(12, "f1", kind=WinKind.FREE_ROUND)

    world.play({"b1": 17}, {"w1": 3}, "R2")

    requirement = world.requirement("WIN:slots/f1")
    assert (requirement.required, requirement.progress) == (60, 12)


def test_a_win_to_a_released_bucket_goes_on_to_its_target() -> None:
    """R12, with the win of a round."""
    rolling = RollingTerms(multiplier_bp=10_000, release_target="WD", conversion_cap=100)
    gift = WinDestination(WinKind.FREE_ROUND, "CB", rolling)
    world = RoundWorld("", replace(WITH_GIFTS, win_destinations=(gift,)))
    world.win(20, "f1", "R0", kind=WinKind.FREE_ROUND)
    world.play({"b1": 20}, {"w1": 30})
    world.bet_in(30, "b2", "R2")
    assert world.run(CompleteRolling("WIN:slots/f1")) == "APPLIED"
    assert world.balances == vector("O:CB 30")

    assert world.win(45, "w2", "R2") == "APPLIED"

    assert [entry.bet_ref for entry in world.answer.entries] == ["w2", ""]
    assert world.balances == vector("WD 45, O:CB 30")
    world.undo("w2")
    assert world.posted == vector("WD -45, GAME +45")


def test_closing_a_round_may_release_what_its_stake_was_asked_for() -> None:
    rolling = RollingTerms(10_000, "WD", release_mode=ReleaseMode.AUTOMATIC)
    gift = WinDestination(WinKind.FREE_ROUND, "CB", rolling)
    world = RoundWorld("", replace(WITH_GIFTS, win_destinations=(gift,)))
    world.win(20, "f1", "R0", kind=WinKind.FREE_ROUND)
    world.bet_in(20, "b1")
    world.win(30)

    assert world.close() == "APPLIED"

    assert world.balances == vector("WD 30")
