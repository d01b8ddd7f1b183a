"""What audit records keep: values and versions as plain data, and what requests come to."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from enum import Enum

import pytest

from tests.core.administration.versions import NOW, version
from tests.core.config.topologies import policy, topology
from wallet_server.core.administration.act import Act
from wallet_server.core.administration.plain import fingerprint_of, plain_of, plain_refusal
from wallet_server.core.administration.usage import Usage, UsageKey, UsageKind, add_up, no_changes
from wallet_server.core.administration.version_plain import (
    place_of,
    plain_version,
    ref_of,
    ref_to_make,
    resource_id_of,
    resource_of,
    version_of,
)
from wallet_server.core.commands.actor import Actor
from wallet_server.core.config.documents import Document
from wallet_server.core.config.problem import Problem
from wallet_server.core.config.provider_profile import ProviderProfile
from wallet_server.core.config.version import DocumentKind, VersionRef, VersionState
from wallet_server.core.config.wallet_policy import WalletPolicy
from wallet_server.core.refusals.administration import PolicyInvalid, TenantExists

TOPOLOGY, POLICY = topology(), policy()
PROFILE, WALLET_POLICY = ProviderProfile("acme", "GAMES"), WalletPolicy()
VIENNA = timezone(timedelta(hours=1))


class Colour(Enum):
    """Something with names."""

    RED = "red"


# --- Values


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (Colour.RED, "red"),
        (datetime(2026, 3, 1, 13, tzinfo=VIENNA), "2026-03-01T12:00:00+00:00"),
        (datetime(2026, 3, 1, 12, tzinfo=UTC), "2026-03-01T12:00:00+00:00"),
        (Usage(3, 4), {"count": 3, "total": 4}),
        ({1: Colour.RED, "b": (1, 2)}, {"1": "red", "b": [1, 2]}),
        ([Usage(), {"x": Usage(1)}], [{"count": 0, "total": 0}, {"x": {"count": 1, "total": 0}}]),
        (frozenset({5}), [5]),
        ({5}, [5]),
        (None, None),
        (True, True),
        ("text", "text"),
        (Usage, Usage),
    ],
)
def test_a_value_is_what_json_can_say(value: object, plain: object) -> None:
    assert plain_of(value) == plain


def test_a_refusal_says_its_reason_its_facts_and_all_that_it_lists() -> None:
    problem = Problem("a.b", "WRONG", "is wrong")
    invalid = PolicyInvalid((problem,))

    assert plain_refusal(TenantExists("demo")) == {
        "reason": "TENANT_EXISTS",
        "details": TenantExists("demo").details(),
    }
    assert plain_refusal(invalid) == {
        "reason": "POLICY_INVALID",
        "details": invalid.details(),
        "problems": [{"path": "a.b", "reason": "WRONG", "message": "is wrong"}],
    }


def test_requests_that_say_the_same_have_one_fingerprint() -> None:
    said = {"etag": "1", "version": VersionRef(DocumentKind.POLICY, "SPORTS", 3)}
    turned = {"version": said["version"], "etag": "1"}
    more = {**said, "new": "", "other": (), "zero": 0, "none": None}

    first = fingerprint_of("PolicyAdmin.Activate", said)

    assert fingerprint_of("PolicyAdmin.Activate", turned) == first
    assert fingerprint_of("PolicyAdmin.Activate", more) == first
    assert (first[0], len(first)) == (1, 17)
    assert first.hex() == "01f383794821a4595fe768b5b433879eb8"


@pytest.mark.parametrize(
    ("method", "content"),
    [
        ("PolicyAdmin.Approve", {"etag": "1"}),
        ("PolicyAdmin.Activate", {"etag": "2"}),
        ("PolicyAdmin.Activate", {"gate": "1"}),
        ("PolicyAdmin.Activate", {"etag": "1", "more": "x"}),
        ("PolicyAdmin.Activate", {}),
    ],
)
def test_requests_that_say_otherwise_have_others(
    method: str, content: Mapping[str, object]
) -> None:
    assert fingerprint_of(method, content) != fingerprint_of("PolicyAdmin.Activate", {"etag": "1"})


# --- Versions


@pytest.mark.parametrize(
    ("document", "kind", "key", "resource_id"),
    [
        (TOPOLOGY, DocumentKind.TOPOLOGY, "", "7"),
        (WALLET_POLICY, DocumentKind.WALLET_POLICY, "", "7"),
        (POLICY, DocumentKind.POLICY, POLICY.provider_type, f"{POLICY.provider_type}/7"),
        (PROFILE, DocumentKind.PROVIDER_PROFILE, "acme", "acme/7"),
    ],
)
def test_a_version_is_named_by_its_kind_its_key_and_its_number(
    document: Document, kind: DocumentKind, key: str, resource_id: str
) -> None:
    stored = version(document, number=7)

    assert place_of(document) == (kind, key)
    assert ref_of(stored) == VersionRef(kind, key, 7)
    resource = resource_of(stored)
    assert (resource.kind, resource.resource_id, resource.revision) == (
        kind.value,
        resource_id,
        stored.revision,
    )
    assert resource_id_of(VersionRef(kind, key, 0)) == key
    made = VersionRef(kind, key, 0)
    assert ref_to_make(document, None) == made
    assert ref_to_make(None, ref_of(stored)) == made


@pytest.mark.parametrize("document", [TOPOLOGY, WALLET_POLICY, POLICY, PROFILE])
def test_a_version_is_read_as_it_was_put_on_record(document: Document) -> None:
    draft = version(document)
    active = replace(
        version(document, VersionState.ACTIVE, number=9),
        source="# text\n",
        approver="bert",
        comment="because",
        update_time=NOW,
        effective_time=NOW + timedelta(days=1),
        activate_time=NOW + timedelta(days=2),
    )

    for each in (draft, active):
        plain = plain_version(each)
        assert version_of(plain) == each
        assert "value" not in plain
        assert (plain["state"], plain["version"]) == (each.state.value, each.version)
    assert plain_version(active)["activate_time"] == "2026-03-03T12:00:00+00:00"
    assert plain_version(draft)["activate_time"] is None


# --- Counts


def test_changes_that_came_to_nothing_are_left_out() -> None:
    changes = no_changes()
    keys = [UsageKey("demo", code, UsageKind.BALANCE, "EUR") for code in "abcd"]
    changes[keys[0]][0] += 1
    changes[keys[1]][1] -= 5
    assert changes[keys[2]] == [0, 0]
    changes[keys[3]][0] += 2
    changes[keys[3]][1] += 3

    assert add_up(changes) == {keys[0]: Usage(1, 0), keys[1]: Usage(0, -5), keys[3]: Usage(2, 3)}


def test_an_act_is_of_nobody_and_for_good_unless_said_otherwise() -> None:
    act = Act("demo", "r1", "PolicyAdmin.Any")

    assert (act.actor, act.validate_only) == (Actor(), False)
