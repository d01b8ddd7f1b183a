"""The life of policies, wallet policies and provider profiles, over a real socket."""

from typing import Any

import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from tests.rpc.administration import APPROVER, AUTHOR, Office
from wallet.v1 import diff_pb2, policy_pb2, topology_pb2
from wallet.v1.policy_admin_pb2 import PolicyDocument, PolicyName

SPORTS = """\
kind: Policy # How sports are paid for.
provider_type: SPORTS
product: BETTING
auto_order:
  order: [COUPON, sports_normal, withdrawable]
destinations:
  - source: sports_normal
    destinations: {stake_target: sports_normal, profit_target: withdrawable}
  - source: withdrawable
    destinations: {stake_target: withdrawable, profit_target: withdrawable}
"""
WRONG = SPORTS.replace("COUPON, sports_normal", "vip_bonus, casino_bonus, sports_normal")
WALLETS = "kind: WalletPolicy\nrecovery_scope: GROUP # Nearby.\n"
ACME = "kind: ProviderProfile\nprovider_id: acme-sports\nprovider_type: SPORTS\n"

DRAFT, VALIDATED = topology_pb2.VERSION_STATE_DRAFT, topology_pb2.VERSION_STATE_VALIDATED
APPROVED, SCHEDULED = topology_pb2.VERSION_STATE_APPROVED, topology_pb2.VERSION_STATE_SCHEDULED
ACTIVE, SUPERSEDED = topology_pb2.VERSION_STATE_ACTIVE, topology_pb2.VERSION_STATE_SUPERSEDED
ARCHIVED = topology_pb2.VERSION_STATE_ARCHIVED

FAILED_PRECONDITION = grpc.StatusCode.FAILED_PRECONDITION
INVALID_ARGUMENT = grpc.StatusCode.INVALID_ARGUMENT
LAST_MILLENNIUM, NEXT_MILLENNIUM = Timestamp(seconds=9), Timestamp(seconds=32_503_680_000)

KINDS = [("policy", SPORTS), ("wallet_policy", WALLETS), ("provider_profile", ACME)]
"""What a document's field is called, and a text of the kind."""


def in_yaml(text: str) -> PolicyDocument:
    return PolicyDocument(yaml=text)


def sports(version: int) -> PolicyName:
    return PolicyName(provider_type="SPORTS", version=version)


def told(response: Any) -> Any:  # noqa: ANN401 - the version that any response tells of.
    document = response.document
    return getattr(document, document.WhichOneof("document"))


def named(version: Any) -> dict[str, Any]:  # noqa: ANN401 - any version.
    """Returns what an act on a version names."""
    if isinstance(version, policy_pb2.Policy):
        name = PolicyName(provider_type=version.provider_type, version=version.version)
    elif isinstance(version, policy_pb2.ProviderProfile):
        name = PolicyName(provider_id=version.provider_id, version=version.version)
    else:
        name = PolicyName(wallet_policy=True, version=version.version)
    return {"name": name, "etag": version.etag}


async def approved(office: Office, text: str = SPORTS) -> Any:  # noqa: ANN401
    """Returns a version that two persons have brought so far."""
    version = told(await office.ask("CreatePolicy", document=in_yaml(text)))
    version = told(await office.ask("ValidatePolicy", **named(version)))
    return told(await office.ask("ApprovePolicy", APPROVER, **named(version)))


async def states(office: Office) -> list[tuple[int, int]]:
    listed = await office.ask("ListPolicies", provider_type="SPORTS")
    return [(each.version, each.state) for each in listed.policies]


@pytest.mark.parametrize(("kind", "text"), KINDS)
async def test_a_version_goes_from_a_draft_to_the_active_one_by_two_persons(
    office: Office, kind: str, text: str
) -> None:
    response = await office.ask("CreatePolicy", document=in_yaml(text), reason="A start.")
    assert response.document.WhichOneof("document") == kind
    draft = told(response)
    assert (draft.version, draft.state, draft.etag) == (2, DRAFT, "1")
    assert (draft.author, draft.comment) == (AUTHOR, "A start.")

    edited = told(await office.ask("UpdatePolicy", document=in_yaml(text), **named(draft)))
    assert (edited.version, edited.state, edited.etag) == (2, DRAFT, "2")
    validated = told(await office.ask("ValidatePolicy", **named(edited)))
    assert validated.state == VALIDATED
    own = await office.refused("ApprovePolicy", **named(validated))
    assert (own.code, own.reason) == (FAILED_PRECONDITION, "APPROVER_SAME_AS_AUTHOR")
    agreed = told(await office.ask("ApprovePolicy", APPROVER, **named(validated)))
    assert (agreed.state, agreed.approver) == (APPROVED, APPROVER)
    active = told(await office.ask("ActivatePolicy", APPROVER, **named(agreed)))
    assert (active.state, active.etag) == (ACTIVE, "5")
    assert active.HasField("activate_time")


