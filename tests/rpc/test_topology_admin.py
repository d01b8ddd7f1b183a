"""The life of topologies, over a real socket."""

from typing import Any

import grpc
import pytest

from tests.rpc.administration import APPROVER, AUTHOR, STRICT, Office
from tests.rpc.topologies import (
    ACTIVE,
    APPROVED,
    ARCHIVED,
    DRAFT,
    FAILED_PRECONDITION,
    LARGER,
    RUBY,
    SUPERSEDED,
    VALIDATED,
    WITHOUT_BONUS,
    WRONG,
    named,
    states,
)
from wallet.v1 import blocker_pb2

STEPS = ("Validate", "Approve")


async def test_a_topology_goes_from_a_draft_to_the_active_one_by_two_persons(
    office: Office,
) -> None:
    created = await office.ask("CreateTopology", yaml=RUBY, reason="A start.")
    draft = created.topology
    assert (draft.version, draft.state, draft.etag) == (2, DRAFT, "1")
    assert (draft.author, draft.approver, draft.comment) == (AUTHOR, "", "A start.")
    assert not created.replayed

    edited = await office.ask("UpdateTopology", yaml=LARGER, reason="VIPs.", **named(draft))
    edited = edited.topology
    assert (edited.version, edited.state, edited.etag) == (2, DRAFT, "2")
    assert edited.comment == "VIPs."
    assert [bucket.code for bucket in edited.buckets][-1] == "vip"
    assert edited.HasField("update_time")

    validated = (await office.ask("ValidateTopology", **named(edited))).topology
    assert (validated.state, validated.etag) == (VALIDATED, "3")

    own = await office.refused("ApproveTopology", AUTHOR, **named(validated))
    assert (own.code, own.reason) == (FAILED_PRECONDITION, "APPROVER_SAME_AS_AUTHOR")
    assert own.metadata == {"resource": "Topology v2", "author": AUTHOR}

    approved = (await office.ask("ApproveTopology", APPROVER, **named(validated))).topology
    assert (approved.state, approved.approver) == (APPROVED, APPROVER)
    assert not approved.HasField("activate_time")

    active = (await office.ask("ActivateTopology", APPROVER, **named(approved))).topology
    assert (active.state, active.etag) == (ACTIVE, "5")
    assert active.HasField("activate_time")
    assert await states(office) == [(2, ACTIVE), (1, SUPERSEDED)]

    current = await office.ask("GetTopology")
    assert current.topology == active


# --- Acts


async def test_an_act_that_is_repeated_gets_the_same_answer(office: Office) -> None:
    first = await office.ask("CreateTopology", request_id="c1", yaml=RUBY)
    await office.ask("UpdateTopology", yaml=LARGER, **named(first.topology))

    again = await office.ask("CreateTopology", request_id="c1", yaml=RUBY)
    other = await office.refused("CreateTopology", request_id="c1", yaml=LARGER)

    assert again.replayed
    assert again.topology == first.topology
    assert await states(office) == [(2, DRAFT), (1, ACTIVE)]
    assert (other.code, other.reason) == (
        grpc.StatusCode.ALREADY_EXISTS,
        "ADMIN_REQUEST_ID_REUSED",
    )
    assert other.metadata == {"request_id": "c1"}


async def test_an_act_that_is_only_validated_changes_nothing(office: Office) -> None:
    created = await office.ask("CreateTopology", request_id="c1", yaml=RUBY, validate_only=True)
    assert created.topology.version == 2
    assert await states(office) == [(1, ACTIVE)]

    really = await office.ask("CreateTopology", request_id="c1", yaml=LARGER)
    await office.ask("ValidateTopology", validate_only=True, **named(really.topology))

    assert not really.replayed
    assert await states(office) == [(2, DRAFT), (1, ACTIVE)]


async def test_what_was_changed_meanwhile_is_to_be_read_again(office: Office) -> None:
    draft = await office.topology(RUBY)
    await office.ask("UpdateTopology", yaml=LARGER, **named(draft))

    failure = await office.refused("UpdateTopology", yaml=RUBY, **named(draft))

    assert (failure.code, failure.reason) == (grpc.StatusCode.ABORTED, "ETAG_MISMATCH")
    assert failure.metadata == {"resource": "Topology v2", "etag": "1", "current": "2"}


