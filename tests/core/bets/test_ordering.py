"""Results whose order nobody but their caller has counted."""

import pytest

from tests.core.rounds.round_world import RoundWorld
from tests.core.world import World, vector
from wallet_server.core.bets.bet import LOST, UNVERIFIED, VOID, BetState
from wallet_server.core.refusals import (
    ResultInconsistent,
    ResultVersionConflict,
    TransactionPayloadMismatch,
)


def test_the_provider_vouches_for_the_order_unless_it_is_said_otherwise(world: World) -> None:
    world.settle(240)
    assert world.bet().orderings == {}

    world.settle(95, version=2, ordering=UNVERIFIED)
    assert world.bet().orderings == {"": UNVERIFIED}

    world.settle(240, version=3)
    assert world.bet().orderings == {}


def test_each_portion_has_an_ordering_of_its_own(world: World) -> None:
    world.settle(50, portion="a", stake=40, ordering=UNVERIFIED)
    world.settle(9, portion="b", stake=10)
    world.settle(0, ordering=UNVERIFIED)
    assert world.bet().orderings == {"a": UNVERIFIED, "": UNVERIFIED}

    world.settle(60, portion="a", version=2)
    assert world.bet().orderings == {"": UNVERIFIED}


def test_an_unverified_result_moves_what_any_other_moves(world: World) -> None:
    world.settle(240)

    assert world.settle(95, version=2, ordering=UNVERIFIED) == "APPLIED"

    assert world.posted == vector("SB -29, SN -116, GAME +145")


@pytest.mark.parametrize("version", [1, 2, 3, 9])
def test_an_unverified_result_that_says_the_same_is_a_replay_whatever_its_version(
    world: World, version: int
) -> None:
    world.settle(240, version=2)
    bet, balances = world.bet(), world.balances

    assert world.settle(240, version=version, ordering=UNVERIFIED) == "ALREADY_APPLIED"

    assert (world.bet(), world.balances, world.answer.entries) == (bet, balances, ())
    assert world.answer.bet == bet


def test_a_result_that_says_the_same_under_a_version_of_the_providers_is_newer(
    world: World,
) -> None:
    world.settle(240, ordering=UNVERIFIED)

    assert world.settle(240, version=5) == "APPLIED"

    assert world.bet().version_of("") == 5
    assert world.bet().orderings == {}
    assert world.settle(95, version=4) == "STALE_VERSION"


@pytest.mark.parametrize("first", [None, UNVERIFIED])
def test_what_was_said_first_of_a_version_stays(world: World, first: None) -> None:
    world.settle(240, ordering=first)
    bet = world.bet()

    other = UNVERIFIED if first is None else None
    assert world.settle(240, ordering=other) == "ALREADY_APPLIED"

    assert world.bet() == bet


def test_two_who_count_at_once_are_told_apart(world: World) -> None:
    world.settle(240, version=2, ordering=UNVERIFIED)

    assert world.settle(95, version=2, ordering=UNVERIFIED) == "RESULT_VERSION_CONFLICT"
    assert world.refusal == ResultVersionConflict("b1", 2)
    assert world.settle(95, version=1, ordering=UNVERIFIED) == "STALE_VERSION"
    assert world.settle(95, version=3, ordering=UNVERIFIED) == "APPLIED"


@pytest.mark.parametrize(
    ("case", "again", "outcome"),
    [
        ("with its stake", {"stake": 100}, "ALREADY_APPLIED"),
        ("with its refund", {"refund": 0}, "ALREADY_APPLIED"),
        ("another payout", {"payout": 241}, "APPLIED"),
        ("another refund", {"refund": 1}, "APPLIED"),
        ("another kind", {"kind": LOST}, "RESULT_INCONSISTENT"),
        ("another stake", {"stake": 99}, "TRANSACTION_PAYLOAD_MISMATCH"),
    ],
)
def test_only_what_says_the_same_in_all_is_a_replay(
    world: World, case: str, again: dict[str, int], outcome: str
) -> None:
    world.settle(240)
    result = {"payout": 240, "version": 2, "ordering": UNVERIFIED, **again}

    assert world.settle(**result) == outcome, case  # pyright: ignore[reportArgumentType]

    if outcome == "RESULT_INCONSISTENT":
        assert world.refusal == ResultInconsistent("LOST", 240, 0, 100)


