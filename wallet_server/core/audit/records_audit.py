"""Holds audit records against the resources that they tell of."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from wallet_server.core.value import value

COMPARED: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(
        ("TOPOLOGY", "WALLET_POLICY", "POLICY", "PROVIDER_PROFILE"),
        frozenset(
            {
                *("version", "state", "revision", "source", "author", "approver", "comment"),
                *("create_time", "update_time", "effective_time", "activate_time", "document"),
            }
        ),
    ),
    "TENANT": frozenset({"revision", "settings", "create_time"}),
    "BUCKET_STATUS": frozenset({"status", "revision", "update_time"}),
    "DRAIN": frozenset(
        {"bucket", "successor", "state", "revision", "author", "approver", "create_time"}
    ),
    "CREDENTIAL": frozenset(
        {
            *("kind", "subject", "tenants", "roles", "player_id", "may_vouch", "state"),
            *("revision", "author", "create_time", "update_time", "expire_time"),
        }
    ),
    "REVOCATION": frozenset({"token_id", "subject", "issued_before", "create_time"}),
}
"""What of each kind of resource must be as its last record says: all but what jobs change."""


@value
class RecordedResource:
    """A resource and what its records say. It has no row where it is gone.

    `revisions` are those that records say it had; `after` is what the one of the last says.
    """

    kind: str
    resource_id: str
    row: Mapping[str, Any] | None
    revision: int
    revisions: Sequence[int]
    after: Mapping[str, Any] | None


def find_record_problems(resource: RecordedResource) -> Iterator[str]:
    """Yields what records do not tell of a resource, or tell otherwise."""
    if resource.row is None:
        yield "it is gone, and its audit records are there"
        return
    missing = sorted(set(range(1, resource.revision + 1)) - set(resource.revisions))
    if missing:
        told = ", ".join(map(str, missing))
        yield f"it has revision {resource.revision}, and no audit record of: {told}"
    later = [each for each in resource.revisions if each > resource.revision]
    if later:
        yield f"it has revision {resource.revision}, and an audit record of {max(later)}"
    elif resource.after is not None and not missing:
        yield from find_changes(resource.kind, resource.row, resource.after)


def find_changes(kind: str, row: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """Yields the fields that are not as the last record says."""
    for name in sorted(COMPARED[kind] & row.keys() & after.keys()):
        if comparable(name, row[name]) != comparable(name, after[name]):
            yield f"its {name} is not what its last audit record says"


def comparable(name: str, said: object) -> object:
    """Returns a field as it can be compared: times as times, whatever their zone."""
    if isinstance(said, str) and (name.endswith("_time") or name == "issued_before"):
        return datetime.fromisoformat(said)
    return said
