"""The life of topologies, over a real socket."""

import threading
from contextlib import suppress
from importlib.resources import files
from typing import Any

import grpc
import pytest

from tests.rpc.administration import APPROVER, AUTHOR, STRICT, Office
from wallet.v1 import blocker_pb2, diff_pb2, topology_pb2
from wallet.v1.policy_admin_pb2 import PolicyDocument
from wallet_server import shapes
from wallet_server.core.config.topology import Topology
from wallet_server.rpc.decode import documents
from wallet_server.rpc.decode.documents import from_yaml
from wallet_server.shapes.source import read_source

RUBY = files(shapes).joinpath("ruby.yaml").read_text("utf-8").split("\n---\n")[0] + "\n"
LARGER = RUBY.replace(
    "\ntransfer_edges:",
    "\n  - {code: vip, wallet_group: casino, bucket_class: RESTRICTED}\n\ntransfer_edges:",
)
BONUS = RUBY[RUBY.index("  - code: sports_bonus") : RUBY.index("  - code: casino_bonus")]
WITHOUT_BONUS = (
    RUBY.replace(BONUS, "") + "retired_buckets: [{code: sports_bonus, successor: sports_normal}]\n"
)
WRONG = RUBY.replace("[sports_normal, casino_normal, withdrawable]", "[gone, points]")

DRAFT, VALIDATED = topology_pb2.VERSION_STATE_DRAFT, topology_pb2.VERSION_STATE_VALIDATED
APPROVED, ACTIVE = topology_pb2.VERSION_STATE_APPROVED, topology_pb2.VERSION_STATE_ACTIVE
SUPERSEDED, ARCHIVED = topology_pb2.VERSION_STATE_SUPERSEDED, topology_pb2.VERSION_STATE_ARCHIVED

FAILED_PRECONDITION = grpc.StatusCode.FAILED_PRECONDITION
STEPS = ("Validate", "Approve")


def named(told: Any) -> dict[str, Any]:  # noqa: ANN401 - any version.
    """Returns what an act on a version names."""
    return {"version": told.version, "etag": told.etag}


async def states(office: Office) -> list[tuple[int, int]]:
    listed = await office.ask("ListTopologies")
    return [(each.version, each.state) for each in listed.topologies]


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


# --- What a topology says


@pytest.mark.parametrize(
    ("method", "fields"),
    [
        ("CreateTopology", {"yaml": RUBY}),
        ("CreatePolicy", {"document": PolicyDocument(yaml="kind: Policy")}),
    ],
)
async def test_yaml_is_parsed_where_it_keeps_no_command_waiting(
    office: Office, monkeypatch: pytest.MonkeyPatch, method: str, fields: dict[str, Any]
) -> None:
    """The largest text takes seconds, and commands of all tenants are decided in the loop."""
    threads: list[int] = []

    def parse(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401
        threads.append(threading.get_ident())
        return read_source(*arguments, **named)

    monkeypatch.setattr(documents, "read_source", parse)

    with suppress(grpc.aio.AioRpcError):
        await office.ask(method, **fields)

    assert len(threads) == 1
    assert threads != [threading.get_ident()]


async def test_yaml_comes_back_byte_for_byte(office: Office) -> None:
    await office.ask("CreateTopology", yaml=LARGER)

    told = (await office.ask("GetTopology", version=2, with_yaml=True)).topology
    plain = (await office.ask("GetTopology", version=2)).topology

    assert told.yaml == LARGER
    assert plain.yaml == ""


async def test_a_message_is_kept_as_what_it_says_and_told_as_yaml_too(office: Office) -> None:
    active = (await office.ask("GetTopology")).topology
    active.buckets.add(
        code="vip", wallet_group="casino", bucket_class=topology_pb2.BUCKET_CLASS_RESTRICTED
    )
    for code, choice in (("status", 1), ("withdrawable", 1), ("lock_mode", 1)):
        setattr(active.buckets[-1], code, choice)

    draft = (await office.ask("CreateTopology", topology=active)).topology
    told = (await office.ask("GetTopology", version=2, with_yaml=True)).topology

    assert (draft.version, draft.state, draft.author) == (2, DRAFT, AUTHOR)
    assert draft.buckets == active.buckets
    read = from_yaml(told.yaml, ("Topology",)).document
    assert isinstance(read, Topology)
    assert [bucket.code for bucket in read.buckets] == [bucket.code for bucket in active.buckets]


async def test_a_version_may_say_what_another_one_says(office: Office) -> None:
    await office.ask("CreateTopology", yaml=LARGER)

    copy = (await office.ask("CreateTopology", copy_of_version=2)).topology
    told = (await office.ask("GetTopology", version=3, with_yaml=True)).topology
    missing = await office.refused("CreateTopology", copy_of_version=9)

    assert (copy.version, copy.state) == (3, DRAFT)
    assert told.yaml == LARGER
    assert missing.reason == "TOPOLOGY_NOT_FOUND"


async def test_what_cannot_be_read_is_refused_with_everything_that_is_wrong(
    office: Office,
) -> None:
    text = RUBY.replace("exponent: 0, kind: CURRENCY", "exponent: 10, kind: MONEY")

    failure = await office.refused("CreateTopology", yaml=text)
    other = await office.refused("CreateTopology", yaml="kind: WalletPolicy\n")

    assert (failure.code, failure.reason) == (
        grpc.StatusCode.INVALID_ARGUMENT,
        "DOCUMENT_UNREADABLE",
    )
    assert failure.problems == failure.violations
    assert failure.problems == (
        ("assets[3].exponent", "OUT_OF_RANGE"),
        ("assets[3].kind", "UNKNOWN_VALUE"),
    )
    assert failure.metadata["problems_count"] == "2"
    assert other.problems == (("kind", "UNKNOWN_VALUE"),)
    assert await states(office) == [(1, ACTIVE)]


async def test_two_versions_are_compared(office: Office) -> None:
    changed = LARGER.replace("display_name: Sports bonus", "display_name: Bonus")
    await office.ask("CreateTopology", yaml=changed)

    there = (await office.ask("DiffTopologies", to_version=2)).changes
    back = (await office.ask("DiffTopologies", from_version=2, to_version=1)).changes
    none = (await office.ask("DiffTopologies", from_version=2, to_version=2)).changes

    assert [(each.path, each.kind) for each in there] == [
        ("buckets[sports_bonus].display_name", diff_pb2.CHANGE_KIND_CHANGED),
        ("buckets[vip]", diff_pb2.CHANGE_KIND_ADDED),
    ]
    assert (there[0].before, there[0].after) == ('"Sports bonus"', '"Bonus"')
    assert (there[1].before, there[1].after) == (
        "",
        '{"code": "vip", "wallet_group": "casino", "bucket_class": "RESTRICTED"}',
    )
    assert [each.kind for each in back] == [
        diff_pb2.CHANGE_KIND_CHANGED,
        diff_pb2.CHANGE_KIND_REMOVED,
    ]
    assert not none


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
