"""What requirements keep and say, down to the fields that few look at."""

from dataclasses import replace
from datetime import timedelta

from tests.core.rolling.rolling_world import (
    POINTS_EDGE,
    UNLOCK,
    RollingWorld,
    requirement,
    weighing,
)
from tests.core.rules import SPORTS
from tests.core.world import START
from wallet_server.core.config.policy import RollingRules
from wallet_server.core.draft import Draft
from wallet_server.core.refusals import (
    BucketFrozen,
    BucketNotForfeitable,
    RequirementNotFound,
    RollingNotFulfilled,
    RollingVersionStale,
)
from wallet_server.core.results import RollingResult
from wallet_server.core.rolling.requirement import ReleaseMode, RequirementState, RollingTerms
from wallet_server.core.rolling.suspension import resume, suspend

BONUS = requirement(bucket="SB", amount=40)
TO_CASH = RollingTerms(multiplier_bp=10_000, release_target="WD")
FULFILLED = RequirementState.FULFILLED
TRANSFERRED = RequirementState.TRANSFERRED


def test_refusals_name_the_requirement_and_how_it_stands() -> None:
    over = requirement("RQ2", progress=300, state=TRANSFERRED)
    world = RollingWorld("SB 50, SN 10", BONUS, over, requirement("RQ3"), frozen="SB")

    assert world.cancel("RQ9") == "REQUIREMENT_NOT_FOUND"
    assert world.refusal == RequirementNotFound("RQ9")
    assert world.complete("RQ9") == "REQUIREMENT_NOT_FOUND"
    assert world.refusal == RequirementNotFound("RQ9")
    assert world.cancel(revision=7) == "ROLLING_VERSION_STALE"
    assert world.refusal == RollingVersionStale("RQ1", 1)
    assert world.cancel("RQ2") == "ROLLING_NOT_FULFILLED"
    assert world.refusal == RollingNotFulfilled("RQ2", "TRANSFERRED", 600)
    assert world.cancel("RQ3", forfeit=True) == "BUCKET_NOT_FORFEITABLE"
    assert world.refusal == BucketNotForfeitable("SN")
    assert world.cancel(forfeit=True) == "BUCKET_FROZEN"
    assert world.refusal == BucketFrozen("SB")
    assert world.cancel() == "APPLIED"  # Nothing is forfeited of the frozen bucket.


def test_what_was_done_before_is_told_as_it_is() -> None:
    released = requirement(progress=900, state=RequirementState.RELEASED)
    world = RollingWorld("SN 50", released)

    assert world.complete() == "ALREADY_APPLIED"
    assert world.result == RollingResult("RQ1", "RELEASED", 1)


def test_a_command_tells_what_it_moved_and_not_what_was_moved_before() -> None:
    before = replace(
        requirement(bucket="SB", progress=900, terms=TO_CASH, state=FULFILLED),
        released=7,
        forfeited=3,
    )
    world = RollingWorld("SB 50", before)

    assert world.complete() == "APPLIED"

    assert world.result == RollingResult("RQ1", "RELEASED", 2, released=50, forfeited=0)
    assert (world.requirement().released, world.requirement().forfeited) == (57, 3)
    assert world.entry.asset_code == "EUR"


def test_what_is_forfeited_is_posted_in_the_buckets_asset() -> None:
    world = RollingWorld("SB 50", replace(BONUS, forfeited=3))

    assert world.cancel(forfeit=True) == "APPLIED"

    assert world.entry.asset_code == "EUR"
    assert world.result == RollingResult("RQ1", "CANCELLED", 2, forfeited=50)


def test_of_a_bucket_with_others_no_more_than_its_own_value_goes_in_all() -> None:
    used = replace(BONUS, forfeited=15)
    world = RollingWorld("SB 100", used, requirement("RQ2", "SB", order=0))
    world.cancel(forfeit=True)
    assert world.balances == {"SB": 75}

    spent = replace(BONUS, forfeited=40)
    world = RollingWorld("SB 100", spent, requirement("RQ2", "SB", order=0))
    world.cancel(forfeit=True)
    assert world.balances == {"SB": 100}


def test_a_requirement_watches_while_a_unit_of_stake_is_open_and_no_longer() -> None:
    world = RollingWorld("SB 50", BONUS)
    world.cancel(forfeit=True)
    assert not world.requirement().tail
    world = RollingWorld("SB 50", BONUS)
    world.place(1)
    world.cancel(forfeit=True)
    assert world.requirement().tail
    watching = world.requirement().revision
    world.settle(0)
    assert not world.requirement().tail
    assert world.requirement().revision == watching + 1

    fulfilled = requirement(bucket="SB", progress=900, terms=TO_CASH, state=FULFILLED)
    world = RollingWorld("SB 50", fulfilled)
    world.place(1)
    world.complete()
    assert world.requirement().tail


def test_all_that_open_bets_return_is_passed_on() -> None:
    world = RollingWorld("SB 50", replace(BONUS, amount=0))
    world.place(10)
    world.place(20, "b2")
    world.cancel(forfeit=True)

    world.settle(15)
    world.settle(25, "b2")

    assert world.balances == {}
    assert world.requirement().forfeited == 20 + 15 + 25


def test_every_step_of_progress_counts_up_the_revision_by_one() -> None:
    world = RollingWorld("SN 50", requirement())
    world.place(10)
    world.settle(0)
    assert (world.progress(), world.requirement().revision) == (10, 2)
    world.settle(0, refund=4, version=2)
    assert (world.progress(), world.requirement().revision) == (6, 3)


def test_one_unit_of_progress_counts() -> None:
    world = RollingWorld("SN 50", requirement())
    world.place(1)
    world.settle(0)
    assert world.progress() == 1
    world.roll_back()
    assert world.progress() == 0


