"""The life of policies, wallet policies and provider profiles, over a real socket."""

from typing import Any

import grpc
import pytest

from tests.rpc.administration import APPROVER, AUTHOR, Office
from tests.rpc.policy_versions import (
    ACTIVE,
    APPROVED,
    ARCHIVED,
    DRAFT,
    FAILED_PRECONDITION,
    INVALID_ARGUMENT,
    KINDS,
    LAST_MILLENNIUM,
    NEXT_MILLENNIUM,
    SCHEDULED,
    SPORTS,
    SUPERSEDED,
    VALIDATED,
    WALLETS,
    WRONG,
    approved,
    in_yaml,
    named,
    sports,
    states,
    told,
)
from wallet.v1.policy_admin_pb2 import PolicyName


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
