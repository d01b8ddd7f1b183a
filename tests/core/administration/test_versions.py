"""The life of a version: every act in every state, and what else may keep it from happening."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.core.administration.versions import (
    ACTIVE,
    ANNA,
    AROUND,
    BEFORE,
    BERT,
    NOW,
    PROFILE,
    UNKNOWN,
    kept,
    problems,
    version,
)
from tests.core.config.topologies import policy, topology
from wallet_server.core.administration.activating import Activation, activate_version
from wallet_server.core.administration.tenant import TenantSettings
from wallet_server.core.administration.versions import (
    approve_version,
    archive_version,
    create_version,
    etag_of,
    schedule_version,
    unschedule_version,
    update_version,
    validate_version,
)
from wallet_server.core.commands.actor import Actor
from wallet_server.core.config.documents import Document
from wallet_server.core.config.version import StoredVersion, VersionState
from wallet_server.core.config.wallet_policy import WalletPolicy
from wallet_server.core.refusals import ActorRequired, Refusal
from wallet_server.core.refusals.administration import (
    ApproverSameAsAuthor,
    DocumentMismatch,
    EffectiveTimePassed,
    EtagMismatch,
    VersionTransitionIllegal,
)

FOUR_EYES = TenantSettings()
SINGLE_HANDED = TenantSettings(single_handed=True)
LATER = NOW + timedelta(hours=1)
STATES = tuple(VersionState)

Outcome = StoredVersion[Document] | Refusal


def take_step(name: str, before: StoredVersion[Document], etag: str = "3") -> Outcome:
    """Returns what an act on a version comes to where nothing else is in its way."""
    match name:
        case "edited":
            return update_version(before, BERT, etag, before.value, FOUR_EYES, now=NOW)
        case "validated":
            return validate_version(before, BERT, etag, AROUND, now=NOW)
        case "approved":
            return approve_version(before, BERT, etag, FOUR_EYES, now=NOW)
        case "scheduled":
            return schedule_version(before, BERT, etag, LATER, AROUND, now=NOW)
        case "unscheduled":
            return unschedule_version(before, BERT, etag, FOUR_EYES, now=NOW)
        case "archived":
            return archive_version(before, BERT, etag, FOUR_EYES, now=NOW)
        case _:
            outcome = activate_version(before, BERT, etag, AROUND, now=NOW)
            return outcome.activated if isinstance(outcome, Activation) else outcome


TRANSITIONS = {
    "edited": {"DRAFT": "DRAFT", "VALIDATED": "DRAFT"},
    "validated": {"DRAFT": "VALIDATED"},
    "approved": {"VALIDATED": "APPROVED"},
    "scheduled": {"APPROVED": "SCHEDULED"},
    "unscheduled": {"SCHEDULED": "APPROVED"},
    "activated": {"APPROVED": "ACTIVE"},
    "archived": {"DRAFT": "ARCHIVED", "VALIDATED": "ARCHIVED", "APPROVED": "ARCHIVED"},
}


@pytest.mark.parametrize("name", TRANSITIONS)
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("document", [topology(), WalletPolicy(), policy(), PROFILE])
def test_an_act_takes_a_version_from_its_state_or_is_refused(
    name: str, state: VersionState, document: Document
) -> None:
    before = version(document, state)
    after = TRANSITIONS[name].get(state.value)
    if name == "scheduled" and document == topology():
        after = None

    outcome = take_step(name, before)

    if after is None:
        assert isinstance(outcome, VersionTransitionIllegal)
        assert (outcome.state, outcome.wanted) == (state.value, name)
    else:
        made = kept(outcome)
        assert (made.state, made.revision, made.update_time) == (after, 4, NOW)
        assert (made.version, made.value, made.create_time) == (1, document, BEFORE)


@pytest.mark.parametrize("name", TRANSITIONS)
def test_an_act_names_the_version_as_it_is(name: str) -> None:
    before = version(policy(), VersionState.SUPERSEDED)

    assert take_step(name, before, etag="2") == EtagMismatch("Policy GAMES v1", "2", "3")
    assert etag_of(before) == "3"


def test_a_new_version_is_a_draft_of_who_made_it() -> None:
    made = create_version(ANNA, policy(), FOUR_EYES, number=7, now=NOW, source="kind: Policy")

    assert made == StoredVersion(
        "demo",
        7,
        VersionState.DRAFT,
        policy(),
        NOW,
        source="kind: Policy",
        author="anna",
        comment="because",
    )


def test_who_edits_a_version_becomes_its_author_and_it_is_a_draft_again() -> None:
    before = replace(
        version(policy(), VersionState.VALIDATED), approver="carl", source="kind: Policy"
    )
    other = policy(("max_stake_with_bonus", 500))

    made = kept(update_version(before, BERT, "3", other, FOUR_EYES, now=NOW))

    assert (made.state, made.value, made.author, made.approver) == ("DRAFT", other, "bert", "")
    assert (made.source, made.comment) == (None, "because")


def test_a_version_goes_on_being_of_what_it_was_of() -> None:
    before = version(policy())
    other = policy(("provider_type", "SLOTS"))

    assert update_version(before, BERT, "3", other, FOUR_EYES, now=NOW) == DocumentMismatch(
        "Policy GAMES v1", "Policy SLOTS"
    )
    assert update_version(before, BERT, "3", topology(), FOUR_EYES, now=NOW) == DocumentMismatch(
        "Policy GAMES v1", "Topology"
    )


def test_nobody_approves_what_they_wrote() -> None:
    before = version(policy(), VersionState.VALIDATED)

    assert approve_version(before, ANNA, "3", FOUR_EYES, now=NOW) == ApproverSameAsAuthor(
        "Policy GAMES v1", "anna"
    )
    spelt_otherwise = replace(ANNA, actor=Actor("Anna"))
    assert approve_version(before, spelt_otherwise, "3", FOUR_EYES, now=NOW) == (
        ApproverSameAsAuthor("Policy GAMES v1", "anna")
    )
    made = kept(approve_version(before, BERT, "3", FOUR_EYES, now=NOW))
    assert (made.author, made.approver) == ("anna", "bert")


def test_what_nobody_is_known_to_have_written_is_not_approved() -> None:
    before = version(policy(), VersionState.VALIDATED, author="")

    assert approve_version(before, BERT, "3", FOUR_EYES, now=NOW) == ApproverSameAsAuthor(
        "Policy GAMES v1", "somebody unknown"
    )


def test_one_hand_may_do_everything_where_that_is_set() -> None:
    before = version(policy(), VersionState.VALIDATED)

    assert kept(approve_version(before, ANNA, "3", SINGLE_HANDED, now=NOW)).approver == "anna"
    made = create_version(UNKNOWN, policy(), SINGLE_HANDED, number=1, now=NOW)
    assert kept(made).author == ""


def test_who_changes_a_version_is_known() -> None:
    draft, approved = version(policy()), version(policy(), VersionState.APPROVED)

    outcomes = [
        create_version(UNKNOWN, policy(), FOUR_EYES, number=1, now=NOW),
        update_version(draft, UNKNOWN, "3", policy(), FOUR_EYES, now=NOW),
        validate_version(draft, UNKNOWN, "3", AROUND, now=NOW),
        approve_version(draft, UNKNOWN, "3", FOUR_EYES, now=NOW),
        schedule_version(approved, UNKNOWN, "3", LATER, AROUND, now=NOW),
        unschedule_version(approved, UNKNOWN, "3", FOUR_EYES, now=NOW),
        activate_version(approved, UNKNOWN, "3", AROUND, now=NOW),
        archive_version(draft, UNKNOWN, "3", FOUR_EYES, now=NOW),
    ]

    assert outcomes == [ActorRequired()] * 8


def test_a_wrong_draft_is_told_everything_and_stays_one() -> None:
    wrong = policy(("auto_order.order.0", "vip"), ("destinations.1.destinations.profit_cap", -1))

    outcome = validate_version(version(wrong), ANNA, "3", AROUND, now=NOW)

    assert problems(outcome) == [
        ("auto_order.order[0]", "UNKNOWN_BUCKET"),
        ("destinations[1].destinations.profit_cap", "NEGATIVE"),
    ]


def test_a_policy_is_judged_beside_what_is_active() -> None:
    other = policy(("provider_type", "SLOTS"))

    assert kept(validate_version(version(other), ANNA, "3", AROUND, now=NOW)).state == "VALIDATED"
    alone = replace(AROUND, active=())
    assert problems(validate_version(version(other), ANNA, "3", alone, now=NOW)) == [
        ("Topology", "MISSING_DOCUMENT")
    ]


def test_what_follows_for_other_documents_is_told_with_their_titles() -> None:
    british = version(WalletPolicy(jurisdiction="UK"))
    wagered = topology(("transfer_edges.0.opens_rolling_bp", 100_001))
    around = replace(AROUND, active=(version(wagered, VersionState.ACTIVE), *ACTIVE[1:]))

    found = problems(validate_version(british, ANNA, "3", around, now=NOW))

    assert ("Topology: transfer_edges[0].opens_rolling_bp", "WAGERING_CAP") in found
    assert ("withdrawals.reversible", "WITHDRAWALS_REVERSIBLE") in found


def test_a_tenant_gets_its_documents_one_by_one() -> None:
    around = replace(AROUND, active=())
    for document in (topology(), WalletPolicy(), policy(), PROFILE):
        draft = version(document)
        assert kept(validate_version(draft, ANNA, "3", around, now=NOW)).state == "VALIDATED"
        made = version(document, VersionState.ACTIVE)
        around = replace(around, active=(*around.active, made))


def test_a_version_is_scheduled_for_a_time_to_come_and_right_now_already() -> None:
    approved = version(policy(), VersionState.APPROVED)

    made = kept(schedule_version(approved, ANNA, "3", LATER, AROUND, now=NOW))
    assert made.effective_time == LATER
    assert kept(unschedule_version(made, ANNA, "4", FOUR_EYES, now=NOW)).effective_time is None

    late = schedule_version(approved, ANNA, "3", NOW, AROUND, now=NOW)
    assert late == EffectiveTimePassed("2026-03-01T12:00:00+00:00")
    wrong = version(policy(("auto_order.order.0", "vip")), VersionState.APPROVED)
    outcome = schedule_version(wrong, ANNA, "3", LATER, AROUND, now=NOW)
    assert problems(outcome) == [("auto_order.order[0]", "UNKNOWN_BUCKET")]
