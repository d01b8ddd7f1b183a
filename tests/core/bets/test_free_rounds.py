"""Results of bets that cost nothing."""

import pytest

from tests.core.world import World, eur
from wallet_server.core.bets.bet import BetState, Portion, ResultKind
from wallet_server.core.commands import AuthorizeBet
from wallet_server.core.ids import BetKey
from wallet_server.core.refusals import PortionTooLarge


@pytest.fixture
def world() -> World:
    """A wallet with an open bet of nothing."""
    world = World("SN 10")
    world.run(AuthorizeBet(BetKey("sports", "b1"), eur(0), free_round=True))
    return world


def test_a_free_round_is_settled_without_stake(world: World) -> None:
    assert world.settle(0) == "APPLIED"

    bet = world.bet()
    assert world.answer.entries == ()
    assert bet.portions == (Portion("", (), 1, 0, 0),)
    assert (bet.state, bet.result_kind) == (BetState.SETTLED, ResultKind.LOST)
    assert world.settle(0) == "ALREADY_APPLIED"


def test_a_void_free_round_is_settled_as_one_that_lost(world: World) -> None:
    assert world.settle(0, kind=ResultKind.VOID) == "APPLIED"

    assert world.answer.entries == ()
    assert world.bet().result_kind is ResultKind.LOST
    assert world.settle(0, kind=ResultKind.VOID) == "ALREADY_APPLIED"
    assert world.settle(0, kind=ResultKind.LOST) == "ALREADY_APPLIED"
    assert world.settle(0, version=2, kind=ResultKind.VOID) == "APPLIED"


def test_a_void_free_round_gives_nothing_back(world: World) -> None:
    assert world.settle(0, refund=1, kind=ResultKind.VOID) == "REFUND_EXCEEDS_STAKE"
    assert world.settle(1, kind=ResultKind.VOID) == "PAYOUT_WITHOUT_STAKE"
    assert world.settle(0, kind=ResultKind.WON) == "RESULT_INCONSISTENT"


def test_a_free_round_has_one_result_only(world: World) -> None:
    world.settle(0, portion="a")

    assert world.settle(0, portion="b") == "PORTION_TOO_LARGE"
    assert world.refusal == PortionTooLarge(0, 0)


def test_a_free_round_has_no_part_with_a_stake(world: World) -> None:
    assert world.settle(0, portion="a", stake=1) == "PORTION_TOO_LARGE"
    assert world.refusal == PortionTooLarge(1, 0)


def test_a_win_of_a_free_round_is_no_result(world: World) -> None:
    assert world.settle(5) == "PAYOUT_WITHOUT_STAKE"
    assert world.bet().state is BetState.AUTHORIZED


def test_the_result_of_a_free_round_may_be_taken_back(world: World) -> None:
    world.settle(0)

    assert world.unsettle(2) == "APPLIED"
    assert world.bet().state is BetState.AUTHORIZED
    assert world.settle(0, version=3) == "APPLIED"
    assert world.bet().state is BetState.SETTLED
