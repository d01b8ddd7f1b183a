"""Looks at what versions are judged by."""

from sqlalchemy.ext.asyncio import AsyncConnection

from wallet_server.core.administration.circumstances import Circumstances, References
from wallet_server.core.administration.tenant import Tenant
from wallet_server.core.administration.versions import Version
from wallet_server.core.config.documents import Document
from wallet_server.core.config.topology import Topology
from wallet_server.core.config.validation_changes import removed_codes
from wallet_server.core.config.version import VersionState
from wallet_server.core.events.event import Done
from wallet_server.core.events.of_buckets import status_events
from wallet_server.storage import bucket_statuses, usage, versions


async def load_circumstances(connection: AsyncConnection, tenant: Tenant) -> Circumstances:
    """Returns what the tenant's versions are judged by, but for what refers to its buckets."""
    states = (VersionState.ACTIVE, VersionState.SCHEDULED)
    found = await versions.in_state(connection, tenant.tenant_id, *states)
    return Circumstances(
        settings=tenant.settings,
        active=tuple(each for each in found if each.state is VersionState.ACTIVE),
        scheduled=tuple(each for each in found if each.state is VersionState.SCHEDULED),
        retired_codes=await versions.retired_codes(connection, tenant.tenant_id),
    )


def removed_by(version: Version, circumstances: Circumstances) -> frozenset[str]:
    """Returns the codes that a version would remove: none, if it is no topology."""
    current = circumstances.topology()
    if current is None or not isinstance(version.value, Topology):
        return frozenset()
    return removed_codes(current, version.value)


async def load_references(
    connection: AsyncConnection, tenant_id: str, removed: frozenset[str]
) -> References:
    """Returns what refers to the buckets that are to go, without examples."""
    if not removed:
        return References(is_counted=True)
    return References(
        is_counted=await usage.is_counted(connection, tenant_id),
        usage=await usage.count(connection, tenant_id, removed),
        drains=await usage.drains_under_way(connection, tenant_id),
    )


async def statuses_told(
    connection: AsyncConnection, tenant_id: str, before: Topology | None, after: Document
) -> tuple[Done, ...]:
    """Returns what is told of buckets when a document becomes active: nothing but of a topology."""
    if before is None or not isinstance(after, Topology):
        return ()
    draining = await bucket_statuses.draining(connection, tenant_id)
    return tuple(status_events(before.with_draining(draining), after.with_draining(draining)))