async def test_the_version_before_is_superseded_and_reads_tell_the_active_one(
    office: Office,
) -> None:
    version = await approved(office)
    await office.ask("ActivatePolicy", APPROVER, **named(version))

    current = (await office.ask("GetPolicy", provider_type="SPORTS")).policy

    assert await states(office) == [(2, ACTIVE), (1, SUPERSEDED)]
    assert current.version == 2
    assert list(current.auto_order.order) == ["COUPON", "sports_normal", "withdrawable"]


# --- What a version says


async def test_yaml_of_every_kind_comes_back_byte_for_byte(office: Office) -> None:
    for _, text in KINDS:
        await office.ask("CreatePolicy", document=in_yaml(text))

    policy = await office.ask("GetPolicy", provider_type="SPORTS", version=2, with_yaml=True)
    wallets = await office.ask("GetWalletPolicy", version=2, with_yaml=True)
    profile = await office.ask(
        "GetProviderProfile", provider_id="acme-sports", version=2, with_yaml=True
    )
    plain = await office.ask("GetPolicy", provider_type="SPORTS", version=2)

    assert policy.policy.yaml == SPORTS
    assert wallets.wallet_policy.yaml == WALLETS
    assert profile.provider_profile.yaml == ACME
    assert plain.policy.yaml == ""


async def test_messages_of_every_kind_are_kept_as_what_they_say(office: Office) -> None:
    policy = (await office.ask("GetPolicy", provider_type="SLOTS")).policy
    wallets = (await office.ask("GetWalletPolicy")).wallet_policy
    profile = (await office.ask("GetProviderProfile", provider_id="lucky-slots")).provider_profile
    for document in (
        PolicyDocument(policy=policy),
        PolicyDocument(wallet_policy=wallets),
        PolicyDocument(provider_profile=profile),
    ):
        version = told(await office.ask("CreatePolicy", document=document))
        assert (version.version, version.state, version.author) == (2, DRAFT, AUTHOR)

    differences = [
        await office.ask("DiffPolicies", name=PolicyName(provider_type="SLOTS"), to_version=2),
        await office.ask("DiffPolicies", name=PolicyName(wallet_policy=True), to_version=2),
        await office.ask("DiffPolicies", name=PolicyName(provider_id="lucky-slots"), to_version=2),
    ]
    assert [len(each.changes) for each in differences] == [0, 0, 0]
    again = await office.ask("GetProviderProfile", provider_id="lucky-slots", with_yaml=True)
    assert again.provider_profile.yaml == (
        "kind: ProviderProfile\n"
        "provider_id: lucky-slots\n"
        "provider_type: SLOTS\n"
        "rollback_after_settle: true\n"
        "implicit_close_seconds: 86400\n"
    )


async def test_a_version_may_say_what_another_one_says(office: Office) -> None:
    await office.ask("CreatePolicy", document=in_yaml(SPORTS))

    copy = told(await office.ask("CreatePolicy", copy_of=sports(2)))
    missing = await office.refused("CreatePolicy", copy_of=sports(9))
    unknown = await office.refused(
        "CreatePolicy", copy_of=PolicyName(provider_id="nobody", version=1)
    )

    assert (copy.version, copy.state) == (3, DRAFT)
    same = await office.ask("DiffPolicies", name=sports(2), to_version=3)
    assert not same.changes
    assert missing.reason == "POLICY_NOT_FOUND"
    assert unknown.reason == "PROVIDER_PROFILE_NOT_FOUND"


async def test_two_versions_are_compared(office: Office) -> None:
    await office.ask("CreatePolicy", document=in_yaml(SPORTS))

    found = (await office.ask("DiffPolicies", name=sports(1), to_version=2)).changes

    assert [(each.path, each.kind) for each in found] == [
        ("auto_order.order", diff_pb2.CHANGE_KIND_CHANGED),
        ("destinations[sports_bonus]", diff_pb2.CHANGE_KIND_REMOVED),
        (
            "destinations[sports_normal].destinations.profit_target",
            diff_pb2.CHANGE_KIND_CHANGED,
        ),
        ("rolling", diff_pb2.CHANGE_KIND_REMOVED),
    ]
    assert found[0].after == '["COUPON", "sports_normal", "withdrawable"]'
    assert (found[2].before, found[2].after) == ('"sports_normal"', '"withdrawable"')


async def test_a_draft_stays_what_it_is_of(office: Office) -> None:
    draft = told(await office.ask("CreatePolicy", document=in_yaml(SPORTS)))

    failure = await office.refused(
        "UpdatePolicy", document=in_yaml(SPORTS.replace("SPORTS", "POOL")), **named(draft)
    )

    assert (failure.code, failure.reason) == (INVALID_ARGUMENT, "DOCUMENT_MISMATCH")


