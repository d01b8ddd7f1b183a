"""Taking back results."""

import pytest

from tests.core.world import World, vector
from wallet_server.core.bets.bet import BetState
from wallet_server.core.refusals import IllegalTransition, PortionNotFound, ResultVersionConflict


@pytest.fixture
def world() -> World:
    """A wallet with a settled bet of 100 in two parts: `a` of 40 won 50, the rest 120."""
    world = World("SB 20, SN 80")
    world.authorize(100)
    world.settle(50, version=3, portion="a", stake=40)
    world.settle(120, version=5)
    return world


def test_all_results_are_taken_back(world: World) -> None:
    assert world.unsettle(6) == "APPLIED"

    assert world.posted == vector("SB -34, SN -136, O:SB +20, O:SN +80, GAME +70")
    bet = world.bet()
    assert (bet.state, bet.portions, bet.unsettled_versions) == (
        BetState.AUTHORIZED,
        (),
        {"a": 6, "": 6},
    )
    assert bet.revision == 4
    assert world.answer.bet == bet


def test_named_results_are_taken_back(world: World) -> None:
    assert world.unsettle(4, "a") == "APPLIED"

    assert world.posted == vector("SB -10, SN -40, O:SB +8, O:SN +32, GAME +10")
    bet = world.bet()
    assert (bet.state, bet.unsettled_versions) == (BetState.PARTIALLY_SETTLED, {"a": 4})
    assert [portion.portion_ref for portion in bet.portions] == [""]


@pytest.mark.parametrize(
    ("case", "version", "portions", "outcome"),
    [
        ("older than a result", 4, [], "STALE_VERSION"),
        ("older than its result", 2, ["a"], "STALE_VERSION"),
        ("of the age of a result", 5, [], "RESULT_VERSION_CONFLICT"),
        ("of the age of its result", 3, ["a"], "RESULT_VERSION_CONFLICT"),
        ("newer than its result", 4, ["a"], "APPLIED"),
        ("newer than both", 6, ["a", ""], "APPLIED"),
        ("newer than one", 4, ["a", ""], "STALE_VERSION"),
        ("unknown part", 9, ["b"], "PORTION_NOT_FOUND"),
        ("one part unknown", 9, ["a", "b"], "PORTION_NOT_FOUND"),
        ("unknown before stale", 1, ["b"], "PORTION_NOT_FOUND"),
    ],
)
def test_it_must_be_newer_than_what_it_takes_back(
    world: World, case: str, version: int, portions: list[str], outcome: str
) -> None:
    before = world.bet(), world.balances

    assert world.unsettle(version, *portions) == outcome, case

    if outcome != "APPLIED":
        assert (world.bet(), world.balances) == before


def test_refusals_tell_what_they_are_about(world: World) -> None:
    world.unsettle(9, "a", "b", "c")
    assert world.refusal == PortionNotFound("b1", "b")
    world.unsettle(5)
    assert world.refusal == ResultVersionConflict("b1", 5)


def test_the_same_version_again_changes_nothing(world: World) -> None:
    world.unsettle(6)
    bet = world.bet()

    assert world.unsettle(6) == "ALREADY_APPLIED"
    assert world.answer.bet == bet
    assert world.unsettle(6, "a") == "ALREADY_APPLIED"
    assert world.unsettle(5) == "STALE_VERSION"
    assert (world.bet(), world.answer.bet) == (bet, bet)


def test_a_version_that_took_one_part_back_did_not_take_all(world: World) -> None:
    world.unsettle(5, "a")

    assert world.unsettle(5, "a") == "ALREADY_APPLIED"
    assert world.unsettle(5) == "RESULT_VERSION_CONFLICT"


def test_versions_are_remembered(world: World) -> None:
    world.unsettle(6)

    assert world.settle(90, version=5) == "STALE_VERSION"
    assert world.settle(90, version=6) == "RESULT_VERSION_CONFLICT"
    assert world.settle(90, version=7) == "APPLIED"
    assert world.bet().unsettled_versions == {"a": 6}
    assert world.balances == vector("SB 18, SN 72")


def test_versions_are_remembered_of_each_part_that_was_ever_taken_back(world: World) -> None:
    world.unsettle(6, "a")
    world.settle(40, portion="b")

    world.unsettle(7, "b")

    assert world.bet().unsettled_versions == {"a": 6, "b": 7}


def test_taking_all_back_again_is_the_same_whatever_was_taken_back_before(world: World) -> None:
    world.unsettle(6, "a")
    world.settle(40, portion="b")
    world.unsettle(7)
    bet = world.bet()
    assert bet.unsettled_versions == {"a": 6, "b": 7, "": 7}

    assert world.unsettle(7) == "ALREADY_APPLIED"
    assert world.unsettle(6) == "STALE_VERSION"
    assert world.unsettle(8) == "ILLEGAL_TRANSITION"
    assert world.bet() == bet


def test_unsettled_and_settled_again_is_settled(world: World) -> None:
    balances = world.balances
    world.unsettle(6)
    world.settle(50, version=7, portion="a", stake=40)
    world.settle(120, version=7)

    assert world.balances == balances


def test_a_part_may_come_back_with_another_stake(world: World) -> None:
    world.unsettle(6)

    assert world.settle(10, version=7, portion="a", stake=10) == "APPLIED"
    assert world.bet().portions[0].stake == 10


@pytest.mark.parametrize("state", ["AUTHORIZED", "PARTIALLY_SETTLED", "DECLINED"])
def test_only_a_settled_bet_is_unsettled(state: str) -> None:
    world = World("SN 100")
    world.authorize(500 if state == "DECLINED" else 100)
    if state == "PARTIALLY_SETTLED":
        world.settle(5, portion="a", stake=10)

    assert world.unsettle(9) == "ILLEGAL_TRANSITION"
    assert world.refusal == IllegalTransition("b1", state, "UnsettleBet")


def test_a_bet_must_be_known_and_live() -> None:
    world = World("SN 100")
    world.authorize(40)
    world.roll_back()
    world.roll_back("tombstone")

    assert world.unsettle(2) == "BET_ROLLED_BACK"
    assert world.unsettle(2, bet_ref="tombstone") == "BET_ROLLED_BACK"
    assert world.unsettle(2, bet_ref="unknown") == "BET_NOT_FOUND"


def test_a_part_whose_stake_has_another_result_by_now_cannot_be_taken_back_again(
    world: World,
) -> None:
    world.unsettle(6, "a")
    world.settle(40, portion="b")
    bet = world.bet()
    assert bet.state is BetState.SETTLED

    assert world.unsettle(9, "a") == "PORTION_NOT_FOUND"
    assert world.bet() == bet
    assert world.unsettle(9, "a", "b") == "APPLIED"
    assert world.bet().unsettled_versions == {"a": 9, "b": 9}


def test_money_that_is_gone_is_recovered_as_for_any_correction(world: World) -> None:
    world.change(balances="SB 34, SN 6, WD 10")

    world.unsettle(6)

    assert world.posted == vector("SB -34, SN -6, WD -10, DEBT -120, O:SB +20, O:SN +80, GAME +70")


def test_results_that_were_taken_back_do_not_stand_in_the_way_of_those_that_count() -> None:
    world = World("SN 100")
    world.authorize(100)
    world.settle(0, portion="a", stake=40)
    world.settle(0, portion="b")
    world.unsettle(9, "a")
    world.settle(50, portion="c")

    assert world.unsettle(2) == "APPLIED"
    assert world.posted == vector("SN -50, O:SN +100, GAME -50")
    assert world.unsettle(2) == "STALE_VERSION"  # Portion a is at 9; nothing is left to take back.
