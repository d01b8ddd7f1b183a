"""Sending what an open bet would bring to a bucket elsewhere."""

import pytest

from tests.core.bets.invariants import check_bet, check_explained
from tests.core.draining.draining_world import BOSS, DrainingWorld
from tests.core.draining.replanning import placed, plan_of
from tests.core.rolling.rolling_world import requirement
from tests.core.rules import auto, destinations, policy
from tests.core.world import eur, vector
from wallet_server.core.bets.bet import BetState
from wallet_server.core.cashier.adjustment import (
    AdjustmentKind,
    AdjustmentState,
)
from wallet_server.core.commands import (
    CancelRolling,
    CloseRound,
    CreditPromotion,
    CreditWin,
    RollbackTransaction,
)
from wallet_server.core.ids import BetKey
from wallet_server.core.refusals import (
    ApprovalRequired,
)
from wallet_server.core.results import AdjustmentResult


def test_the_first_person_is_told_that_it_takes_a_second() -> None:
    world = placed()

    assert world.replan() == "APPROVAL_REQUIRED"

    assert world.refusal == ApprovalRequired(0, "a1")
    assert world.bet().replanned == {}
    plan = plan_of(world)
    assert (plan.kind, plan.state) == (AdjustmentKind.PLAN, AdjustmentState.PENDING)
    assert (plan.provider_id, plan.bet_ref, plan.bucket, plan.successor, plan.amount) == (
        *("sports", "b1", "SB", "SN"),
        0,
    )


def test_the_second_person_makes_it_and_nothing_moves() -> None:
    world = placed()
    world.replan()
    before = world.bet()

    assert world.replan(by=BOSS) == "APPLIED"

    assert world.answer.entries == ()
    after = world.bet()
    assert (after.replanned, after.revision, after.state) == ({"SB": "SN"}, 2, before.state)
    assert (after.lines, after.snapshot) == (before.lines, before.snapshot)
    assert world.answer.bet == after
    assert world.answer.result == AdjustmentResult("a1", "APPLIED")
    plan = plan_of(world)
    assert (plan.author, plan.approver, plan.apply_sequence) == ("clerk", "boss", 4)


def test_a_payout_follows_the_new_plan() -> None:
    world = placed()
    world.replan_by_two()

    world.settle(240)

    assert world.posted == vector("SN +240, O:SB -20, O:SN -80, GAME -140")
    check_explained(world.bet(), world)
    world.settle(80, version=2)
    assert world.posted == vector("SN -160, GAME +160")
    check_explained(world.bet(), world)


def test_a_refund_follows_the_new_plan() -> None:
    world = placed()
    world.replan_by_two()

    world.settle(0, refund=100)

    assert world.posted == vector("SN +100, O:SB -20, O:SN -80")
    check_bet(world.bet(), world)


def test_a_rollback_follows_the_new_plan() -> None:
    world = placed()
    world.replan_by_two()

    world.roll_back()

    assert world.posted == vector("SN +100, O:SB -20, O:SN -80")
    check_bet(world.bet(), world)


def test_a_portion_paid_before_is_taken_back_from_the_bucket_and_then_from_its_successor() -> None:
    world = placed("SB 100")
    world.settle(80, portion="p1", stake=40)  # SB 80
    world.replan_by_two()
    assert world.bet().state is BetState.PARTIALLY_SETTLED
    world.change(balances="SB 30, SN 500, O:SB 60")

    world.settle(0, portion="p1", version=2)

    assert world.posted == vector("SB -30, SN -50, GAME +80")
    check_explained(world.bet(), world)


def test_what_the_bucket_still_holds_of_an_earlier_result_stays_until_it_is_drained() -> None:
    world = placed("SB 100")
    world.settle(80, portion="p1", stake=40)
    world.replan_by_two()

    world.settle(90)

    assert world.posted == vector("SN +90, O:SB -60, GAME -30")
    assert world.balances == vector("SB 80, SN 90")
    world.drain()
    world.unsettle(2)
    assert world.balances == vector("O:SB 100")
    check_explained(world.bet(), world)


