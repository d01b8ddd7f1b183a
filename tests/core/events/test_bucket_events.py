"""What is told of a tenant's buckets."""

from dataclasses import replace

from tests.core.rules import TOPOLOGY
from wallet_server.core.administration.audit_record import Resource, ResourceKind
from wallet_server.core.administration.change import Change
from wallet_server.core.config.topology import BucketStatus, RetiredBucket, Topology
from wallet_server.core.config.version import DocumentKind
from wallet_server.core.events.event import EventType
from wallet_server.core.events.item_payloads import (
    BucketRetired,
    BucketStatusChanged,
    VersionActivated,
)
from wallet_server.core.events.of_acts import act_events
from wallet_server.core.events.of_buckets import status_events

ACTIVE, DRAINING = BucketStatus.ACTIVE, BucketStatus.DRAINING
BOTH = TOPOLOGY.with_draining({"SN", "SB"})
RETIRED = replace(
    TOPOLOGY,
    buckets=tuple(each for each in TOPOLOGY.buckets if each.code != "SB"),
    retired_buckets=(RetiredBucket("SB", "SN"),),
)


def told(before: Topology, after: Topology) -> list[tuple[str, BucketStatus, BucketStatus]]:
    """Returns the buckets whose status is told as another, with what it is and was."""
    found = list(status_events(before, after))
    assert {event_type for event_type, _ in found} <= {EventType.BUCKET_STATUS_CHANGED}
    payloads = [payload for _, payload in found if isinstance(payload, BucketStatusChanged)]
    return [(each.bucket, each.status, each.previous_status) for each in payloads]


def test_each_bucket_that_is_not_what_it_was_is_told_in_their_order() -> None:
    first, second = [each.code for each in TOPOLOGY.buckets if each.code in {"SN", "SB"}]

    assert told(TOPOLOGY, BOTH) == [(first, DRAINING, ACTIVE), (second, DRAINING, ACTIVE)]
    assert told(BOTH, TOPOLOGY.with_draining({"SN"})) == [("SB", ACTIVE, DRAINING)]


def test_what_stays_as_it_was_is_not_told() -> None:
    turned = replace(BOTH, buckets=BOTH.buckets[::-1])

    assert told(TOPOLOGY, TOPOLOGY) == []
    assert told(BOTH, BOTH) == []
    assert told(BOTH, turned) == []


def test_a_bucket_that_is_new_comes_with_its_version() -> None:
    fewer = replace(TOPOLOGY, buckets=TOPOLOGY.buckets[1:])

    assert told(fewer, TOPOLOGY) == []
    assert told(fewer, TOPOLOGY.with_draining({TOPOLOGY.buckets[0].code})) == []


def test_a_bucket_that_is_retired_is_told_with_where_its_money_goes() -> None:
    assert list(status_events(TOPOLOGY, RETIRED)) == [
        (EventType.BUCKET_RETIRED, BucketRetired("SB", "SN", ACTIVE))
    ]
    assert list(status_events(TOPOLOGY.with_draining({"SB"}), RETIRED)) == [
        (EventType.BUCKET_RETIRED, BucketRetired("SB", "SN", DRAINING))
    ]


def test_a_bucket_that_was_retired_before_is_not_told_again() -> None:
    assert list(status_events(RETIRED, RETIRED)) == []


def test_what_follows_from_a_change_is_told_after_it() -> None:
    follows = tuple(status_events(TOPOLOGY, BOTH))
    kind = ResourceKind.TOPOLOGY
    before, after = {"state": "APPROVED"}, {"state": "ACTIVE"}
    activated = Change(Resource(kind, "2", 4), after, before, told=follows)
    ended = Change(Resource(kind, "1", 2), {"state": "SUPERSEDED"}, {"state": "ACTIVE"})

    assert list(act_events([activated, ended])) == [
        (EventType.TOPOLOGY_ACTIVATED, VersionActivated(DocumentKind.TOPOLOGY, "", 2, 1)),
        *follows,
    ]


def test_the_status_of_a_bucket_is_told_though_no_version_changes() -> None:
    follows = tuple(status_events(TOPOLOGY, BOTH))
    state = Resource(ResourceKind.BUCKET_STATUS, "SB", 1)

    assert list(act_events([Change(state, {"status": "DRAINING"}, told=follows)])) == [*follows]
