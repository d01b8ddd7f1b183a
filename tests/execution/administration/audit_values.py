"""Audit records as tests want them."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from wallet_server.core.administration.audit_record import (
    AuditOutcome,
    AuditRecord,
    Resource,
    ResourceKind,
)
from wallet_server.core.commands.actor import Actor
from wallet_server.storage import audit_records

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


def record(
    number: int,
    *,
    tenant_id: str = "demo",
    minutes: int = 0,
    actor: str = "ada",
    method: str = "TopologyAdmin.CreateTopology",
    resource: Resource | None = None,
    outcome: AuditOutcome = AuditOutcome.APPLIED,
    correlation_id: str = "",
) -> AuditRecord:
    """Returns a record by its number, which is its id, some minutes after noon."""
    refused = outcome is AuditOutcome.REFUSED
    return AuditRecord(
        tenant_id=tenant_id,
        record_id=UUID(int=number),
        record_time=NOON + timedelta(minutes=minutes),
        actor=Actor(actor, ("owner",)),
        method=method,
        resource=resource or Resource(ResourceKind.TOPOLOGY, "1", 1),
        outcome=outcome,
        refusal={"reason": "ETAG_MISMATCH", "details": {}} if refused else None,
        after=None if refused else {"version": 1},
        correlation_id=correlation_id,
    )


async def store_all(engine: AsyncEngine, *records: AuditRecord) -> None:
    """Puts records into the database."""
    async with engine.begin() as connection:
        await audit_records.insert(connection, records, UUID(int=1_000_000))


def numbers(records: list[AuditRecord]) -> list[int]:
    """Returns the numbers of records."""
    return [each.record_id.int for each in records]
