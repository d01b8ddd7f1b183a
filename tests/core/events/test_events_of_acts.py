"""What is told of administrative acts; and what reading events says of how far they are."""

import pytest

from wallet_server.core.administration.audit_record import Plain, Resource, ResourceKind
from wallet_server.core.administration.change import Change
from wallet_server.core.config.version import DocumentKind
from wallet_server.core.events.item_payloads import VersionActivated
from wallet_server.core.events.of_acts import act_events
from wallet_server.core.events.reading import NO_EVENTS, EventHead, EventPage

POLICY, PROFILE = ResourceKind.POLICY, ResourceKind.PROVIDER_PROFILE


def change(kind: ResourceKind, name: str, state: str, before: str | None) -> Change:
    """Returns the step of a version from one state to another."""
    was: Plain | None = None if before is None else {"state": before}
    return Change(Resource(kind, name, 1), {"state": state}, was)


@pytest.mark.parametrize(
    ("kind", "name", "event_type", "told"),
    [
        (ResourceKind.TOPOLOGY, "4", "TOPOLOGY_ACTIVATED", (DocumentKind.TOPOLOGY, "", 4)),
        (
            ResourceKind.WALLET_POLICY,
            "4",
            "POLICY_ACTIVATED",
            (DocumentKind.WALLET_POLICY, "", 4),
        ),
        (POLICY, "SPORTS/4", "POLICY_ACTIVATED", (DocumentKind.POLICY, "SPORTS", 4)),
        (PROFILE, "acme/4", "POLICY_ACTIVATED", (DocumentKind.PROVIDER_PROFILE, "acme", 4)),
    ],
)
@pytest.mark.parametrize("before", ["APPROVED", "SCHEDULED", None])
def test_a_version_that_becomes_active_is_told(
    kind: ResourceKind,
    name: str,
    event_type: str,
    told: tuple[DocumentKind, str, int],
    before: str | None,
) -> None:
    activated = change(kind, name, "ACTIVE", before)

    assert list(act_events([activated])) == [(event_type, VersionActivated(*told, 0))]


def test_what_a_version_ends_is_of_its_kind_and_key() -> None:
    changes = [
        change(POLICY, "SPORTS/4", "ACTIVE", "APPROVED"),
        change(ResourceKind.TOPOLOGY, "9", "SUPERSEDED", "ACTIVE"),
        change(POLICY, "LIVE/8", "SUPERSEDED", "ACTIVE"),
        change(POLICY, "SPORTS/7", "SUPERSEDED", "SUPERSEDED"),
        change(POLICY, "SPORTS/3", "SUPERSEDED", "ACTIVE"),
    ]

    assert list(act_events(changes)) == [
        ("POLICY_ACTIVATED", VersionActivated(DocumentKind.POLICY, "SPORTS", 4, 3))
    ]


def test_several_versions_are_told_in_the_order_of_the_changes() -> None:
    changes = [
        change(ResourceKind.TENANT, "demo", "ACTIVE", None),
        change(POLICY, "LIVE/2", "ACTIVE", None),
        change(POLICY, "SPORTS/2", "ACTIVE", None),
    ]

    told = [payload for _, payload in act_events(changes)]

    assert told == [
        VersionActivated(DocumentKind.POLICY, "LIVE", 2),
        VersionActivated(DocumentKind.POLICY, "SPORTS", 2),
    ]


@pytest.mark.parametrize("state", ["DRAFT", "VALIDATED", "APPROVED", "SCHEDULED", "ARCHIVED"])
def test_other_steps_of_versions_are_not_told(state: str) -> None:
    assert list(act_events([change(POLICY, "SPORTS/4", state, "DRAFT")])) == []


def test_a_version_that_stays_active_is_not_told() -> None:
    assert list(act_events([change(POLICY, "SPORTS/4", "ACTIVE", "ACTIVE")])) == []
    assert list(act_events([Change(Resource(POLICY, "SPORTS/4"), {}, {})])) == []


# --- Reading


@pytest.mark.parametrize(
    ("after", "removed"), [(0, False), (1, True), (3, True), (4, False), (5, False), (9, False)]
)
def test_what_is_removed_begins_before_the_first_that_is_kept(after: int, removed: bool) -> None:
    assert EventHead(position=9, first_position=5).has_removed(after) is removed
    assert NO_EVENTS.has_removed(after) is False


@pytest.mark.parametrize(("position", "reached"), [(8, True), (9, True), (10, False)])
def test_a_position_is_reached_when_it_was_given(position: int, reached: bool) -> None:
    head = EventHead(position=9, first_position=5)

    assert head.has_reached(position) is reached
    assert EventPage((), position, head).is_last is (position >= 9)