def test_parallel_requirements_have_each_the_whole_stake_and_more_with_more() -> None:
    parallel = weighing(SPORTS, RollingRules(parallel=True))
    world = RollingWorld(
        "SN 50", requirement(), requirement("RQ2", required=25), policies=(parallel,)
    )
    world.place(30)
    world.settle(0, portion="a", stake=20)
    assert (world.progress(), world.progress("RQ2")) == (20, 20)
    world.settle(0, portion="b", stake=10)
    assert (world.progress(), world.progress("RQ2")) == (30, 25)


def test_a_bet_without_odds_does_not_count_where_odds_are_asked_for() -> None:
    asking = weighing(SPORTS, RollingRules(odds_milli_min=1))
    world = RollingWorld("SN 50", requirement(), policies=(asking,))
    world.place(10)
    world.settle(0)

    assert world.progress() == 0


def test_a_child_begins_anew_and_keeps_what_its_parent_asked() -> None:
    parent = replace(
        requirement(required=900, progress=100, amount=60),
        released=5,
        forfeited=6,
        revision=4,
    )
    world = RollingWorld("SN 100", parent)

    assert world.transfer(25) == "APPLIED"

    rest, child = world.requirements
    assert (child.progress, child.released, child.forfeited, child.revision) == (0, 0, 0, 1)
    assert (child.create_time, child.sequence) == (
        world.answer.answer_time,
        world.answer.sequence,
    )
    assert (child.required, child.amount, child.parent_id) == (200, 15, "RQ1")
    assert child.terms == parent.terms
    assert (rest.required, rest.amount, rest.end_sequence) == (700, 45, 0)
    assert (rest.released, rest.forfeited, rest.revision) == (5, 6, 5)


def test_children_are_numbered_from_one_on() -> None:
    world = RollingWorld("SN 100", requirement(), requirement("RQ2"))

    assert world.transfer(50) == "APPLIED"

    number = world.answer.sequence
    names = [each.requirement_id for each in world.requirements if each.parent_id]
    assert names == [f"TRANSFER:{number}.1", f"TRANSFER:{number}.2"]


def test_a_parent_of_which_nothing_is_left_ends_with_the_transfer() -> None:
    world = RollingWorld("SN 100", requirement(progress=100))

    assert world.transfer(100) == "APPLIED"

    parent = world.requirement()
    assert (parent.state, parent.end_sequence) == (TRANSFERRED, world.answer.sequence)


def test_a_child_in_another_asset_only_unlocks() -> None:
    to_points = RollingTerms(multiplier_bp=10_000, release_target="PT", conversion_cap=500)
    parent = requirement(bucket="PT", required=900, terms=to_points, asset_code="PTS")
    world = RollingWorld("PT 1000", parent, edges=(replace(POINTS_EDGE, opens_rolling_bp=0),))

    assert world.transfer(100, "PT", "SN", "PTS") == "APPLIED"

    child = next(each for each in world.requirements if each.parent_id)
    assert (child.asset_code, child.required) == ("EUR", 9)
    assert child.terms == replace(to_points, release_target="", conversion_cap=5)


def test_requirements_that_are_over_or_elsewhere_do_not_hold_a_transfer() -> None:
    elsewhere = requirement("RQ2", "SB", state=RequirementState.SUSPENDED)
    over = requirement("RQ3", state=RequirementState.CANCELLED)
    world = RollingWorld("SN 100", requirement(), elsewhere, over)

    assert world.transfer(50) == "APPLIED"

    assert world.requirement("RQ2") == elsewhere
    assert world.requirement("RQ3") == over


def test_what_a_correction_takes_is_asked_of_the_family_in_the_same_asset() -> None:
    stranger = requirement("RQ0", "CN", 50, order=9)
    world = RollingWorld("SN 100", requirement(required=40), stranger)
    world.place(10)
    world.settle(0)
    assert world.transfer(90) == "APPLIED"
    child = next(each for each in world.requirements if each.parent_id)
    assert (world.state(), child.required) == ("TRANSFERRED", 30)

    world.settle(0, refund=10, version=2)

    assert world.requirement("RQ0") == stranger
    assert world.requirement(child.requirement_id).required == 40
    assert (world.requirement().passed, world.progress()) == (10, 0)
    world.settle(0, version=3)
    assert world.requirement(child.requirement_id).required == 30
    assert (world.requirement().passed, world.progress()) == (0, 10)


def test_waiting_and_going_on_count_up_the_revision_by_one() -> None:
    world = RollingWorld("SN 50", requirement())
    configuration = world.fold.configurations["demo"]
    draft = Draft(world.wallet, configuration, START)

    waiting = suspend(draft, requirement(progress=900))
    assert (waiting.state, waiting.revision) == (RequirementState.SUSPENDED, 2)
    gone_on = resume(draft, waiting)
    assert (gone_on.state, gone_on.revision) == (FULFILLED, 3)


def test_it_expires_where_time_has_come_and_own_money_stays_though_it_is_frozen() -> None:
    due = replace(requirement(), expire_time=START + timedelta(seconds=1))
    world = RollingWorld("SN 50", due, frozen="SN")

    assert world.cancel(expired=True) == "APPLIED"
    assert world.balances == {"SN": 50}


def test_what_is_released_by_itself_is_released_with_the_last_unit() -> None:
    terms = replace(UNLOCK, release_mode=ReleaseMode.AUTOMATIC)
    world = RollingWorld("SN 50", requirement(required=1, terms=terms))
    world.place(1)
    world.settle(0)

    assert world.state() == "RELEASED"
    assert world.requirement().end_sequence == world.answer.sequence
