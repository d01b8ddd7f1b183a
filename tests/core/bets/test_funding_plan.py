"""How much each source pays of a stake. The matrix has the ordinary cases."""

from dataclasses import replace

import pytest

from tests.core.rules import SPORTS, TOPOLOGY, auto, choice, policy, ratio
from tests.core.world import World, vector
from wallet_server.core.bets.funding_plan import fill, plan_funding
from wallet_server.core.config.policy import BreachAction, FundingMode, Policy
from wallet_server.core.config.topology import BucketStatus
from wallet_server.core.refusals import InsufficientFunds, MaxStakeWithBonus, Refusal

RICH = "SN 50, SB 50"


def planned(
    stake: int,
    rules: Policy | FundingMode,
    holds: str,
    *,
    frozen: str = "",
    selected: str = "",
    topology: object = TOPOLOGY,
) -> dict[str, int] | Refusal:
    rules = rules if isinstance(rules, Policy) else policy("SPORTS", rules)
    wallet = World(holds, frozen=frozen).wallet
    payments = plan_funding(stake, rules, selected, wallet, topology)  # pyright: ignore[reportArgumentType]
    if isinstance(payments, Refusal):
        return payments
    assert sum(each.amount for each in payments) == stake
    assert all(each.amount > 0 for each in payments)
    return {each.source: each.amount for each in payments}


@pytest.mark.parametrize(
    ("case", "mode", "stake", "holds", "frozen", "paid"),
    [
        ("in order", auto("SB", "SN", "WD"), 70, "SB 20, SN 30, WD 100", "", "SB 20, SN 30, WD 20"),
        (
            "all there is",
            auto("SB", "SN", "WD"),
            150,
            "SB 20, SN 30, WD 100",
            "",
            "SB 20, SN 30, WD 100",
        ),
        ("the first is enough", auto("SB", "SN"), 20, "SB 20, SN 30", "", "SB 20"),
        ("the first is frozen", auto("SB", "SN"), 30, "SB 20, SN 30", "SB", "SN 30"),
        ("by weight, the first frozen", ratio(SN=1, SB=1), 20, "SN 100, SB 100", "SN", "SB 20"),
        ("by weight, the last frozen", ratio(SN=1, SB=1), 20, "SN 100, SB 100", "SB", "SN 20"),
        (
            "by balance, one frozen",
            ratio(SN=0, SB=0, WD=0),
            30,
            "SN 100, SB 20, WD 10",
            "SN",
            "SB 20, WD 10",
        ),
        (
            "overflow skips to who has some",
            ratio(SN=2, SB=1, WD=1),
            40,
            "SN 10, SB 10, WD 90",
            "",
            "SN 10, SB 10, WD 20",
        ),
        (
            "overflow wraps around",
            ratio(SN=1, SB=1, WD=2),
            40,
            "SN 90, SB 12, WD 5",
            "",
            "SN 25, SB 10, WD 5",
        ),
        (
            "overflow wraps past the first",
            ratio(SN=1, SB=1, WD=2),
            40,
            "SN 10, SB 90, WD 5",
            "",
            "SN 10, SB 25, WD 5",
        ),
        (
            "carried over twice",
            ratio(SN=1, SB=1, WD=1),
            30,
            "SN 2, SB 15, WD 30",
            "",
            "SN 2, SB 15, WD 13",
        ),
    ],
)
def test_a_stake_is_covered_exactly(
    case: str, mode: FundingMode, stake: int, holds: str, frozen: str, paid: str
) -> None:
    assert planned(stake, mode, holds, frozen=frozen) == vector(paid), case


def test_what_is_short_is_told_in_full() -> None:
    assert planned(51, auto("SB", "SN"), "SB 20, SN 30, WD 99") == InsufficientFunds(51, 50)
    assert planned(51, auto("SB", "SN"), "SB 20, SN 51", frozen="SN") == InsufficientFunds(51, 20)
    assert planned(5, ratio(SN=1, SB=1), "") == InsufficientFunds(5, 0)


def test_payments_keep_the_order_of_the_sources() -> None:
    paid = planned(70, auto("WD", "SN", "SB"), "SB 30, SN 30, WD 30")

    assert isinstance(paid, dict)
    assert list(paid) == ["WD", "SN", "SB"]


