"""Scenarios that make versions: what their steps are written out as, and what they keep."""

from copy import deepcopy
from typing import Any

import pytest

from tests.conformance_runner.files import DIRECTORY, scenario_of
from wallet_server.conformance.reading import parse_scenario
from wallet_server.conformance.scenario import Actor, CallStep, Json
from wallet_server.conformance.shorthand import Cast

TOPOLOGY = {"name": "plain"}
PROFILE = {"kind": "ProviderProfile", "provider_id": "games", "provider_type": "GAMES"}
BLOCKED = {"code": "FAILED_PRECONDITION", "reason": "TOPOLOGY_ACTIVATION_BLOCKED"}


def document(*steps: Json) -> dict[str, Any]:
    return deepcopy(
        {
            "id": "T1",
            "title": "A test",
            "topology": "ruby",
            "given": {"wallets": {"alice": {"currency": "EUR"}}},
            "steps": [*steps],
            "final": {"alice": {}},
        }
    )


def calls_of(step: Json) -> list[CallStep]:
    steps = scenario_of(document(step)).steps
    assert all(isinstance(each, CallStep) for each in steps)
    return [each for each in steps if isinstance(each, CallStep)]


def problems_of(*steps: Json) -> list[tuple[str, str]]:
    _, problems = parse_scenario(document(*steps))
    return [(problem.path, problem.reason) for problem in problems]


def test_publishing_a_topology_is_four_acts_of_two_persons() -> None:
    calls = calls_of({"publish": TOPOLOGY, "version": 2, "expect": BLOCKED})

    assert [(each.call.method, each.call.request) for each in calls] == [
        ("TopologyAdmin.CreateTopology", {"yaml": {"kind": "Topology", "name": "plain"}}),
        ("TopologyAdmin.ValidateTopology", {"version": 2, "etag": "1"}),
        ("TopologyAdmin.ApproveTopology", {"version": 2, "etag": "2"}),
        ("TopologyAdmin.ActivateTopology", {"version": 2, "etag": "3"}),
    ]
    author, approver = Actor("author"), Actor("approver")
    assert [each.call.actor for each in calls] == [author, author, approver, approver]
    assert [each.call.path for each in calls] == [f"steps[0]#{n}" for n in (1, 2, 3, 4)]
    expected = [each.expectation for each in calls]
    assert [each and each.code for each in expected] == ["OK", "OK", "OK", "FAILED_PRECONDITION"]
    assert expected[0] is not None
    assert expected[0].response == {"topology": {"version": 2}}


def test_a_document_of_another_kind_is_named_by_what_it_is_about() -> None:
    step = {"publish": PROFILE, "version": 3, "until": "VALIDATED", "author": {"name": "ada"}}

    create, validate = calls_of(step)

    assert create.call.request == {"document": {"yaml": PROFILE}}
    assert create.expectation is not None
    assert create.expectation.response == {"document": {"provider_profile": {"version": 3}}}
    assert validate.call.request == {"name": {"provider_id": "games", "version": 3}, "etag": "1"}
    assert validate.call.actor == Actor("ada")


def test_the_wallet_policy_is_named_by_that_it_is_one() -> None:
    _, validate = calls_of(
        {"publish": {"kind": "WalletPolicy"}, "version": 2, "until": "VALIDATED"}
    )

    assert validate.call.request == {"name": {"wallet_policy": True, "version": 2}, "etag": "1"}


@pytest.mark.parametrize(
    ("step", "path", "reason"),
    [
        ({"publish": TOPOLOGY}, "steps[0].version", "MISSING"),
        ({"publish": "ruby", "version": 2}, "steps[0].publish", "WRONG_TYPE"),
        (
            {"publish": {"kind": "Bucket"}, "version": 2},
            "steps[0].publish.kind",
            "UNKNOWN_KIND",
        ),
        (
            {"publish": TOPOLOGY, "version": 2, "until": "SCHEDULED"},
            "steps[0].until",
            "UNKNOWN_STATE",
        ),
        ({"publish": TOPOLOGY, "version": 2, "by": "ada"}, "steps[0].by", "UNKNOWN_KEY"),
        (
            {"call": "TopologyAdmin.Destroy"},
            "steps[0].call",
            "UNKNOWN_METHOD",
        ),
        (
            {
                "call": "TopologyAdmin.GetTopology",
                "expect": {**BLOCKED, "details": {"Nothing": {}}},
            },
            "steps[0].expect.details.Nothing",
            "UNKNOWN_MESSAGE",
        ),
        (
            {
                "call": "TopologyAdmin.GetTopology",
                "expect": {**BLOCKED, "details": {"ActivationBlocked": {"blocks": []}}},
            },
            "steps[0].expect.details.ActivationBlocked",
            "WRONG_RESPONSE",
        ),
        (
            {"call": "TopologyAdmin.GetTopology", "expect": {"details": {}}},
            "steps[0].expect.details",
            "OUT_OF_PLACE",
        ),
        (
            {"call": "TopologyAdmin.GetDrain", "request": {"drain_id": "$kept:drain"}},
            "steps[0].request",
            "WRONG_REQUEST",
        ),
        (
            {"call": "TopologyAdmin.GetTopology", "keep": {"it": "topology.buckets"}},
            "steps[0].keep.it",
            "WRONG_FIELD",
        ),
        (
            {"call": "TopologyAdmin.GetTopology", "keep": {"it": "topology.version"}},
            "steps[0].keep.it",
            "WRONG_FIELD",
        ),
    ],
)
def test_what_is_wrong_with_a_step_is_said(step: Json, path: str, reason: str) -> None:
    assert (path, reason) in problems_of(step)


def test_what_an_answer_is_kept_for_may_be_used_from_then_on() -> None:
    keep = {"call": "TopologyAdmin.GetTopology", "keep": {"etag": "topology.etag"}}
    use = {
        "call": "TopologyAdmin.ArchiveTopology",
        "request": {"version": 1, "etag": "$kept:etag"},
    }

    assert problems_of(keep, use) == []
    assert ("steps[0].request", "WRONG_REQUEST") in problems_of(use, keep)
    assert Cast("tenant", {}, kept={"etag": "7"}).resolve("$kept:etag") == "7"


@pytest.mark.parametrize(
    ("step", "needs"),
    [
        ({"publish": TOPOLOGY, "version": 2}, "needs its own tenant"),
        ({"call": "TopologyAdmin.GetTopology"}, ""),
        ({"parallel": [{"call": "TopologyAdmin.ArchiveTopology"}]}, "needs its own tenant"),
    ],
)
def test_what_changes_a_tenant_needs_one_of_its_own(step: Json, needs: str) -> None:
    assert scenario_of(document(step)).tenant_needs == needs


def test_a_topology_may_be_in_a_file_beside_the_scenario() -> None:
    scenario = scenario_of({**document({"advance": "1s"}), "topology": "shapes/plain.yaml"})

    assert scenario.shape == ""
    assert len(scenario.documents) == 4


@pytest.mark.parametrize(
    ("file", "reason"),
    [("shapes/none.yaml", "UNREADABLE"), ("E05-largest-remainder.yaml", "MISSING_FIELD")],
)
def test_a_file_that_holds_no_documents_is_told(file: str, reason: str) -> None:
    _, problems = parse_scenario({**document({"advance": "1s"}), "topology": file}, DIRECTORY)

    assert ("topology", reason) in [(problem.path, problem.reason) for problem in problems]
