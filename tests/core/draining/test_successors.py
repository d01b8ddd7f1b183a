"""Chains of successors: a bucket that took another's place goes too, some versions later."""

from dataclasses import replace

from tests.core.bets.invariants import check_explained
from tests.core.draining.draining_world import DrainingWorld, without
from tests.core.rules import TOPOLOGY, configuration
from tests.core.world import vector
from wallet_server.core.config.topology import BucketStatus, RetiredBucket, Topology
from wallet_server.core.config.validation import find_incompatibilities
from wallet_server.core.config.validation_topology import find_topology_problems


def problems_of(topology: Topology) -> list[tuple[str, str]]:
    found = find_topology_problems(topology)
    return [(each.path, each.reason) for each in found if each.path.startswith("retired")]


def with_retired(*retired: tuple[str, str]) -> Topology:
    return replace(TOPOLOGY, retired_buckets=tuple(RetiredBucket(*each) for each in retired))


def test_a_code_leads_to_the_last_of_its_successors() -> None:
    topology = with_retired(("old", "older"), ("older", "oldest"), ("oldest", "SN"))

    assert topology.live_code("old") == "SN"
    assert topology.live_code("oldest") == "SN"
    assert topology.live_code("SN") == "SN"
    assert problems_of(topology) == []


def test_codes_in_a_circle_lead_nowhere_and_are_told() -> None:
    topology = with_retired(("a", "b"), ("b", "a"), ("c", "c"))

    assert {topology.live_code(each) for each in "abc"} <= set("abc")
    assert problems_of(topology) == [
        ("retired_buckets[0].successor", "RETIRED_BUCKET"),
        ("retired_buckets[1].successor", "RETIRED_BUCKET"),
        ("retired_buckets[2].successor", "RETIRED_BUCKET"),
    ]


def test_a_bet_follows_its_bucket_through_all_versions() -> None:
    world = DrainingWorld("SN 80, SB 20")
    world.authorize(100)

    world.retire(("SB", "CB"))
    world.settle(240)
    assert world.posted == vector("CB +48, SN +192, O:SB -20, O:SN -80, GAME -140")
    world.change(balances="NB 48, SN 192")
    world.retire(("SB", "CB"), ("CB", "NB"))
    world.settle(80, version=2)

    assert world.posted == vector("NB -32, SN -128, GAME +160")
    check_explained(world.bet(), world)
    world.roll_back()
    assert world.balances == vector("NB 20, SN 80")
    check_explained(world.bet(), world)


def test_a_version_may_retire_the_successor_of_a_code_that_an_earlier_one_retired() -> None:
    before = without(("SB", "CB"))
    after = without(("SB", "CB"), ("CB", "NB"))

    found = find_incompatibilities(before, after)

    assert found == []
    assert problems_of(after) == []


def test_own_sources_are_those_whose_successors_hold_own_money() -> None:
    topology = with_retired(("old", "older"), ("older", "SN"), ("gift", "SB"))

    assert topology.own_sources == {"SN", "CN", "WD", "old", "older"}


def test_only_the_buckets_that_are_named_are_emptied() -> None:
    topology = TOPOLOGY.with_draining(frozenset({"SB", "none"}))

    draining = [each.code for each in topology.buckets if each.status is BucketStatus.DRAINING]
    assert draining == ["SB"]
    assert TOPOLOGY.with_draining(frozenset({"none"})) is TOPOLOGY
    assert configuration(topology).topology.value.bucket_by_code["SB"].code == "SB"
