"""Emptying a wallet's bucket into its successor."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.core.coupons.coupons import DAY
from tests.core.draining.draining_world import DrainingWorld
from tests.core.rolling.rolling_world import requirement
from tests.core.world import START, eur, vector
from wallet_server.core.commands import GrantCoupon
from wallet_server.core.coupons.grant import CouponGrant, CouponTerms
from wallet_server.core.item_key import ItemKey, ItemKind
from wallet_server.core.players.status import AccountStatus
from wallet_server.core.refusals.administration import BucketNotDraining, SuccessorUnfit
from wallet_server.core.results import DrainResult
from wallet_server.core.rolling.requirement import (
    ReleaseMode,
    RequirementState,
    RollingTerms,
)


def grant_of(world: DrainingWorld, grant_id: str = "C1") -> CouponGrant:
    found = world.wallet.items[ItemKey(ItemKind.COUPON, grant_id)]
    assert isinstance(found, CouponGrant)
    return found


def test_e61_all_of_the_bucket_goes_to_its_successor() -> None:
    world = DrainingWorld("SB 140")

    assert world.drain() == "APPLIED"

    assert world.posted == vector("SB -140, SN +140")
    assert world.answer.result == DrainResult("drain-1", "EUR", 140)
    assert world.balances == vector("SN 140")


def test_a_wallet_that_has_nothing_to_do_with_the_bucket_stays_as_it_is() -> None:
    world = DrainingWorld("SN 5", requirement())

    assert world.drain() == "ALREADY_APPLIED"

    assert world.answer.entries == ()
    assert world.answer.result == DrainResult("drain-1", "EUR", 0)


def test_points_go_to_points() -> None:
    world = DrainingWorld("PT 30", draining=("PT",))

    assert world.drain("PT", "SN") == "SUCCESSOR_UNFIT"
    assert world.refusal == SuccessorUnfit("PT", "SN")


@pytest.mark.parametrize(("successor", "outcome"), [("SB", "SUCCESSOR_UNFIT"), ("WD", "APPLIED")])
def test_the_players_own_money_stays_so(successor: str, outcome: str) -> None:
    world = DrainingWorld("SN 30", draining=("SN",))

    assert world.drain("SN", successor) == outcome


@pytest.mark.parametrize(
    ("draining", "code", "successor", "reason"),
    [
        ((), "SB", "SN", "BUCKET_NOT_DRAINING"),
        (("SB",), "none", "SN", "BUCKET_UNKNOWN_IN_TOPOLOGY"),
        (("SB",), "SB", "none", "SUCCESSOR_UNFIT"),
        (("SB",), "SB", "PT", "SUCCESSOR_UNFIT"),
        (("SB", "SN"), "SB", "SN", "SUCCESSOR_UNFIT"),
        (("SB",), "SB", "SB", "SUCCESSOR_UNFIT"),
    ],
)
def test_only_what_is_to_be_emptied_goes_and_only_where_it_can(
    draining: tuple[str, ...], code: str, successor: str, reason: str
) -> None:
    world = DrainingWorld("SB 140", draining=draining)

    assert world.drain(code, successor) == reason
    assert world.balances == vector("SB 140")


def test_a_retired_bucket_is_not_drained() -> None:
    world = DrainingWorld("SB 140")
    world.retire(("SB", "SN"))

    assert world.drain() == "BUCKET_UNKNOWN_IN_TOPOLOGY"


def test_what_is_frozen_stays() -> None:
    world = DrainingWorld("SB 140", frozen="SB")

    assert world.drain() == "BUCKET_FROZEN"


@pytest.mark.parametrize("status", AccountStatus)
def test_no_status_keeps_money_in_a_bucket_that_goes(status: AccountStatus) -> None:
    world = DrainingWorld("SB 140")
    world.change(status=status)

    assert world.drain() == "APPLIED"


def test_open_bets_are_left_alone_and_what_they_give_back_is_drained_after_them() -> None:
    world = DrainingWorld("SB 140")
    world.authorize(100)
    assert world.drain() == "APPLIED"
    assert world.posted == vector("SB -40, SN +40")

    world.settle(70)
    assert world.posted == vector("SB +70, O:SB -100, GAME +30")
    world.drain()

    assert world.posted == vector("SB -70, SN +70")
    assert world.balances == vector("SN 110")


def test_requirements_go_along_whole_with_what_was_wagered_for_them() -> None:
    world = DrainingWorld("SB 140", requirement("RQ1", "SB", required=900, progress=300))

    assert world.drain(successor="NB") == "APPLIED"

    moved = world.requirement()
    assert (moved.bucket, moved.wallet_group, moved.former_buckets) == ("NB", "casino", ("SB",))
    assert (moved.required, moved.progress, moved.state.value) == (900, 300, "ACTIVE")
    assert moved.revision == 2
    assert world.answer.result == DrainResult("drain-1", "EUR", 140, items_count=1)


def test_stake_from_the_bucket_counts_on_for_a_requirement_that_went_along() -> None:
    world = DrainingWorld("SB 140", requirement("RQ1", "SB", required=900))
    world.place(100)
    world.drain(successor="NB")

    world.settle(0)

    assert world.progress() == 100
    world.settle(0, version=2)  # Nothing counts twice.
    assert world.progress() == 100


def test_a_requirement_goes_along_with_stake_alone() -> None:
    world = DrainingWorld("SB 140", requirement("RQ1", "SB"))
    world.place(140)

    assert world.drain(successor="NB") == "APPLIED"

    assert world.answer.entries == ()
    assert world.requirement().bucket == "NB"


def test_bonus_money_that_becomes_the_players_own_ends_its_requirements() -> None:
    own = requirement("RQ2", "SN", required=50, order=2)
    world = DrainingWorld("SB 140, SN 60", requirement("RQ1", "SB"), own)

    assert world.drain(successor="SN") == "APPLIED"

    assert world.posted == vector("SB -140, SN +140")
    ended = world.requirement("RQ1")
    assert (ended.state.value, ended.forfeited, ended.tail) == ("CANCELLED", 0, False)
    assert world.requirement("RQ2") == own


def test_own_money_takes_its_requirements_along_to_own_money() -> None:
    world = DrainingWorld("SN 100", requirement("RQ1", "SN", progress=40), draining=("SN",))

    world.drain("SN", "CN")

    assert (world.requirement().bucket, world.requirement().remaining) == ("CN", 860)


def test_a_requirement_ends_where_nothing_is_left_that_it_was_for() -> None:
    world = DrainingWorld("", requirement("RQ1", "SB"))

    assert world.drain(successor="NB") == "APPLIED"

    assert world.state() == "CANCELLED"
    assert world.answer.result == DrainResult("drain-1", "EUR", 0, items_count=1)
    assert world.drain(successor="NB") == "ALREADY_APPLIED"


def test_a_requirement_goes_along_with_stake_of_a_bucket_that_was_emptied_before() -> None:
    world = DrainingWorld("SB 140", requirement("RQ1", "SB"))
    world.place(140)
    world.drain(successor="NB")
    world.replan_by_two(successor="NB")
    world.empty("NB")

    assert world.drain("NB", "CB") == "APPLIED"

    moved = world.requirement()
    assert (moved.state.value, moved.bucket) == ("ACTIVE", "CB")
    assert moved.former_buckets == ("SB", "NB")
    world.settle(200)
    assert world.progress() == 140


def test_only_what_is_there_for_itself_takes_a_requirement_along() -> None:
    came_along = replace(requirement("RQ1", "CB"), former_buckets=("SB",))
    opened_there = requirement("RQ2", "CB", order=2)
    world = DrainingWorld("O:SB 140", came_along, opened_there, draining=("CB",))

    world.drain("CB", "NB")

    assert (world.state("RQ1"), world.requirement("RQ1").bucket) == ("ACTIVE", "NB")
    assert (world.state("RQ2"), world.requirement("RQ2").bucket) == ("CANCELLED", "CB")


def test_bonus_money_waits_for_a_withdrawal_that_would_forfeit_it() -> None:
    waits = requirement("RQ1", "SB", state=RequirementState.SUSPENDED)
    world = DrainingWorld("SB 140", waits)

    assert world.drain(successor="NB") == "ROLLING_OPEN"


def test_what_would_be_released_to_the_bucket_will_be_released_to_its_successor() -> None:
    terms = RollingTerms(10_000, release_target="WD", release_mode=ReleaseMode.AUTOMATIC)
    world = DrainingWorld(
        "SB 100",
        requirement("RQ1", "SB", required=100, progress=0, terms=terms),
        draining=("WD",),
    )

    assert world.drain("WD", "SN") == "APPLIED"
    assert world.requirement().terms == replace(terms, release_target="SN")
    world.place(100)
    world.settle(100)

    assert world.beside == vector("SB -100, SN +100")


def test_a_release_that_waited_for_the_bucket_happens_with_the_drain() -> None:
    terms = RollingTerms(10_000, release_target="WD", release_mode=ReleaseMode.AUTOMATIC)
    fulfilled = requirement(
        "RQ1", "SB", required=100, progress=100, terms=terms, state=RequirementState.FULFILLED
    )
    world = DrainingWorld("SB 100", fulfilled, draining=("WD",))

    world.drain("WD", "SN")

    assert world.posted == vector("SB -100, SN +100")
    assert world.state() == "RELEASED"


def test_a_requirement_that_only_unlocks_the_bucket_unlocks_its_successor() -> None:
    terms = RollingTerms(10_000, release_target="SB")
    world = DrainingWorld("SB 100", requirement("RQ1", "SB", required=100, terms=terms))

    world.drain(successor="NB")

    assert world.requirement().bucket == "NB"
    assert not world.requirement().moves_money


def test_grants_pay_to_the_successor_and_are_known_by_the_terms_that_they_were_granted_with() -> (
    None
):
    terms = CouponTerms("SB", stake_target="SB")
    grant = GrantCoupon("C1", eur(30), START + 30 * DAY, terms)
    world = DrainingWorld("", draining=())
    world.run(grant)
    world.empty("SB")

    assert world.drain() == "APPLIED"

    assert grant_of(world).terms == CouponTerms("SN", stake_target="SN")
    assert grant_of(world).granted_terms == terms
    assert grant_of(world).revision == 2
    assert world.run(grant) == "REPLAYED APPLIED"
    world.empty("SB", "SN")
    world.drain("SN", "CN")
    assert grant_of(world).granted_terms == terms
    assert world.run(grant) == "REPLAYED APPLIED"


def test_grants_that_are_over_stay_as_they_were() -> None:
    world = DrainingWorld("", draining=())
    until = START + timedelta(seconds=2)
    world.run(GrantCoupon("C1", eur(30), until, CouponTerms("SB")))
    ended = replace(grant_of(world), state=grant_of(world).state.EXPIRED)
    world.put(ended)
    world.empty("SB")

    assert world.drain() == "ALREADY_APPLIED"
    assert grant_of(world) == ended


def test_the_bucket_must_be_one_that_is_being_emptied() -> None:
    world = DrainingWorld("SB 1", draining=())
    world.drain()

    assert world.refusal == BucketNotDraining("SB")
