"""Who may send elsewhere what an open bet would bring, and where to."""

import pytest

from tests.core.draining.draining_world import BOSS, CLERK
from tests.core.draining.replanning import placed
from tests.core.world import REF
from wallet_server.core.commands.actor import NOBODY, Actor
from wallet_server.core.refusals import (
    BucketNotInPlan,
    IllegalTransition,
    TransactionPayloadMismatch,
)
from wallet_server.core.results import AdjustmentResult


def test_saying_it_again_changes_nothing() -> None:
    world = placed()
    world.replan_by_two()
    assert world.replan(adjustment_id="SB-SN") == "ALREADY_APPLIED"
    assert world.answer.bet == world.bet()
    assert world.answer.result == AdjustmentResult("SB-SN", "APPLIED")
    world.settle(0)

    assert world.replan(by=BOSS, adjustment_id="SB-SN") == "ALREADY_APPLIED"


def test_the_second_person_must_say_the_same() -> None:
    world = placed()
    world.replan()

    assert world.replan(successor="CN", by=BOSS) == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.refusal == TransactionPayloadMismatch("a1", "successor")
    assert world.replan("SN", by=BOSS) == "TRANSACTION_PAYLOAD_MISMATCH"
    world.authorize(0, "b2")
    assert world.replan(by=BOSS, bet_ref="b2") == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.refusal == TransactionPayloadMismatch("a1", "bet")


@pytest.mark.parametrize(
    ("actor", "reason"),
    [
        (NOBODY, "ACTOR_REQUIRED"),
        (CLERK, "SELF_APPROVAL"),
        (Actor(REF.player_id), "SELF_APPROVAL"),
        (Actor("staff", player_id=REF.player_id), "SELF_APPROVAL"),
    ],
)
def test_it_takes_two_persons_who_are_not_the_player(actor: Actor, reason: str) -> None:
    world = placed()
    world.replan()

    assert world.replan(by=actor) == reason
    assert world.bet().replanned == {}


def test_only_open_bets_are_replanned() -> None:
    world = placed()
    assert world.replan(bet_ref="b2") == "BET_NOT_FOUND"
    world.authorize(5, "b3")
    assert world.replan(bet_ref="b3") == "ILLEGAL_TRANSITION"
    world.settle(0)
    assert world.replan() == "ILLEGAL_TRANSITION"
    assert world.refusal == IllegalTransition("b1", "SETTLED", "ReplanAuthorization")
    world.roll_back()
    assert world.replan() == "BET_ROLLED_BACK"


@pytest.mark.parametrize(
    ("code", "successor", "reason"),
    [
        ("none", "SN", "BUCKET_UNKNOWN_IN_TOPOLOGY"),
        ("SN", "CN", "BUCKET_NOT_DRAINING"),
        ("CB", "SN", "BUCKET_NOT_IN_PLAN"),
        ("SB", "CB", "SUCCESSOR_UNFIT"),
        ("SB", "PT", "SUCCESSOR_UNFIT"),
        ("SB", "none", "SUCCESSOR_UNFIT"),
    ],
)
def test_only_buckets_that_go_are_left_and_only_for_fit_ones(
    code: str, successor: str, reason: str
) -> None:
    world = placed()
    world.empty("SB", "CB")

    assert world.replan(code, successor) == reason


def test_what_the_players_own_money_wins_stays_their_own() -> None:
    world = placed()
    world.empty("SN")

    assert world.replan("SN", "SB") == "SUCCESSOR_UNFIT"


def test_a_bucket_that_the_plan_has_left_is_not_in_it_any_more() -> None:
    world = placed()
    world.replan_by_two()

    assert world.replan(successor="CN", adjustment_id="a2") == "BUCKET_NOT_IN_PLAN"
    assert world.refusal == BucketNotInPlan("b1", "SB")
