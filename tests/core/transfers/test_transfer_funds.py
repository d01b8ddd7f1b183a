"""Moving money along edges."""

from dataclasses import replace

import pytest

from tests.core.rolling.rolling_world import (
    BLOCKING,
    EDGES,
    FREE,
    POINTS_EDGE,
    RollingWorld,
    requirement,
    with_edges,
)
from tests.core.rules import TOPOLOGY
from wallet_server.core.accounts import exchange
from wallet_server.core.config.topology import BucketStatus, TransferEdge
from wallet_server.core.refusals import (
    AmountNotMultiple,
    BelowMinimum,
    InsufficientFunds,
    RollingOpen,
    TransferCap,
)
from wallet_server.core.results import TransferResult
from wallet_server.core.rolling.requirement import RequirementState, RollingTerms


def remaining(world: RollingWorld) -> list[int]:
    return [each.remaining for each in world.requirements]


def test_e37_rolling_goes_along_in_proportion() -> None:
    world = RollingWorld("SN 300", requirement(progress=300))
    assert world.transfer(100) == "APPLIED"

    assert world.posted == {"SN": -100, "CN": 100}
    assert remaining(world) == [400, 200]
    assert world.result == TransferResult(100, 100, moved_remaining=200)
    parent, child = world.requirements
    assert (child.bucket, child.wallet_group, child.parent_id) == ("CN", "casino", "RQ1")
    assert (child.family, child.opened_sequence) == (parent.family, parent.opened_sequence)
    assert (child.revision, parent.revision) == (1, 2)


def test_e38_all_goes_along_with_all_of_the_money() -> None:
    world = RollingWorld("SN 300", requirement(progress=300))
    world.transfer(300)

    assert remaining(world) == [0, 600]
    assert [each.state.value for each in world.requirements] == ["TRANSFERRED", "ACTIVE"]


def test_e39_the_child_is_rounded_up_and_block_refuses() -> None:
    world = RollingWorld("SN 300", requirement(required=601))
    world.transfer(100)
    assert remaining(world) == [400, 201]

    world = RollingWorld("SN 300", requirement(required=601), edges=(BLOCKING,))
    assert world.transfer(100) == "ROLLING_OPEN"
    assert world.refusal == RollingOpen(601)
    assert world.balances == {"SN": 300}

    world = RollingWorld("SN 300", requirement(required=601), edges=(FREE,))
    assert world.transfer(300) == "APPLIED"
    assert remaining(world) == [601]


def test_e40_without_an_edge_nothing_is_transferred() -> None:
    world = RollingWorld("SB 10, SN 10", edges=(*EDGES, TransferEdge("SB", "SN", enabled=False)))

    assert world.transfer(10, "SB", "CN") == "TRANSFER_EDGE_NOT_ALLOWED"
    assert world.transfer(10, "SB", "SN") == "TRANSFER_EDGE_NOT_ALLOWED"
    assert world.transfer(10, "cpn:C1", "SN") == "TRANSFER_EDGE_NOT_ALLOWED"


def test_e41_points_become_money_with_rolling() -> None:
    world = RollingWorld("PT 1250")

    assert world.transfer(1250, "PT", "SN", "PTS") == "AMOUNT_NOT_MULTIPLE"
    assert world.refusal == AmountNotMultiple(1250, 100)
    assert world.transfer(1200, "PT", "SN", "PTS") == "APPLIED"
    assert world.posted == {"PT": -1200, exchange("PTS"): 1200, "SN": 120, exchange("EUR"): -120}
    assert [e.asset_code for e in world.answer.entries] == ["PTS", "EUR"]
    (opened,) = world.requirements
    assert (opened.bucket, opened.required) == ("SN", 120)
    assert world.result == TransferResult(1200, 120, requirement_id=opened.requirement_id)


def test_open_stake_keeps_its_part_of_what_must_be_wagered() -> None:
    world = RollingWorld("SN 300", requirement(required=600))
    world.place(100)
    world.transfer(200)

    assert remaining(world) == [200, 400]


