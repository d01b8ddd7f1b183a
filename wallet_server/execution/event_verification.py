"""The part of `verify` that is of the events of tenants: their positions, and their numbers."""

from collections.abc import AsyncIterator

from wallet_server.core.audit.difference import Check, Difference
from wallet_server.storage.event_verification import (
    load_cursor_problems,
    load_position_problems,
    load_tenant_event_problems,
)
from wallet_server.storage.verification import Connection


async def find_event_problems(
    connection: Connection, tenant_id: str | None
) -> AsyncIterator[Difference]:
    """Yields what does not hold of a tenant's events, or of all. The block is one snapshot."""
    async for row in load_position_problems(connection, tenant_id):
        yield Difference(Check.EVENT_HEAD, row["tenant_id"], "events", row["message"])
    async for row in load_tenant_event_problems(connection, tenant_id):
        yield Difference(Check.EVENT_SEQUENCE, row["tenant_id"], "tenant", row["message"])
    async for row in load_cursor_problems(connection, tenant_id):
        yield Difference(Check.EVENT_HEAD, row["tenant_id"], row["consumer"], row["message"])