def test_a_source_that_is_retired_counts_nothing() -> None:
    without_sb = replace(TOPOLOGY, buckets=tuple(b for b in TOPOLOGY.buckets if b.code != "SB"))

    assert planned(30, auto("SB", "SN"), "SB 20, SN 30", topology=without_sb) == {"SN": 30}
    assert planned(31, auto("SB", "SN"), "SB 20, SN 30", topology=without_sb) == InsufficientFunds(
        31, 30
    )


def test_a_draining_bucket_may_still_pay() -> None:
    buckets = tuple(replace(b, status=BucketStatus.DRAINING) for b in TOPOLOGY.buckets)

    assert planned(20, auto("SB"), "SB 20", topology=replace(TOPOLOGY, buckets=buckets)) == {
        "SB": 20
    }


def test_a_large_stake_with_bonus_is_declined() -> None:
    """E70."""
    rules = replace(SPORTS, max_stake_with_bonus=5)

    assert planned(10, rules, RICH) == MaxStakeWithBonus(stake=10, max=5)
    assert planned(6, rules, RICH) == MaxStakeWithBonus(stake=6, max=5)
    assert planned(5, rules, RICH) == {"SB": 5}


def test_a_large_stake_is_fine_if_no_bonus_has_a_part_in_it() -> None:
    rules = replace(SPORTS, max_stake_with_bonus=5)

    assert planned(10, rules, "SN 50") == {"SN": 10}
    assert planned(10, rules, RICH, frozen="SB") == {"SN": 10}


def test_one_unit_of_bonus_is_enough_to_decline() -> None:
    rules = replace(policy("SPORTS", auto("SN", "SB")), max_stake_with_bonus=5)

    assert planned(50, rules, RICH) == {"SN": 50}
    assert planned(51, rules, RICH) == MaxStakeWithBonus(51, 5)


def test_want_of_money_is_told_before_a_stake_that_is_too_large() -> None:
    assert planned(500, replace(SPORTS, max_stake_with_bonus=5), RICH) == InsufficientFunds(
        500, 100
    )


@pytest.mark.parametrize(
    ("case", "mode", "stake", "holds", "paid"),
    [
        ("in order", auto("SB", "SN", "WD"), 60, "SB 50, SN 50, WD 50", {"SN": 50, "WD": 10}),
        ("small enough", auto("SB", "SN", "WD"), 5, "SB 50, SN 50, WD 50", {"SB": 5}),
        ("not enough cash", auto("SB", "SN"), 60, "SB 50, SN 50", InsufficientFunds(60, 50)),
        ("by weight", ratio(SN=1, SB=1, WD=3), 60, "SB 50, SN 50, WD 50", {"SN": 15, "WD": 45}),
        ("by balance", ratio(SN=0, SB=0, WD=0), 30, "SB 50, SN 75, WD 25", {"SN": 23, "WD": 7}),
        (
            "weight only on bonus",
            ratio(SB=1, SN=0, WD=0),
            30,
            "SB 50, SN 75, WD 25",
            {"SN": 23, "WD": 7},
        ),
    ],
)
def test_a_large_stake_may_be_planned_again_with_cash_only(
    case: str, mode: FundingMode, stake: int, holds: str, paid: object
) -> None:
    rules = replace(
        policy("SPORTS", mode), max_stake_with_bonus=5, breach_action=BreachAction.CASH_ONLY
    )

    assert planned(stake, rules, holds) == paid, case


def test_cash_only_holds_for_what_the_player_chose() -> None:
    rules = replace(
        policy("LIVE", choice(BOTH=["CB", "CN"], BONUS=["CB"])),
        max_stake_with_bonus=5,
        breach_action=BreachAction.CASH_ONLY,
    )

    assert planned(20, rules, "CB 50, CN 50", selected="BOTH") == {"CN": 20}
    assert planned(20, rules, "CB 50, CN 50", selected="BONUS") == InsufficientFunds(20, 0)


def test_planning_with_cash_only_passes_over_a_source_that_is_retired() -> None:
    rules = replace(
        policy("SPORTS", auto("SB", "CB", "SN")),
        max_stake_with_bonus=5,
        breach_action=BreachAction.CASH_ONLY,
    )
    without_sb = replace(TOPOLOGY, buckets=tuple(b for b in TOPOLOGY.buckets if b.code != "SB"))

    assert planned(20, rules, "SB 50, CB 10, SN 50", topology=without_sb) == {"SN": 20}


def test_filling_up_is_a_bug_where_there_is_not_enough() -> None:
    with pytest.raises(AssertionError):
        fill(10, [5, 5], [4, 5])
