"""`recount`: makes up for what servers recorded before they counted and sealed.

It counts anew what refers to a tenant's buckets, and leaves by how much that differs as a commit,
as batches do: so servers may go on meanwhile, as long as all of them count. Commits are left too
for entries that no block has, and for administrative commands that no audit record tells of.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from wallet_server.core.administration.audit_record import AuditOutcome, AuditRecord
from wallet_server.core.administration.tenants import plain_tenant, resource_of_tenant
from wallet_server.core.administration.usage import Usage, UsageKey
from wallet_server.core.audit.usage_audit import difference_of
from wallet_server.core.commands.actor import Actor
from wallet_server.execution.id_source import new_id
from wallet_server.execution.lease import Lease
from wallet_server.execution.sealing.coverage import load_covered
from wallet_server.storage import audit_records, tenants
from wallet_server.storage.audit_reading import load_acts_without_record
from wallet_server.storage.chain_reading import load_entry_keys
from wallet_server.storage.commits import insert_commit
from wallet_server.storage.engine import create_engine
from wallet_server.storage.usage_reading import count_usage, load_counted
from wallet_server.storage.verification import Connection, connect, load_wallet_keys, snapshot

METHOD = "recount"
ROWS_OF_COMMIT = 500
LEASE_SECONDS = 3600.0


class UnknownTenantError(LookupError):
    """There is no such tenant."""


class RecountUnderWayError(Exception):
    """Another process counts the tenant."""


@dataclass(frozen=True, slots=True)
class Recount:
    """What was made up for: by how much counts differed, runs of commands, and acts."""

    usage: dict[UsageKey, Usage]
    ranges: Sequence[tuple[int, str, int, int]]
    acts: Sequence[tuple[int, str, str]]


async def recount(database_url: str, tenant_id: str, now: Callable[[], datetime]) -> Recount:
    """Makes up for what is missing of a tenant, and notes that all of it was counted.

    Raises:
        UnknownTenantError: There is no such tenant.
        RecountUnderWayError: Somebody else is at it: twice would be too much.
    """
    engine = create_engine(database_url)
    lease = Lease(engine, f"{METHOD}:{tenant_id}", seconds=LEASE_SECONDS)
    try:
        if not await lease.take():
            raise RecountUnderWayError(tenant_id)
        async with connect(database_url) as connection, snapshot(connection):
            found = await look(connection, tenant_id)
        async with engine.begin() as writer:
            await note_counted(writer, tenant_id, now())
            for document in documents_of(found):
                await insert_commit(writer, UUID(new_id()), document)
    finally:
        await lease.give_up()
        await engine.dispose()
    return found


async def look(connection: Connection, tenant_id: str) -> Recount:
    """Returns what is missing, as of one snapshot."""
    counted = await load_counted(connection, [tenant_id])
    there = await count_usage(connection, [tenant_id])
    acts = [
        (row["shard"], str(row["wallet_id"]), row["request_id"])
        async for row in load_acts_without_record(connection, tenant_id, with_older=True)
    ]
    return Recount(difference_of(there, counted), await find_ranges(connection, tenant_id), acts)


async def find_ranges(connection: Connection, tenant_id: str) -> list[tuple[int, str, int, int]]:
    """Returns the runs of commands of a tenant's wallets with entries that no block has."""
    covered, _ = await load_covered(connection)
    wallets = await load_wallet_keys(connection, tenant_id)
    return [
        (shard, str(wallet_id), first, last)
        async for (shard, wallet_id), sequences in load_entry_keys(connection)
        if (shard, wallet_id) in wallets
        for first, last in covered[shard, wallet_id].find_uncovered(sequences)
    ]


def documents_of(found: Recount) -> list[dict[str, object]]:
    """Returns the commits that make up for what is missing."""
    documents: list[dict[str, object]] = []
    if found.usage:
        usage = [(*key, each.count, each.total) for key, each in found.usage.items()]
        documents.append({"usage": usage})
    named: Mapping[str, Sequence[object]] = {"wallets": found.ranges, "acts": found.acts}
    for name, rows in named.items():
        places = range(0, len(rows), ROWS_OF_COMMIT)
        documents.extend({name: rows[place : place + ROWS_OF_COMMIT]} for place in places)
    return documents


async def note_counted(connection: AsyncConnection, tenant_id: str, now: datetime) -> None:
    """Notes that all of a tenant was counted; if that is news, in an audit record too.

    Raises:
        UnknownTenantError: There is no such tenant.
    """
    tenant = await tenants.find(connection, tenant_id)
    if tenant is None:
        raise UnknownTenantError(tenant_id)
    if not await tenants.note_counted(connection, tenant_id):
        return
    record = AuditRecord(
        tenant_id=tenant_id,
        record_id=UUID(new_id()),
        record_time=now,
        actor=Actor(METHOD),
        method=METHOD,
        resource=resource_of_tenant(tenant),
        outcome=AuditOutcome.APPLIED,
        after=plain_tenant(tenant),
    )
    await audit_records.insert(connection, [record], UUID(new_id()))