async def test_what_cannot_be_read_is_refused(office: Office) -> None:
    failure = await office.refused("CreatePolicy", document=in_yaml(f"{SPORTS}odds: 3\n"))
    topology = await office.refused("CreatePolicy", document=in_yaml("kind: Topology\nname: x\n"))

    assert (failure.code, failure.reason) == (INVALID_ARGUMENT, "DOCUMENT_UNREADABLE")
    assert failure.problems == (("odds", "UNKNOWN_FIELD"),)
    assert topology.reason == "DOCUMENT_UNREADABLE"
    assert await states(office) == [(1, ACTIVE)]


# --- Acts


async def test_everything_that_is_wrong_is_told_by_whatever_judges_it(office: Office) -> None:
    draft = told(await office.ask("CreatePolicy", document=in_yaml(WRONG)))

    failure = await office.refused("ValidatePolicy", **named(draft))
    early = await office.refused("ActivatePolicy", APPROVER, **named(draft))
    preview = await office.ask("ValidatePolicy", validate_only=True, **named(draft))
    later = await office.ask("ActivatePolicy", validate_only=True, **named(draft))

    assert (failure.code, failure.reason) == (FAILED_PRECONDITION, "POLICY_INVALID")
    wrong = {reason for _, reason in failure.problems}
    assert wrong == {"UNKNOWN_BUCKET", "MISSING_DESTINATION"}
    assert (early.reason, early.problems) == (failure.reason, failure.problems)
    for answer in (preview, later):
        assert tuple((p.path, p.reason) for p in answer.problems) == failure.problems
        assert told(answer).state == DRAFT


async def test_an_act_that_is_repeated_gets_the_same_answer(office: Office) -> None:
    first = await office.ask("CreatePolicy", request_id="c1", document=in_yaml(SPORTS))
    await office.ask("ArchivePolicy", **named(told(first)))

    again = await office.ask("CreatePolicy", request_id="c1", document=in_yaml(SPORTS))
    other = await office.refused("CreatePolicy", request_id="c1", document=in_yaml(WALLETS))

    assert (again.replayed, again.document) == (True, first.document)
    assert other.reason == "ADMIN_REQUEST_ID_REUSED"
    assert await states(office) == [(2, ARCHIVED), (1, ACTIVE)]


async def test_an_act_that_is_only_validated_changes_nothing(office: Office) -> None:
    version = await approved(office)

    answer = await office.ask("ActivatePolicy", validate_only=True, **named(version))

    assert told(answer).state == ACTIVE
    assert await states(office) == [(2, APPROVED), (1, ACTIVE)]


async def test_a_version_is_scheduled_for_a_time_to_come(office: Office) -> None:
    version = await approved(office)

    passed = await office.refused(
        "SchedulePolicy", effective_time=LAST_MILLENNIUM, **named(version)
    )
    scheduled = told(
        await office.ask("SchedulePolicy", effective_time=NEXT_MILLENNIUM, **named(version))
    )
    taken_back = told(await office.ask("UnschedulePolicy", **named(scheduled)))

    assert (passed.code, passed.reason) == (INVALID_ARGUMENT, "EFFECTIVE_TIME_PASSED")
    assert passed.metadata == {"effective_time": "1970-01-01T00:00:09+00:00"}
    assert (scheduled.state, scheduled.effective_time) == (SCHEDULED, NEXT_MILLENNIUM)
    assert taken_back.state == APPROVED
    assert not taken_back.HasField("effective_time")


async def test_what_was_changed_meanwhile_is_to_be_read_again(office: Office) -> None:
    draft = told(await office.ask("CreatePolicy", document=in_yaml(SPORTS)))
    await office.ask("ValidatePolicy", **named(draft))

    failure = await office.refused("ArchivePolicy", **named(draft))

    assert (failure.code, failure.reason) == (grpc.StatusCode.ABORTED, "ETAG_MISMATCH")
    assert failure.metadata == {"resource": "Policy SPORTS v2", "etag": "1", "current": "2"}


@pytest.mark.parametrize(
    ("method", "content", "reason"),
    [
        ("ValidatePolicy", {"name": sports(9), "etag": "1"}, "POLICY_NOT_FOUND"),
        (
            "ValidatePolicy",
            {"name": PolicyName(provider_id="nobody", version=1), "etag": "1"},
            "PROVIDER_PROFILE_NOT_FOUND",
        ),
        (
            "ArchivePolicy",
            {"name": PolicyName(wallet_policy=True, version=1), "etag": "1"},
            "VERSION_TRANSITION_ILLEGAL",
        ),
        ("UnschedulePolicy", {"name": sports(1), "etag": "1"}, "VERSION_TRANSITION_ILLEGAL"),
        ("DiffPolicies", {"name": sports(1), "to_version": 9}, "POLICY_NOT_FOUND"),
        (
            "CreatePolicy",
            {"tenant_id": "nobody", "document": in_yaml(SPORTS)},
            "TENANT_NOT_FOUND",
        ),
    ],
)
async def test_what_is_not_there_or_not_so_is_refused(
    office: Office, method: str, content: dict[str, Any], reason: str
) -> None:
    assert (await office.refused(method, **content)).reason == reason
