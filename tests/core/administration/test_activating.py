"""Activating a version: what it takes, and what becomes of the one before."""

from dataclasses import replace

from tests.core.administration.versions import (
    ACTIVE,
    ANNA,
    AROUND,
    COUNTED,
    NOW,
    PROFILE,
    RETIRED_GIFT,
    UNKNOWN,
    active,
    blockers,
    paths,
    problems,
    reasons,
    using,
    version,
)
from tests.core.config.topologies import REMOVE, policy, topology
from wallet_server.core.administration.activating import Activation, activate_version
from wallet_server.core.administration.circumstances import Circumstances
from wallet_server.core.administration.usage import UsageKind
from wallet_server.core.config.version import VersionState
from wallet_server.core.config.wallet_policy import WalletPolicy
from wallet_server.core.refusals.administration import (
    TopologyActivationBlocked,
    TopologyInvalid,
    VersionTransitionIllegal,
)

APPROVED = VersionState.APPROVED
PREVIEW = replace(ANNA, validate_only=True)


def test_a_version_takes_the_place_of_the_active_one() -> None:
    new = version(policy(("max_stake_with_bonus", 500)), APPROVED, number=9)

    outcome = activate_version(new, ANNA, "3", AROUND, now=NOW)

    assert isinstance(outcome, Activation)
    made, before = outcome.activated, outcome.superseded
    assert (made.state, made.version, made.activate_time) == (VersionState.ACTIVE, 9, NOW)
    assert before == replace(ACTIVE[2], state=VersionState.SUPERSEDED, revision=4, update_time=NOW)


def test_the_first_of_its_key_takes_nobodys_place() -> None:
    new = version(policy(("provider_type", "SLOTS")), APPROVED)

    outcome = activate_version(new, ANNA, "3", AROUND, now=NOW)

    assert isinstance(outcome, Activation)
    assert outcome.superseded is None


def test_the_first_topology_needs_nothing_to_follow() -> None:
    around = Circumstances()

    outcome = activate_version(version(topology(), APPROVED), ANNA, "3", around, now=NOW)

    assert isinstance(outcome, Activation)


def test_a_policy_is_judged_again_by_what_is_active_by_then() -> None:
    """E64."""
    wrong = policy(("auto_order.order", ["vip_bonus", "gift", "own"]), ("destinations.0", REMOVE))

    for state in (VersionState.DRAFT, VersionState.VALIDATED, APPROVED):
        outcome = activate_version(version(wrong, state), ANNA, "3", AROUND, now=NOW)
        assert problems(outcome) == [
            ("auto_order.order[0]", "UNKNOWN_BUCKET"),
            ("destinations", "MISSING_DESTINATION"),
        ]


def test_a_scheduled_version_becomes_active_when_it_is_due_and_nobody_asks() -> None:
    new = version(PROFILE, VersionState.SCHEDULED)

    early = activate_version(new, ANNA, "3", AROUND, now=NOW)
    assert early == VersionTransitionIllegal("ProviderProfile acme v1", "SCHEDULED", "activated")
    due = activate_version(new, UNKNOWN, "3", AROUND, now=NOW, is_due=True)
    assert isinstance(due, Activation)
    assert due.activated.state is VersionState.ACTIVE


def test_a_topology_that_strands_money_is_refused_with_all_of_it() -> None:
    """E60."""
    without = topology(("buckets.1", REMOVE), RETIRED_GIFT)
    references = using(
        ("gift", UsageKind.BALANCE, "EUR", 2, 140),
        ("gift", UsageKind.OPEN_BET, "EUR", 1, 40),
        ("gift", UsageKind.COUPON, "EUR", 3, 0),
        ("gift", UsageKind.REQUIREMENT, "EUR", 2, 0),
    )
    around = replace(AROUND, references=references)

    outcome = activate_version(version(without, APPROVED), ANNA, "3", around, now=NOW)

    assert reasons(blockers(outcome)) == [
        ("NONZERO_BALANCE", "gift"),
        ("OPEN_AUTH_REFERENCE", "gift"),
        ("COUPON_DESTINATION", "gift"),
        ("OPEN_ROLLING_SOURCE", "gift"),
        ("POLICY_REFERENCE", "Policy GAMES v7"),
    ]


def test_a_topology_is_activated_once_nothing_refers_to_what_goes() -> None:
    """E61."""
    without = topology(("buckets.1", REMOVE), RETIRED_GIFT)
    rules = policy(("auto_order.order", ["own"]), ("destinations.0", REMOVE))
    around = Circumstances(
        active=active(topology(), WalletPolicy(), rules, PROFILE), references=COUNTED
    )

    outcome = activate_version(version(without, APPROVED), ANNA, "3", around, now=NOW)

    assert isinstance(outcome, Activation)


def test_a_draft_is_told_what_is_wrong_with_it_and_a_preview_what_would_be_in_its_way() -> None:
    wrong = topology(("buckets.1", REMOVE))

    for state in (VersionState.DRAFT, VersionState.VALIDATED):
        draft = version(wrong, state)
        assert problems(activate_version(draft, ANNA, "3", AROUND, now=NOW)) == [
            ("buckets", "MISSING_SUCCESSOR")
        ]
        assert reasons(blockers(activate_version(draft, PREVIEW, "3", AROUND, now=NOW))) == [
            ("POLICY_REFERENCE", "Policy GAMES v7"),
            ("MISSING_SUCCESSOR", "gift"),
        ]


def test_a_preview_tells_what_is_wrong_with_the_topology_beside_what_is_in_its_way() -> None:
    edge = {"source": "gift", "target": "own"}
    wrong = topology(("buckets.1", REMOVE), RETIRED_GIFT, ("transfer_edges.2", edge))

    outcome = activate_version(version(wrong), PREVIEW, "3", AROUND, now=NOW)

    assert reasons(blockers(outcome)) == [
        ("POLICY_REFERENCE", "Policy GAMES v7"),
        ("EDGE_REFERENCE", "gift"),
    ]
    assert isinstance(outcome, TopologyActivationBlocked)
    assert paths(outcome.problems) == [("transfer_edges[2].source", "RETIRED_BUCKET")]
    assert outcome.details() == {
        "blockers_count": 2,
        "reasons": "POLICY_REFERENCE, EDGE_REFERENCE",
    }


def test_a_preview_of_what_nothing_is_in_the_way_of_but_its_state_says_so() -> None:
    draft = version(topology())

    assert activate_version(draft, PREVIEW, "3", AROUND, now=NOW) == VersionTransitionIllegal(
        "Topology v1", "DRAFT", "activated"
    )


def test_a_topology_that_is_wrong_in_itself_is_refused_for_that() -> None:
    wrong = topology(("buckets.0.wallet_group", "play"), ("withdraw_order", ["nothing"]))

    outcome = activate_version(version(wrong, APPROVED), ANNA, "3", AROUND, now=NOW)

    assert isinstance(outcome, TopologyInvalid)
    assert problems(outcome) == [("withdraw_order[0]", "UNKNOWN_BUCKET")]
