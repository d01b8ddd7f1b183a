"""What bets count for requirements."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.core.rolling.rolling_world import (
    UNLOCK,
    RollingWorld,
    requirement,
    weighing,
)
from tests.core.rules import LIVE, SLOTS, SPORTS
from tests.core.world import START
from wallet_server.core.bets.context import BetContext
from wallet_server.core.config.policy import RollingRules
from wallet_server.core.rolling.requirement import RequirementState


def test_e42_each_line_counts_for_requirements_on_its_own_source() -> None:
    world = RollingWorld(
        "CN 100, CB 100",
        requirement("RQ2", "CB"),
        requirement("RQ3", "CN"),
        policies=(
            weighing(SLOTS, RollingRules()),
            weighing(LIVE, RollingRules(weight_bp=1_000)),
        ),
    )
    world.change(balances="CN 50, CB 100")
    world.place(100, "s", provider="slots")
    world.settle(0, "s", provider="slots")
    world.change(balances="CN 50, CB 50")
    world.place(50, "l1", provider="live", selected="CASINO_NORMAL")
    world.place(50, "l2", provider="live", selected="CASINO_BONUS")
    world.settle(0, "l1", provider="live")
    world.settle(130, "l2", provider="live")

    assert (world.progress("RQ2"), world.progress("RQ3")) == (55, 55)


def test_e43_a_correction_replaces_what_a_bet_has_counted() -> None:
    rules = RollingRules(odds_milli_min=1_500)
    world = RollingWorld("SN 200", requirement(), policies=(weighing(SPORTS, rules),))
    world.place(100, context=BetContext(odds_milli=1_500))
    seen = [world.progress()]
    for step in (
        lambda: world.settle(200, version=1),
        lambda: world.unsettle(2),
        lambda: world.settle(0, version=3, refund=50),
        world.roll_back,
    ):
        assert step() == "APPLIED"
        seen.append(world.progress())
        assert sum(each.counted for each in world.bet().contributions) == seen[-1]

    assert seen == [0, 100, 0, 50, 0]


@pytest.mark.parametrize(
    ("rules", "context", "counted"),
    [
        (RollingRules(), BetContext(), 99),
        (RollingRules(weight_bp=1_000), BetContext(), 9),
        (RollingRules(weight_bp=0), BetContext(), 0),
        (RollingRules(odds_milli_min=1_500), BetContext(odds_milli=1_499), 0),
        (RollingRules(odds_milli_min=1_500), BetContext(odds_milli=1_500), 99),
        (RollingRules(odds_milli_min=1_500), BetContext(), 0),
        (RollingRules(excluded_game_ids=("g",)), BetContext(game_id="g"), 0),
        (RollingRules(excluded_game_ids=("g",)), BetContext(game_id="h"), 99),
        (RollingRules(excluded_game_ids=("g",)), BetContext(), 0),
    ],
)
def test_the_rules_of_the_snapshot_say_what_counts(
    rules: RollingRules, context: BetContext, counted: int
) -> None:
    world = RollingWorld("SN 99", requirement(), policies=(weighing(SPORTS, rules),))
    world.place(99, context=context)
    world.configure(weighing(SPORTS, RollingRules(weight_bp=20_000)))
    world.settle(0)

    assert world.progress() == counted


@pytest.mark.parametrize(("counts_cash_outs", "counted"), [(True, 100), (False, 60)])
def test_cash_outs_count_if_the_rules_say_so(*, counts_cash_outs: bool, counted: int) -> None:
    rules = RollingRules(counts_cash_outs=counts_cash_outs)
    world = RollingWorld("SN 100", requirement(), policies=(weighing(SPORTS, rules),))
    world.place(100)
    assert world.cash_out(40, 50) == "APPLIED"
    world.settle(0)

    assert world.progress() == counted


def test_the_oldest_comes_first_and_what_is_too_much_spills_over() -> None:
    world = RollingWorld(
        "SN 100", requirement("new", order=1, required=80), requirement("old", order=0, required=30)
    )
    world.place(100)
    world.settle(0)

    assert (world.progress("old"), world.progress("new")) == (30, 70)
    assert (world.state("old"), world.state("new")) == ("FULFILLED", "ACTIVE")

    world.settle(0, version=2, refund=80)

    assert (world.progress("old"), world.progress("new")) == (20, 0)
    assert world.state("old") == "ACTIVE"


def test_a_stake_counts_for_all_where_the_policy_says_parallel() -> None:
    world = RollingWorld(
        "SN 100",
        requirement("old", order=0, required=30),
        requirement("new", required=80),
        policies=(weighing(SPORTS, RollingRules(parallel=True)),),
    )
    world.place(100)
    world.settle(0)
    assert (world.progress("old"), world.progress("new")) == (30, 80)

    world.settle(0, version=2, refund=50)
    assert (world.progress("old"), world.progress("new")) == (30, 50)


@pytest.mark.parametrize(
    ("changes", "counted"),
    [
        ({}, 50),
        ({"opened_sequence": 2}, 0),
        ({"asset_code": "PTS"}, 0),
        ({"state": RequirementState.PENDING}, 0),
        ({"state": RequirementState.SUSPENDED}, 0),
        ({"terms": replace(UNLOCK, provider_types=("SLOTS",))}, 0),
        ({"terms": replace(UNLOCK, provider_types=("SPORTS",))}, 50),
        ({"bucket": "SB"}, 0),
        ({"bucket": "SB", "terms": replace(UNLOCK, group_wide=True)}, 50),
        (
            {
                "bucket": "CN",
                "wallet_group": "casino",
                "terms": replace(UNLOCK, group_wide=True),
            },
            0,
        ),
        ({"expire_time": START + timedelta(seconds=2)}, 0),
        ({"expire_time": START + timedelta(seconds=3)}, 50),
    ],
)
def test_only_what_a_requirement_asks_for_counts(changes: dict[str, object], counted: int) -> None:
    world = RollingWorld("SN 50", replace(requirement(), **changes))
    world.place(50)
    world.settle(0)

    assert world.progress() == counted


def test_what_was_lost_after_release_is_remembered_and_locks_nothing() -> None:
    world = RollingWorld("SN 100", requirement(required=100))
    world.place(100)
    world.settle(0)
    world.complete()

    world.unsettle(2)
    assert (world.state(), world.requirement().remaining) == ("RELEASED", 100)

    world.settle(0, version=3)
    assert (world.state(), world.requirement().remaining) == ("RELEASED", 0)


def test_what_was_lost_after_a_transfer_is_asked_of_the_child_and_given_back() -> None:
    world = RollingWorld("SN 200", requirement(required=150))
    world.place(100)
    world.settle(0)
    world.transfer(100)
    assert [(r.state.value, r.remaining) for r in world.requirements] == [
        ("TRANSFERRED", 0),
        ("ACTIVE", 50),
    ]

    world.unsettle(2)
    assert [(r.progress, r.remaining) for r in world.requirements] == [(0, 0), (0, 150)]

    world.settle(0, version=3, refund=30)
    assert [(r.progress, r.remaining) for r in world.requirements] == [(70, 0), (0, 80)]
