"""What is different between two documents, place by place."""

from typing import Any

import pytest
from hypothesis import given

from tests.core.config.strategies import DOCUMENTS, POLICIES, TOPOLOGIES
from tests.core.config.topologies import REMOVE, policy, topology
from wallet_server.core.administration.diff import (
    ChangeKind,
    DocumentChange,
    diff_documents,
    part_changes,
)
from wallet_server.core.config.documents import Document
from wallet_server.core.config.policy import Policy
from wallet_server.core.config.topology import Topology
from wallet_server.core.config.wallet_policy import (
    ApprovalLevel,
    DefaultLimit,
    LimitRules,
    WalletPolicy,
    WithdrawalRules,
)
from wallet_server.core.players.limit import LimitKind, LimitPeriod

ADDED, REMOVED, CHANGED = ChangeKind.ADDED, ChangeKind.REMOVED, ChangeKind.CHANGED

FEE = {"code": "fee", "wallet_group": "club", "bucket_class": "CASH"}


@pytest.mark.parametrize(
    ("edits", "changes"),
    [
        ([], []),
        ([("name", "large")], [("name", CHANGED, "small", "large")]),
        ([("buckets.1.display_name", "Gift")], [("buckets[gift].display_name", ADDED, None, "Gift")]),
        ([("buckets.0.depositable", False)], [("buckets[own].depositable", REMOVED, True, None)]),
        ([("buckets.4", FEE)], [("buckets[fee]", ADDED, None, FEE)]),
        ([("retired_buckets", [])], [("retired_buckets", REMOVED, [{"code": "old", "successor": "own"}], None)]),
        ([("transfer_edges.1.minimum", 200)], [("transfer_edges[stars → own].minimum", CHANGED, 100, 200)]),
        ([("recovery_order", ["free", "own"])], [("recovery_order", CHANGED, ["own", "free"], ["free", "own"])]),
        (
            [("transfer_edges.0.target", "gift")],
            [
                ("transfer_edges[own → free]", REMOVED, {"source": "own", "target": "free"}, None),
                ("transfer_edges[own → gift]", ADDED, None, {"source": "own", "target": "gift"}),
            ],
        ),
    ],
)  # fmt: skip
def test_a_topology_is_told_from_another_place_by_place(
    edits: list[tuple[str, Any]], changes: list[tuple[str, ChangeKind, Any, Any]]
) -> None:
    found = diff_documents(topology(), topology(*edits))

    assert found == tuple(DocumentChange(*each) for each in changes)


def test_buckets_are_compared_by_their_codes_wherever_they_stand() -> None:
    """The order decides wherever order matters, so that another order is a change too."""
    buckets = [
        FEE,
        {"code": "free", "wallet_group": "play", "bucket_class": "WITHDRAWABLE", "withdrawable": "ALWAYS"},
        {"code": "own", "wallet_group": "play", "bucket_class": "CASH", "display_name": "Own"},
    ]  # fmt: skip
    gift = {"code": "gift", "wallet_group": "play", "bucket_class": "RESTRICTED"}
    stars = {
        "code": "stars",
        "wallet_group": "club",
        "bucket_class": "POINTS",
        "asset_code": "PTS",
    }

    found = diff_documents(topology(), topology(("buckets", buckets)))

    assert found == (
        DocumentChange("buckets", CHANGED, ["own", "free"], ["free", "own"]),
        DocumentChange("buckets[own].depositable", REMOVED, before=True),
        DocumentChange("buckets[own].display_name", ADDED, after="Own"),
        DocumentChange("buckets[gift]", REMOVED, before=gift),
        DocumentChange("buckets[stars]", REMOVED, before=stars),
        DocumentChange("buckets[fee]", ADDED, after=FEE),
    )


def test_a_policy_is_told_from_another() -> None:
    choices = [{"name": "OWN", "sources": ["own"]}]
    after = policy(
        ("auto_order", REMOVE),
        ("player_selected", {"choices": choices}),
        ("destinations.0.destinations.profit_cap", 500),
        ("destinations.0.destinations.stake_target", "gift"),
        ("rolling", {"weight_bp": 1000}),
    )

    assert diff_documents(policy(), after) == (
        DocumentChange("auto_order", REMOVED, before={"order": ["gift", "own"]}),
        DocumentChange("destinations[gift].destinations.stake_target", CHANGED, "", "gift"),
        DocumentChange("destinations[gift].destinations.profit_cap", ADDED, after=500),
        DocumentChange("player_selected", ADDED, after={"choices": choices}),
        DocumentChange("rolling", ADDED, after={"weight_bp": 1000}),
    )


def test_what_has_several_names_is_told_by_all_of_them() -> None:
    def rules(minimum: int, amount: int) -> WalletPolicy:
        limit = DefaultLimit(LimitKind.LOSS, LimitPeriod.DAY, "EUR", amount)
        return WalletPolicy(
            withdrawals=WithdrawalRules(approval_levels=(ApprovalLevel(minimum),)),
            limits=LimitRules(defaults=(limit,)),
        )

    assert diff_documents(rules(100, 5), rules(200, 6)) == (
        DocumentChange("withdrawals.approval_levels[100]", REMOVED, before={"minimum": 100}),
        DocumentChange("withdrawals.approval_levels[200]", ADDED, after={"minimum": 200}),
        DocumentChange("limits.defaults[LOSS/DAY/EUR].amount", CHANGED, 5, 6),
    )


def test_a_name_that_a_draft_has_twice_is_told_by_its_number() -> None:
    twice = topology(("wallet_groups.2", {"code": "play", "display_name": "Again"}))

    assert diff_documents(topology(), twice) == (
        DocumentChange(
            "wallet_groups[play#2]", ADDED, after={"code": "play", "display_name": "Again"}
        ),
    )


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("sources", [{"source": "own"}], ["own"]),
        ("sources", ["own"], [{"source": "own"}]),
        ("sources", {"source": "own"}, [{"source": "own"}]),
        ("sources", [{"source": "own"}], {"source": "own"}),
        ("sources", [], ["own"]),
        ("steps", [{"source": "own"}], [{"source": "gift"}]),
        ("steps", {"source": "own"}, "own"),
        ("steps", "own", {"source": "own"}),
    ],
)
def test_what_is_not_of_one_form_before_and_after_is_compared_as_a_whole(
    name: str, before: object, after: object
) -> None:
    """A document of another release may say something in another form."""
    found = list(part_changes("rules", name, before, after))

    assert found == [DocumentChange("rules", CHANGED, before, after)]


@given(DOCUMENTS)
def test_a_document_is_not_different_from_itself(document: Document) -> None:
    assert diff_documents(document, document) == ()


@given(TOPOLOGIES, TOPOLOGIES)
def test_topologies_are_different_or_equal(before: Topology, after: Topology) -> None:
    assert bool(diff_documents(before, after)) is (before != after)


@given(POLICIES, POLICIES)
def test_what_was_added_one_way_is_removed_the_other_way(before: Policy, after: Policy) -> None:
    there, back = diff_documents(before, after), diff_documents(after, before)
    opposite = {ADDED: REMOVED, REMOVED: ADDED, CHANGED: CHANGED}

    assert bool(there) is (before != after)
    assert sorted((each.path, opposite[each.kind].value) for each in there) == sorted(
        (each.path, each.kind.value) for each in back
    )
