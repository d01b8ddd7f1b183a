"""The events of administrative acts: what they have done to a tenant."""

from collections.abc import Iterator, Sequence

from wallet_server.core.administration.audit_record import Plain, Resource, ResourceKind
from wallet_server.core.administration.change import Change
from wallet_server.core.config.version import DocumentKind, VersionState
from wallet_server.core.events.event import Done, EventType
from wallet_server.core.events.item_payloads import VersionActivated

VERSIONED = frozenset(map(ResourceKind, DocumentKind))


def act_events(changes: Sequence[Change]) -> Iterator[Done]:
    """Yields the versions that an act has made the active ones, in the order of its changes.

    What follows from a change is told after it.
    """
    for change in changes:
        if change.resource.kind in VERSIONED and becomes(change, VersionState.ACTIVE):
            is_topology = change.resource.kind is ResourceKind.TOPOLOGY
            event_type = EventType.TOPOLOGY_ACTIVATED if is_topology else EventType.POLICY_ACTIVATED
            key, version = name_of(change.resource)
            previous = previous_version(changes, change.resource.kind, key)
            kind = DocumentKind(change.resource.kind)
            yield event_type, VersionActivated(kind, key, version, previous)
        yield from change.told


def previous_version(changes: Sequence[Change], kind: ResourceKind, key: str) -> int:
    """Returns the version that an act has ended by activating another; zero for none."""
    for change in changes:
        if change.resource.kind is kind and becomes(change, VersionState.SUPERSEDED):
            known, version = name_of(change.resource)
            if known == key:
                return version
    return 0


def becomes(change: Change, state: VersionState) -> bool:
    """Tells whether a version is in a state that it was not in before."""
    return state_of(change.after) == state and state_of(change.before or {}) != state


def state_of(version: Plain) -> object:
    """Returns where a version is in its life."""
    return version.get("state")


def name_of(resource: Resource) -> tuple[str, int]:
    """Returns the key of a version, empty for kinds without keys, and its number."""
    key, _, number = resource.resource_id.rpartition("/")
    return key, int(number)
