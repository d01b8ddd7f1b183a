"""The life of versions, in a database."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.execution.administration.versions import (
    ANNA,
    BERT,
    NOW,
    WITHOUT_BONUS,
    Office,
    named,
)
from tests.storage.configurations import SPORTS, TOPOLOGY, WIDER, policy
from wallet_server.core.administration.version_plain import plain_version, version_of
from wallet_server.core.commands.actor import NOBODY
from wallet_server.core.config.policy import AutoOrder
from wallet_server.core.config.version import (
    DocumentKind,
    StoredVersion,
    VersionRef,
    VersionState,
)
from wallet_server.core.refusals import (
    ActorRequired,
    PolicyNotFound,
    ProviderProfileNotFound,
    Refusal,
    TenantNotFound,
    TopologyNotFound,
)
from wallet_server.core.refusals.administration import (
    ApproverSameAsAuthor,
    EffectiveTimePassed,
    EtagMismatch,
    PolicyInvalid,
    RequestIdTaken,
    TopologyActivationBlocked,
    VersionTransitionIllegal,
)
from wallet_server.execution.configuration_cache import ConfigurationCache
from wallet_server.execution.configuration_reader import ConfigurationReader
from wallet_server.execution.errors import RefusedError

CAPPED = policy("SPORTS", max_stake_with_bonus=500)
WRONG = replace(SPORTS, funding_mode=AutoOrder(("vip", "bonus", "cash")))


async def refused(doing: object) -> Refusal:
    """Returns what an act is refused with."""
    with pytest.raises(RefusedError) as raised:
        await doing  # type: ignore[misc]
    return raised.value.refusal


async def test_a_policy_goes_from_draft_to_active(office: Office) -> None:
    draft = (await office.draft(CAPPED)).stored
    assert draft == StoredVersion(
        "demo", 2, VersionState.DRAFT, CAPPED, NOW, author="anna", comment="why"
    )
    office.pass_time(minutes=1)
    activated = (await office.activated(CAPPED)).stored

    assert (activated.version, activated.state) == (3, VersionState.ACTIVE)
    assert (activated.author, activated.approver) == ("anna", "bert")
    assert (activated.revision, activated.activate_time) == (4, NOW + timedelta(minutes=1))
    reader = ConfigurationReader(office.engine)
    assert await reader.policy("demo", "SPORTS", 3) == activated
    before = await reader.policy("demo", "SPORTS", 1)
    assert (before.state, before.revision) == (VersionState.SUPERSEDED, 2)
    connection = await office.database.connect()
    found = (await ConfigurationCache().load(connection, ["demo"]))["demo"]
    assert (found.epoch, found.policies["SPORTS"].version) == (2, 3)


async def test_every_step_is_on_record_with_what_was_before_and_after(office: Office) -> None:
    activated = (await office.activated(CAPPED)).stored

    records = await office.records()
    steps = {r["resource_revision"]: r for r in records if r["resource_id"] == "SPORTS/2"}
    assert sorted(steps) == [1, 2, 3, 4]
    assert [steps[n]["method"] for n in (1, 2, 3, 4)] == [
        "PolicyAdmin.Create",
        "PolicyAdmin.Validate",
        "PolicyAdmin.Approve",
        "PolicyAdmin.Activate",
    ]
    assert [steps[n]["actor"] for n in (1, 2, 3, 4)] == ["anna", "anna", "bert", "bert"]
    assert steps[1]["before"] is None
    for number in (2, 3, 4):
        assert json.loads(steps[number]["before"]) == json.loads(steps[number - 1]["after"])
    assert json.loads(steps[4]["after"]) == plain_version(activated)
    assert version_of(json.loads(steps[4]["after"])) == activated
    (ended,) = [r for r in records if r["resource_id"] == "SPORTS/1"]
    assert (ended["resource_revision"], ended["request_id"]) == (2, "")
    assert json.loads(ended["after"])["state"] == "SUPERSEDED"


async def test_an_act_sent_again_is_answered_as_it_was_though_the_version_went_on(
    office: Office,
) -> None:
    act = office.act("Create")
    draft = await office.admin.create(act, CAPPED, source="kind: Policy")
    await office.admin.validate(office.act(), *named(draft))

    again = await office.admin.create(act, CAPPED, source="kind: Policy")

    assert again == replace(draft, replayed=True)
    assert again.stored.source == "kind: Policy"
    other = office.admin.create(act, SPORTS, source="kind: Policy")
    assert await refused(other) == RequestIdTaken(act.request_id)


async def test_an_edit_makes_a_draft_of_it_again(office: Office) -> None:
    validated = await office.validated(CAPPED)
    edit = office.admin.update(office.act("Update", BERT), *named(validated), SPORTS, "text")

    edited = (await edit).stored

    assert (edited.state, edited.value, edited.source) == (VersionState.DRAFT, SPORTS, "text")
    assert (edited.author, edited.revision) == ("bert", 3)
    late = office.admin.update(office.act("Update"), *named(validated), CAPPED)
    assert await refused(late) == EtagMismatch("Policy SPORTS v2", "2", "3")


async def test_going_back_is_a_copy_of_an_old_version(office: Office) -> None:
    await office.activated(CAPPED)
    first = VersionRef(DocumentKind.POLICY, "SPORTS", 1)

    copy = (await office.admin.create(office.act("Create"), copy_of=first)).stored

    assert (copy.version, copy.value, copy.state) == (3, SPORTS, VersionState.DRAFT)
    missing = replace(first, version=9)
    asked = office.admin.create(office.act("Create"), copy_of=missing)
    assert await refused(asked) == PolicyNotFound("demo", "SPORTS", 9)


async def test_nobody_approves_what_they_wrote_themselves(office: Office) -> None:
    validated = await office.validated(CAPPED)

    own = office.admin.approve(office.act("Approve", ANNA), *named(validated))
    assert await refused(own) == ApproverSameAsAuthor("Policy SPORTS v2", "anna")
    nobody = office.admin.approve(office.act("Approve", NOBODY), *named(validated))
    assert await refused(nobody) == ActorRequired()

    outcomes = sorted(r["outcome"] for r in await office.records())
    assert outcomes == ["APPLIED", "APPLIED", "REFUSED", "REFUSED"]


async def test_what_is_wrong_stays_a_draft(office: Office) -> None:
    draft = await office.draft(WRONG)

    refusal = await refused(office.admin.validate(office.act("Validate"), *named(draft)))

    assert isinstance(refusal, PolicyInvalid)
    assert {each.reason for each in refusal.problems} == {"UNKNOWN_BUCKET", "MISSING_DESTINATION"}
    stored = await ConfigurationReader(office.engine).policy("demo", "SPORTS", 2)
    assert stored == draft.stored


async def test_a_preview_tells_what_is_wrong_and_leaves_no_trace(office: Office) -> None:
    draft = await office.draft(WRONG)
    preview = office.act(validate_only=True)

    judged = await office.admin.validate(preview, *named(draft))
    activated = await office.admin.activate(preview, *named(draft))

    assert judged.stored == activated.stored == draft.stored
    assert {each.reason for each in judged.problems} == {"UNKNOWN_BUCKET", "MISSING_DESTINATION"}
    assert activated.problems == judged.problems
    assert len(await office.records()) == 1
    right = await office.draft(CAPPED)
    would_be = (await office.admin.validate(preview, *named(right))).stored
    assert would_be.state is VersionState.VALIDATED
    assert await ConfigurationReader(office.engine).policy("demo", "SPORTS", 3) == right.stored


async def test_what_is_scheduled_can_be_taken_back(office: Office) -> None:
    approved = await office.approved(CAPPED)
    tomorrow = NOW + timedelta(days=1)

    scheduled = await office.admin.schedule(office.act(), *named(approved), tomorrow)
    assert scheduled.stored.state is VersionState.SCHEDULED
    assert scheduled.stored.effective_time == tomorrow
    back = await office.admin.unschedule(office.act(), *named(scheduled))
    assert (back.stored.state, back.stored.effective_time) == (VersionState.APPROVED, None)
    past = office.admin.schedule(office.act(), *named(back), NOW)
    assert await refused(past) == EffectiveTimePassed(NOW.isoformat())


async def test_an_archived_version_is_over(office: Office) -> None:
    archived = await office.admin.archive(office.act(), *named(await office.draft(CAPPED)))

    assert archived.stored.state is VersionState.ARCHIVED
    refusal = await refused(office.admin.activate(office.act(), *named(archived)))
    assert refusal == VersionTransitionIllegal("Policy SPORTS v2", "ARCHIVED", "activated")


async def test_what_is_not_there_is_said_to_be_missing(office: Office) -> None:
    act = office.act()
    topology = VersionRef(DocumentKind.TOPOLOGY, "", 7)
    profile = VersionRef(DocumentKind.PROVIDER_PROFILE, "nobody", 1)

    assert await refused(office.admin.validate(act, topology, "1")) == TopologyNotFound("demo", 7)
    missing = await refused(office.admin.validate(act, profile, "1"))
    assert missing == ProviderProfileNotFound("demo", "nobody", 1)
    stranger = replace(act, tenant_id="stranger")
    assert await refused(office.admin.create(stranger, SPORTS)) == TenantNotFound("stranger")


async def test_a_topology_with_one_more_bucket_needs_no_fence(office: Office) -> None:
    activated = await office.activated(WIDER)

    assert (activated.stored.version, activated.stored.state) == (2, VersionState.ACTIVE)
    assert await office.value("SELECT epoch FROM tenants") == 2


async def test_a_topology_that_removes_an_unused_bucket_becomes_active(office: Office) -> None:

    activated = await office.activated(WITHOUT_BONUS)

    assert activated.stored.state is VersionState.ACTIVE
    # The fence was closed and opened: each time, everybody looks again.
    assert await office.value("SELECT epoch FROM tenants") == 3
    assert await office.value("SELECT fence_token FROM tenants") is None
    again = await office.validated(WITHOUT_BONUS)
    reused = await refused(
        office.admin.validate(office.act(), *named(await office.draft(TOPOLOGY)))
    )
    assert again.stored.state is VersionState.VALIDATED
    assert [each.reason for each in reused.problems] == ["RETIRED_CODE_REUSED"]  # type: ignore[attr-defined]


async def test_a_topology_is_blocked_by_policies_that_name_what_it_removes(
    office: Office,
) -> None:
    spends_bonus = replace(
        SPORTS,
        funding_mode=AutoOrder(("bonus", "cash")),
        destinations=(
            *SPORTS.destinations,
            replace(SPORTS.destinations[0], source="bonus"),
        ),
    )
    await office.activated(spends_bonus)
    approved = await office.approved(WITHOUT_BONUS)

    preview = await office.admin.activate(office.act(validate_only=True), *named(approved))
    refusal = await refused(office.admin.activate(office.act(), *named(approved)))

    assert isinstance(refusal, TopologyActivationBlocked)
    assert preview.blockers == refusal.blockers
    assert [(each.reason, each.subject) for each in refusal.blockers] == [
        ("POLICY_REFERENCE", "Policy SPORTS v2")
    ]
    assert await office.value("SELECT epoch FROM tenants") == 2, "no fence was closed"
    (record,) = [r for r in await office.records() if r["outcome"] == "REFUSED"]
    assert json.loads(record["refusal"])["blockers"][0]["subject"] == "Policy SPORTS v2"
