"""Giving parts of a bet their results, one by one."""

from tests.core.world import World, vector
from wallet_server.core.bets.bet import BetState, Portion, ResultKind
from wallet_server.core.bets.settle import PORTIONS_MAX
from wallet_server.core.refusals import PortionLimit, PortionTooLarge, TransactionPayloadMismatch


def test_parts_settle_one_by_one(world: World) -> None:
    """E11."""
    assert world.settle(50, portion="a", stake=40) == "APPLIED"
    assert world.bet().state is BetState.PARTIALLY_SETTLED
    assert world.settle(10, portion="b", stake=30) == "APPLIED"
    assert world.settle(0) == "APPLIED"

    bet = world.bet()
    assert [portion.stake_shares for portion in bet.portions] == [(8, 32), (6, 24), (6, 24)]
    assert (bet.state, bet.result_kind, bet.revision) == (BetState.SETTLED, ResultKind.MIXED, 4)
    assert world.balances == vector("SB 12, SN 48")


def test_a_named_part_may_take_all_that_is_left_without_saying_how_much(world: World) -> None:
    world.settle(50, portion="a", stake=40)

    assert world.settle(60, portion="b") == "APPLIED"
    assert world.bet().portions[1] == Portion("b", (12, 48), 1, 60, 0)


def test_each_part_has_versions_of_its_own(world: World) -> None:
    world.settle(50, version=9, portion="a", stake=40)

    assert world.settle(60, version=1) == "APPLIED"
    assert world.settle(0, version=8, portion="a") == "STALE_VERSION"
    assert world.settle(0, version=10, portion="a") == "APPLIED"
    assert world.bet().portions == (
        Portion("a", (8, 32), 10, 0, 0),
        Portion("", (12, 48), 1, 60, 0),
    )
    assert world.balances == vector("SB 12, SN 48")


def test_a_correction_replaces_the_result_of_its_part_and_nothing_else(world: World) -> None:
    world.settle(50, portion="a", stake=40)
    world.settle(0, portion="b", stake=30)

    world.settle(80, version=2, portion="a")

    assert world.posted == vector("SB +6, SN +24, GAME -30")
    assert [portion.payout for portion in world.bet().portions] == [80, 0]
    assert world.bet().state is BetState.PARTIALLY_SETTLED


def test_a_part_keeps_its_stake(world: World) -> None:
    world.settle(50, portion="a", stake=40)

    assert world.settle(50, version=2, portion="a", stake=41) == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.refusal == TransactionPayloadMismatch("b1", "stake")
    assert world.settle(60, version=2, portion="a", stake=40) == "APPLIED"


def test_a_settled_bet_has_no_stake_for_another_part(world: World) -> None:
    world.settle(240)

    assert world.settle(5, portion="a") == "PORTION_TOO_LARGE"
    assert world.refusal == PortionTooLarge(0, 0)
    assert world.settle(5, portion="a", stake=1) == "PORTION_TOO_LARGE"
    assert world.refusal == PortionTooLarge(1, 0)


def test_a_part_exactly_as_large_as_what_is_left_settles_the_bet(world: World) -> None:
    assert world.settle(5, portion="a", stake=99) == "APPLIED"
    assert world.bet().state is BetState.PARTIALLY_SETTLED
    assert world.settle(5, portion="b", stake=1) == "APPLIED"
    assert world.bet().state is BetState.SETTLED


def test_the_rest_may_be_settled_under_any_order_of_names(world: World) -> None:
    assert world.settle(5, stake=100) == "APPLIED"
    assert world.bet().state is BetState.SETTLED


def test_a_bet_may_have_had_so_many_portions_and_no_more() -> None:
    world = World("SN 1000")
    world.authorize(1000)
    for number in range(PORTIONS_MAX - 1):
        assert world.settle(0, portion=f"p{number}", stake=1) == "APPLIED"
    assert world.settle(0, portion="last", stake=1) == "APPLIED"

    assert world.settle(0, portion="one more", stake=1) == "PORTION_LIMIT"
    assert world.refusal == PortionLimit("b1", PORTIONS_MAX)
    assert world.settle(5, version=2, portion="p0") == "APPLIED"  # A known one may change.
    assert world.settle(0) == "APPLIED"  # All that is left always has a way out.
    assert world.bet().state is BetState.SETTLED


def test_portions_that_were_taken_back_count_among_those_a_bet_may_have_had() -> None:
    world = World("SN 1000")
    world.authorize(1000)
    for number in range(PORTIONS_MAX - 1):
        world.settle(0, portion=f"p{number}", stake=1)
    world.settle(0, portion="last", stake=1000 - (PORTIONS_MAX - 1))
    assert world.unsettle(2, "last") == "APPLIED"

    assert world.settle(0, portion="one more", stake=1) == "PORTION_LIMIT"
    assert world.settle(0, version=3, portion="last", stake=1) == "APPLIED"
