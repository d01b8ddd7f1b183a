"""The audit records: what administrators did, and what they were refused. Only ever added to."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from wallet_server.core.administration.audit_record import (
    AuditOutcome,
    AuditRecord,
    Resource,
    ResourceKind,
)
from wallet_server.core.commands.actor import Actor
from wallet_server.core.ids import Location
from wallet_server.storage.tables import audit_records, commits

RECORDS_SHARD = 0
"""Where commits of administrative acts lie: they are of no wallet, and few."""


async def find_applied(
    connection: AsyncConnection, tenant_id: str, request_id: str
) -> AuditRecord | None:
    """Returns the record of the act that was carried out under a request_id of the tenant."""
    columns = audit_records.c
    query = sa.select(audit_records).where(
        columns.tenant_id == tenant_id,
        columns.request_id == request_id,
        columns.outcome == AuditOutcome.APPLIED,
        columns.wallet_id.is_(None),
        columns.request_id != "",
    )
    row = (await connection.execute(query)).mappings().one_or_none()
    return None if row is None else record_of(row)


async def find_flow(connection: AsyncConnection, tenant_id: str, resource: Resource) -> str:
    """Returns the correlation id of the act that made something what it is at its revision.

    Where that act named none, it is that of the last one before it that did; empty for none.
    """
    columns = audit_records.c
    query = (
        sa.select(columns.correlation_id)
        .where(
            columns.tenant_id == tenant_id,
            columns.resource_kind == resource.kind,
            columns.resource_id == resource.resource_id,
            columns.resource_revision <= resource.revision,
            columns.outcome == AuditOutcome.APPLIED,
            columns.correlation_id != "",
        )
        .order_by(columns.resource_revision.desc())
        .limit(1)
    )
    return await connection.scalar(query) or ""


async def insert(
    connection: AsyncConnection, records: Sequence[AuditRecord], commit_id: UUID
) -> None:
    """Adds records, and a commit by which the sealer learns of them."""
    await connection.execute(sa.insert(audit_records), [row_of(each) for each in records])
    document = {
        "time": records[0].record_time.isoformat(),
        "records": [[each.tenant_id, str(each.record_id)] for each in records],
    }
    await connection.execute(
        sa.insert(commits).values(shard=RECORDS_SHARD, commit_id=commit_id, document=document)
    )


def row_of(record: AuditRecord) -> dict[str, Any]:
    """Returns the row of a record."""
    return {
        "tenant_id": record.tenant_id,
        "record_id": record.record_id,
        "record_time": record.record_time,
        "actor": record.actor.name,
        "actor_roles": list(record.actor.roles),
        "credential_id": record.credential_id,
        "peer": record.peer,
        "method": record.method,
        "resource_kind": record.resource.kind,
        "resource_id": record.resource.resource_id,
        "resource_revision": record.resource.revision,
        "request_id": record.request_id,
        "fingerprint": record.fingerprint,
        "outcome": record.outcome,
        "refusal": record.refusal,
        "before": record.before,
        "after": record.after,
        "reason": record.reason,
        "correlation_id": record.correlation_id,
        "shard": record.wallet and record.wallet.shard,
        "wallet_id": record.wallet and record.wallet.wallet_id,
    }


def record_of(row: sa.RowMapping) -> AuditRecord:
    """Returns the record of a row."""
    has_wallet = row["wallet_id"] is not None
    return AuditRecord(
        tenant_id=row["tenant_id"],
        record_id=row["record_id"],
        record_time=row["record_time"],
        actor=Actor(row["actor"], tuple(row["actor_roles"])),
        method=row["method"],
        resource=Resource(
            ResourceKind(row["resource_kind"]), row["resource_id"], row["resource_revision"]
        ),
        outcome=AuditOutcome(row["outcome"]),
        credential_id=row["credential_id"],
        peer=row["peer"],
        request_id=row["request_id"],
        fingerprint=row["fingerprint"],
        refusal=row["refusal"],
        before=row["before"],
        after=row["after"],
        reason=row["reason"],
        correlation_id=row["correlation_id"],
        wallet=Location(row["shard"], row["wallet_id"]) if has_wallet else None,
    )
