"""Releasing requirements, and what comes back to their buckets later."""

from dataclasses import replace

from tests.core.rolling.rolling_world import UNLOCK, RollingWorld, requirement
from tests.core.rules import TOPOLOGY
from tests.core.world import eur
from wallet_server.core.commands import CloseRound, CreditWin
from wallet_server.core.config.topology import BucketStatus
from wallet_server.core.ids import BetKey
from wallet_server.core.refusals import RollingNotFulfilled, RollingOpen, RollingVersionStale
from wallet_server.core.results import RollingResult
from wallet_server.core.rolling.requirement import (
    ReleaseMode,
    Requirement,
    RequirementState,
    RollingTerms,
)

CAPPED = RollingTerms(10_000, release_target="WD", conversion_cap=100)
FULFILLED = RequirementState.FULFILLED


def fulfilled(
    name: str = "RQ1", terms: RollingTerms = CAPPED, *, bucket: str = "SB", order: int = 1
) -> Requirement:
    return requirement(
        name, bucket, required=50, progress=50, terms=terms, state=FULFILLED, order=order
    )


def test_e44_what_exceeds_the_cap_is_the_house_s() -> None:
    world = RollingWorld("SB 180", fulfilled())

    assert world.complete(revision=1) == "APPLIED"
    assert world.posted == {"SB": -180, "WD": 100, "H:PROMO": 80}
    assert world.result == RollingResult("RQ1", "RELEASED", 2, released=100, forfeited=80)
    assert not world.requirement().is_live
    assert world.complete(revision=1) == "ALREADY_APPLIED"


def test_e45_what_an_open_bet_returns_goes_on_within_the_cap() -> None:
    world = RollingWorld("SB 30", fulfilled())
    world.place(30)
    assert world.complete() == "APPLIED"
    assert world.posted == {}
    assert world.requirement().tail

    world.settle(90)
    assert [e.bet_ref for e in world.answer.entries] == ["b1", ""]
    assert world.balances == {"WD": 90}
    assert (world.requirement().cap_left, world.requirement().tail) == (10, False)


def test_what_comes_back_beyond_the_cap_is_the_house_s_too() -> None:
    world = RollingWorld("SB 30", fulfilled())
    world.place(30)
    world.complete()

    world.settle(130)
    assert world.beside == {"SB": -130, "WD": 100, "H:PROMO": 30}


def test_bets_placed_after_the_release_keep_what_they_win() -> None:
    world = RollingWorld("SB 30", fulfilled())
    world.place(30)
    world.complete()
    world.change(balances="SB 20, O:SB 30")
    world.place(20, "b2")
    world.settle(60, "b2")
    assert world.balances == {"SB": 60, "O:SB": 30}

    world.settle(40)
    assert world.balances == {"SB": 60, "WD": 40}


def test_it_releases_by_itself_with_the_bet_that_fulfils_it() -> None:
    automatic = replace(CAPPED, release_mode=ReleaseMode.AUTOMATIC)
    world = RollingWorld("SB 50", requirement(bucket="SB", required=40, terms=automatic))
    world.place(50)
    world.settle(70)

    assert world.balances == {"WD": 70}
    assert world.state() == "RELEASED"


def test_a_released_bet_that_is_corrected_takes_the_money_from_where_it_went() -> None:
    world = RollingWorld("SB 30", fulfilled())
    world.place(30)
    world.complete()
    world.settle(90)
    world.unsettle(2)
    assert world.balances == {"O:SB": 30}
    world.settle(90, version=3)

    assert world.balances == {"WD": 90}
    assert world.requirement().released <= 100


def test_money_that_another_requirement_locks_stays() -> None:
    world = RollingWorld("SB 180", fulfilled(), requirement("RQ2", "SB", 70, order=0))

    assert world.complete() == "ROLLING_OPEN"
    assert world.refusal == RollingOpen(70)
    world.cancel("RQ2")
    assert world.complete() == "APPLIED"


def test_what_exceeds_one_cap_is_left_for_the_next_that_is_fulfilled() -> None:
    world = RollingWorld(
        "SB 180", fulfilled(), fulfilled("RQ2", replace(CAPPED, conversion_cap=50), order=0)
    )
    world.complete()
    assert world.balances == {"SB": 80, "WD": 100}

    world.complete("RQ2")
    assert world.balances == {"WD": 150}


def test_release_that_only_unlocks_moves_nothing_and_waits_for_nobody() -> None:
    world = RollingWorld("SB 180", fulfilled(terms=UNLOCK), requirement("RQ2", "SB", 70))
    world.place(80)

    assert world.complete() == "APPLIED"
    assert world.posted == {}
    assert not world.requirement().tail


def test_own_money_is_never_forfeited() -> None:
    world = RollingWorld("SN 180", fulfilled(bucket="SN"))
    world.complete()

    assert world.balances == {"SN": 80, "WD": 100}


def test_what_is_stale_unfulfilled_unknown_or_frozen_is_not_released() -> None:
    world = RollingWorld("SN 10, SB 10", requirement(), fulfilled("RQ2"), frozen="SB")

    assert world.complete("RQ9") == "REQUIREMENT_NOT_FOUND"
    assert world.complete(revision=7) == "ROLLING_VERSION_STALE"
    assert world.refusal == RollingVersionStale("RQ1", 1)
    assert world.complete() == "ROLLING_NOT_FULFILLED"
    assert world.refusal == RollingNotFulfilled("RQ1", "ACTIVE", 900)
    assert world.complete("RQ2") == "BUCKET_FROZEN"


def test_a_round_s_win_goes_on_as_a_bet_s_payout_does() -> None:
    world = RollingWorld("CB 20", fulfilled(bucket="CB"))
    world.authorize(20, provider="slots", round_ref="r1")
    world.complete()
    win = CreditWin(BetKey("slots", "w1"), eur(50), round_ref="r1")

    assert world.run(win) == "APPLIED"
    assert world.beside == {"CB": -50, "WD": 50}
    assert world.run(CloseRound("slots", "r1")) == "APPLIED"
    assert world.balances == {"WD": 50}
    assert not world.requirement().tail


def test_the_last_that_is_fulfilled_lets_those_that_waited_go() -> None:
    automatic = replace(CAPPED, release_mode=ReleaseMode.AUTOMATIC)
    waiting = fulfilled(terms=automatic)
    world = RollingWorld("SB 80", waiting, requirement("RQ2", "SB", 30, terms=automatic, order=0))
    world.place(20)
    assert world.state() == "FULFILLED"
    world.place(30, "b2")
    world.settle(0, "b2")

    assert world.state() == world.state("RQ2") == "RELEASED"
    assert world.balances == {"WD": 30, "O:SB": 20}


def test_money_is_not_released_into_a_bucket_that_is_being_emptied() -> None:
    world = RollingWorld("SB 80", fulfilled())
    draining = tuple(
        replace(b, status=BucketStatus.DRAINING) if b.code == "WD" else b for b in TOPOLOGY.buckets
    )
    world.configure(replace(TOPOLOGY, buckets=draining))

    assert world.complete() == "BUCKET_DRAINING"
    assert world.balances == {"SB": 80}
