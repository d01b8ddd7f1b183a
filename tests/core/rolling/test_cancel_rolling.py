"""Ending requirements early."""

from dataclasses import replace
from datetime import timedelta

from tests.core.rolling.rolling_world import RollingWorld, requirement
from tests.core.rules import auto, destinations, policy
from tests.core.world import START
from wallet_server.core.results import RollingResult
from wallet_server.core.rolling.requirement import RequirementState

BONUS = requirement(bucket="SB", amount=40)


def test_forfeiting_takes_the_bonus_and_what_open_bets_return() -> None:
    world = RollingWorld("SB 50", BONUS)
    world.place(30)
    assert world.cancel(forfeit=True) == "APPLIED"
    assert world.posted == {"SB": -20, "H:PROMO": 20}
    assert world.result == RollingResult("RQ1", "CANCELLED", 2, forfeited=20)
    assert world.cancel(forfeit=True) == "ALREADY_APPLIED"

    world.settle(75)
    assert world.beside == {"SB": -75, "H:PROMO": 75}
    assert world.balances == {}
    assert not world.requirement().is_live


def test_profit_destined_to_cash_is_paid() -> None:
    to_cash = policy("SPORTS", auto("SB"), destinations("SB", "SB", "SN"))
    world = RollingWorld("SB 30", BONUS, policies=(to_cash,))
    world.place(30)
    world.cancel(forfeit=True)
    world.settle(75)

    assert world.balances == {"SN": 45}


def test_without_forfeiting_the_money_is_free() -> None:
    world = RollingWorld("SB 50", BONUS)
    world.place(30)
    world.cancel()
    world.settle(75)

    assert world.balances == {"SB": 95}


def test_own_money_cannot_be_forfeited() -> None:
    world = RollingWorld("SN 50", requirement())

    assert world.cancel(forfeit=True) == "BUCKET_NOT_FORFEITABLE"
    assert world.cancel() == "APPLIED"
    assert world.balances == {"SN": 50}


def test_of_a_bucket_with_other_requirements_only_its_own_value_goes() -> None:
    world = RollingWorld("SB 100", BONUS, requirement("RQ2", "SB", order=0))
    world.cancel(forfeit=True)

    assert world.balances == {"SB": 60}


def test_it_expires_when_its_time_has_come_and_not_before() -> None:
    world = RollingWorld("SB 50", replace(BONUS, expire_time=START + timedelta(seconds=2)))

    assert world.cancel(expired=True) == "ALREADY_APPLIED"
    assert world.state() == "ACTIVE"
    assert world.cancel(expired=True) == "APPLIED"
    assert (world.state(), world.balances) == ("EXPIRED", {})
    assert world.cancel(expired=True) == "ALREADY_APPLIED"


def test_own_money_outlives_its_requirement() -> None:
    world = RollingWorld("SN 50", replace(requirement(), expire_time=START))

    assert world.cancel(expired=True) == "APPLIED"
    assert (world.state(), world.balances) == ("EXPIRED", {"SN": 50})


def test_what_is_stale_over_unknown_or_frozen_is_not_cancelled() -> None:
    over = requirement("RQ2", state=RequirementState.TRANSFERRED)
    world = RollingWorld("SB 50", BONUS, over, frozen="SB")

    assert world.cancel("RQ9") == "REQUIREMENT_NOT_FOUND"
    assert world.cancel(revision=7) == "ROLLING_VERSION_STALE"
    assert world.cancel("RQ2") == "ROLLING_NOT_FULFILLED"
    assert world.cancel(forfeit=True) == "BUCKET_FROZEN"
    assert world.balances == {"SB": 50}