def test_replanned_comes_before_the_successor_of_a_bucket_that_is_retired() -> None:
    world = placed()
    world.replan_by_two(successor="CB")
    world.retire(("SB", "SN"))

    world.settle(240)

    assert world.posted == vector("CB +48, SN +192, O:SB -20, O:SN -80, GAME -140")


def test_the_successor_of_a_replanned_bucket_may_be_retired_too() -> None:
    world = placed()
    world.replan_by_two(successor="CB")
    world.settle(240)
    world.retire(("SB", "SN"), ("CB", "NB"))

    world.change(balances="NB 48, SN 192")
    world.settle(80, version=2)

    assert world.posted == vector("NB -32, SN -128, GAME +160")
    check_explained(world.bet(), world)


def test_a_bet_may_be_replanned_again() -> None:
    world = placed()
    world.replan_by_two(successor="CB")
    world.empty("SB", "CB")

    world.replan_by_two("CB", "NB")
    world.settle(240)

    assert world.bet().replanned == {"SB": "NB", "CB": "NB"}
    assert world.posted == vector("NB +48, SN +192, O:SB -20, O:SN -80, GAME -140")


def test_a_retired_bucket_may_be_replanned_too() -> None:
    world = placed()
    world.retire(("SB", "SN"))

    world.replan_by_two(successor="NB")
    world.settle(240)

    assert world.posted == vector("NB +48, SN +192, O:SB -20, O:SN -80, GAME -140")


def test_wins_of_its_round_follow_the_new_plan() -> None:
    to_cb = policy("SLOTS", auto("CB"), destinations("CB", "CB", "CN"))
    world = DrainingWorld("CB 100", draining=("CB",), policies=(to_cb,))
    world.authorize(100, provider="slots", round_ref="R1")
    assert world.replan("CB", "NB", provider="slots") == "APPROVAL_REQUIRED"
    assert world.replan("CB", "NB", by=BOSS, provider="slots") == "APPLIED"

    world.run(CreditWin(BetKey("slots", "w1"), eur(250), round_ref="R1"))

    assert world.balances == vector("NB 100, CN 150, O:CB 100")
    world.run(CloseRound("slots", "R1"))
    world.run(RollbackTransaction(BetKey("slots", "w1")))
    assert world.balances == {}


@pytest.mark.parametrize(
    ("forfeit", "outcome", "left"),
    [(True, "ROLLING_OPEN", ""), (False, "APPROVAL_REQUIRED", "SB 160")],
)
def test_stake_of_a_bonus_that_was_forfeited_stays_the_houses(
    *, forfeit: bool, outcome: str, left: str
) -> None:
    """What comes back of it would be forfeited: elsewhere it would be the player's."""
    world = DrainingWorld("SB 100", requirement("RQ1", "SB", required=900))
    world.place(60)
    world.run(CancelRolling("RQ1", revision=1, forfeit=forfeit))

    assert world.replan() == outcome

    assert world.bet().replanned == {}
    world.settle(120)
    assert world.balances == vector(left)


def test_bets_that_were_placed_after_a_bonus_was_forfeited_are_replanned() -> None:
    world = DrainingWorld("SB 100", requirement("RQ1", "SB", required=900), draining=())
    world.place(60)
    world.run(CancelRolling("RQ1", revision=1, forfeit=True))
    world.run(CreditPromotion("p1", "SB", eur(30)))
    world.place(30, "b2")
    world.empty("SB")

    assert world.replan(bet_ref="b2") == "APPROVAL_REQUIRED"
    assert world.replan(bet_ref="b1", adjustment_id="a2") == "ROLLING_OPEN"


def test_stake_counts_for_requirements_as_before() -> None:
    world = DrainingWorld("SB 100", requirement("RQ1", "SB", required=900))
    world.place(100)
    world.replan_by_two()

    world.settle(0)

    assert world.progress() == 100