def test_several_requirements_are_all_split_with_their_caps() -> None:
    capped = RollingTerms(10_000, release_target="WD", conversion_cap=101)
    world = RollingWorld(
        "SN 30", requirement("a", required=10, terms=capped, amount=11), requirement("b")
    )
    world.transfer(10)

    assert remaining(world) == [6, 600, 4, 300]
    caps = [each.terms.conversion_cap for each in world.requirements]
    assert caps == [67, None, 34, None]
    assert [each.amount for each in world.requirements] == [7, 0, 4, 0]


@pytest.mark.parametrize("state", [RequirementState.SUSPENDED, RequirementState.FULFILLED])
def test_what_waits_holds_the_money(state: RequirementState) -> None:
    terms = RollingTerms(10_000, release_target="WD")
    world = RollingWorld("SN 30", requirement(required=0, terms=terms, state=state))

    assert world.transfer(10) == "ROLLING_OPEN"


def test_money_that_is_only_to_be_unlocked_may_go() -> None:
    done = requirement(required=0, state=RequirementState.FULFILLED)
    world = RollingWorld("SN 30", done, edges=(BLOCKING,))

    assert world.transfer(10) == "APPLIED"


def test_rolling_of_points_is_converted_with_them() -> None:
    on_points = requirement(bucket="PT", required=105, asset_code="PTS")
    edge = replace(POINTS_EDGE, opens_rolling_bp=0)
    world = RollingWorld("PT 1000", on_points, edges=(edge,))
    world.transfer(1000, "PT", "SN", "PTS")

    assert remaining(world) == [0, 11]
    assert world.requirements[1].asset_code == "EUR"


def test_the_cap_is_of_a_day() -> None:
    world = RollingWorld("SN 300", edges=(TransferEdge("SN", "CN", daily_cap=100),))
    assert world.transfer(60) == "APPLIED"
    assert world.transfer(50) == "TRANSFER_CAP"
    assert world.refusal == TransferCap(100, 60)
    assert world.transfer(40) == "APPLIED"
    assert world.transfer(1) == "TRANSFER_CAP"

    world.requests += 12 * 3600
    assert world.transfer(100) == "APPLIED"
    assert world.balances == {"SN": 100, "CN": 200}


def test_amounts_that_become_nothing_are_too_small() -> None:
    edge = replace(POINTS_EDGE, minimum=1, multiple_of=1)
    world = RollingWorld("PT 100", edges=(edge,))

    assert world.transfer(9, "PT", "SN", "PTS") == "BELOW_MINIMUM"
    assert world.refusal == BelowMinimum(9, 10)
    assert world.transfer(19, "PT", "SN", "PTS") == "APPLIED"
    assert world.balances == {"PT": 81, "SN": 1}


def test_refusals_come_in_order() -> None:
    edge = TransferEdge("SN", "CN", minimum=4, multiple_of=2, daily_cap=10)
    world = RollingWorld("SN 5", requirement(state=RequirementState.SUSPENDED), edges=(edge,))
    world.change(frozen="SN")

    assert world.transfer(3, asset_code="USD") == "CURRENCY_MISMATCH"
    assert world.transfer(3) == "AMOUNT_NOT_MULTIPLE"
    assert world.transfer(2) == "BELOW_MINIMUM"
    assert world.transfer(12) == "BUCKET_FROZEN"
    world.change(frozen="")
    draining = tuple(
        replace(b, status=BucketStatus.DRAINING) if b.code == "CN" else b for b in TOPOLOGY.buckets
    )
    world.configure(replace(with_edges(edge), buckets=draining))
    assert world.transfer(12) == "BUCKET_DRAINING"
    world.configure(with_edges(edge))
    assert world.transfer(12) == "ROLLING_OPEN"
    world.put(requirement())
    assert world.transfer(12) == "TRANSFER_CAP"
    assert world.transfer(6) == "INSUFFICIENT_FUNDS"
    assert world.refusal == InsufficientFunds(required=6, available=5)
    assert world.balances == {"SN": 5}


def test_a_wallet_with_too_many_requirements_is_refused_whole() -> None:
    many = [requirement(f"r{number}") for number in range(40)]
    world = RollingWorld("SN 30", *many)

    assert world.transfer(10) == "ITEM_LIMIT"
    assert world.requirements == sorted(many, key=lambda each: each.key)
    assert world.transfer(30) == "APPLIED"