async def test_everything_that_is_wrong_is_told_and_the_draft_stays_one(office: Office) -> None:
    draft = await office.topology(WRONG)

    failure = await office.refused("ValidateTopology", request_id="v1", **named(draft))
    preview = await office.ask("ValidateTopology", validate_only=True, **named(draft))
    early = await office.refused("ActivateTopology", **named(draft))
    repaired = (await office.ask("UpdateTopology", yaml=RUBY, **named(draft))).topology
    validated = await office.ask("ValidateTopology", request_id="v1", **named(repaired))

    wrong = (("recovery_order[0]", "UNKNOWN_BUCKET"), ("recovery_order[1]", "NOT_OWN_MONEY"))
    assert (failure.code, failure.reason) == (FAILED_PRECONDITION, "TOPOLOGY_INVALID")
    assert (failure.problems, early.reason, early.problems) == (wrong, "TOPOLOGY_INVALID", wrong)
    assert tuple((each.path, each.reason) for each in preview.problems) == wrong
    assert preview.topology.state == DRAFT
    assert (validated.topology.state, validated.replayed) == (VALIDATED, False)


async def test_of_very_much_that_is_wrong_an_error_tells_the_first_and_a_preview_all(
    office: Office,
) -> None:
    names = ", ".join(f"bucket_that_nobody_knows_{number}" for number in range(64))
    draft = await office.topology(RUBY.replace("sports_normal, casino_normal, withdraw", names))

    failure = await office.refused("ValidateTopology", **named(draft))
    preview = await office.ask("ValidateTopology", validate_only=True, **named(draft))

    told = tuple((each.path, each.reason) for each in preview.problems)
    assert (len(told), failure.metadata["problems_count"]) == (64, "64")
    assert 10 < len(failure.problems) < 64
    assert failure.problems == told[: len(failure.problems)]


async def test_a_topology_that_would_strand_something_is_told_all_that_is_in_its_way(
    office: Office,
) -> None:
    approved = await office.topology(WITHOUT_BONUS, *STEPS)

    failure = await office.refused("ActivateTopology", APPROVER, **named(approved))
    preview = await office.ask("ActivateTopology", APPROVER, validate_only=True, **named(approved))

    assert (failure.code, failure.reason) == (FAILED_PRECONDITION, "TOPOLOGY_ACTIVATION_BLOCKED")
    told = [(each.reason, each.subject) for each in failure.blockers]
    assert (blocker_pb2.BLOCKER_REASON_POLICY_REFERENCE, "Policy SPORTS v1") in told
    assert failure.metadata["blockers_count"] == str(len(told))
    assert [(each.reason, each.subject) for each in preview.blockers] == told
    assert preview.topology.state == APPROVED
    assert await states(office) == [(2, APPROVED), (1, ACTIVE)]


async def test_a_version_that_is_given_up_is_over(office: Office) -> None:
    approved = await office.topology(RUBY, *STEPS)

    archived = (await office.ask("ArchiveTopology", **named(approved))).topology
    failure = await office.refused("ActivateTopology", APPROVER, **named(archived))

    assert archived.state == ARCHIVED
    assert (failure.code, failure.reason) == (FAILED_PRECONDITION, "VERSION_TRANSITION_ILLEGAL")
    assert failure.metadata == {
        "resource": "Topology v2",
        "state": "ARCHIVED",
        "wanted": "activated",
    }


async def test_nobody_in_particular_changes_nothing(office: Office) -> None:
    failure = await office.refused("CreateTopology", "", yaml=RUBY)

    assert (failure.code, failure.reason) == (grpc.StatusCode.UNAUTHENTICATED, "ACTOR_REQUIRED")


@pytest.mark.parametrize(
    ("method", "content", "reason"),
    [
        ("GetTopology", {"version": 9}, "TOPOLOGY_NOT_FOUND"),
        ("DiffTopologies", {"to_version": 9}, "TOPOLOGY_NOT_FOUND"),
        ("ValidateTopology", {"version": 9, "etag": "1"}, "TOPOLOGY_NOT_FOUND"),
        ("ArchiveTopology", {"version": 1, "etag": "1"}, "VERSION_TRANSITION_ILLEGAL"),
        ("CreateTopology", {"tenant_id": "nobody", "yaml": RUBY}, "TENANT_NOT_FOUND"),
        ("ListTopologies", {"tenant_id": "nobody"}, "TENANT_NOT_FOUND"),
    ],
)
async def test_what_is_not_there_or_not_so_is_refused(
    office: Office, method: str, content: dict[str, Any], reason: str
) -> None:
    failure = await office.refused(method, **content)

    assert failure.reason == reason
    assert STRICT not in failure.message or reason != "TENANT_NOT_FOUND"