def test_a_void_is_the_same_with_or_without_its_refund(world: World) -> None:
    world.settle(0, kind=VOID)

    assert world.settle(0, version=2, refund=100, ordering=UNVERIFIED) == "ALREADY_APPLIED"
    assert world.settle(0, version=2, ordering=UNVERIFIED) == "APPLIED"


def test_no_unverified_result_repeats_a_cash_out() -> None:
    world = RoundWorld("SN 100")
    world.authorize(100)
    world.cash_out(90, "c1", stake=100)

    assert world.settle(90, portion="c1", ordering=UNVERIFIED) == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.refusal == TransactionPayloadMismatch("b1", "portion_ref")


def test_an_unverified_result_after_a_close_is_the_first() -> None:
    world = RoundWorld("CN 100")
    world.bet_in(100, "b1")
    world.close()
    assert world.slot("b1").portions[0].result_version == 0

    lost = {"bet_ref": "b1", "provider": "slots", "ordering": UNVERIFIED}
    assert world.settle(0, **lost) == "APPLIED"  # pyright: ignore[reportArgumentType]
    assert world.slot("b1").portions[0].result_version == 1


def test_a_result_may_come_again_once_it_was_taken_back(world: World) -> None:
    world.settle(240, ordering=UNVERIFIED)
    world.unsettle(2, ordering=UNVERIFIED)

    assert world.settle(240, version=3, ordering=UNVERIFIED) == "APPLIED"
    assert world.balances == vector("SB 48, SN 192")


def test_what_takes_results_back_says_so_of_them_all(world: World) -> None:
    world.settle(50, portion="a", stake=40)
    world.settle(120, ordering=UNVERIFIED)

    assert world.unsettle(2, ordering=UNVERIFIED) == "APPLIED"
    assert world.bet().orderings == {"a": UNVERIFIED, "": UNVERIFIED}

    world.settle(120, version=3)
    assert world.bet().orderings == {"a": UNVERIFIED}


def test_results_that_are_taken_back_by_the_provider_are_so_by_its_word(world: World) -> None:
    world.settle(240, ordering=UNVERIFIED)

    world.unsettle(2)

    assert world.bet().orderings == {}


@pytest.mark.parametrize("version", [1, 5, 6, 7])
def test_taking_back_again_unverified_is_a_replay_whatever_its_version(
    world: World, version: int
) -> None:
    world.settle(240)
    world.unsettle(6)
    bet = world.bet()

    assert world.unsettle(version, ordering=UNVERIFIED) == "ALREADY_APPLIED"
    assert world.unsettle(version, "", ordering=UNVERIFIED) == "ALREADY_APPLIED"

    assert world.bet() == bet


def test_it_is_no_replay_where_one_of_the_results_counts(world: World) -> None:
    world.settle(50, portion="a", stake=40)
    world.settle(120)
    world.unsettle(2, "a")
    world.settle(60, portion="a", version=3, stake=40)

    assert world.unsettle(4, "a", "", ordering=UNVERIFIED) == "APPLIED"
    assert world.bet().state is BetState.AUTHORIZED


def test_nothing_is_taken_back_of_a_bet_without_results(world: World) -> None:
    assert world.unsettle(1, ordering=UNVERIFIED) == "ILLEGAL_TRANSITION"


def test_the_orderings_of_a_bet_that_is_placed_are_none(world: World) -> None:
    world.settle(240, ordering=UNVERIFIED)

    assert world.bet().as_authorized().orderings == {}
