"""Pages of audit records, newest first, and the head of the chain that they are sealed in."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from wallet_server.core.administration.audit_filter import AuditFilter
from wallet_server.core.administration.audit_record import AuditRecord
from wallet_server.core.administration.chain_head import ChainHead
from wallet_server.storage.audit_records import record_of
from wallet_server.storage.tables import audit_records, chain_blocks

Place: TypeAlias = tuple[datetime, UUID]
"""Where a record stands among those of its tenant: several may have one time."""


async def page(
    connection: AsyncConnection, wanted: AuditFilter, *, before: Place | None, limit: int
) -> list[AuditRecord]:
    """Returns the newest records that pass a filter, of those before a place."""
    rows = await connection.execute(page_query(wanted, before, limit))
    return [record_of(row) for row in rows.mappings()]


def page_query(wanted: AuditFilter, before: Place | None, limit: int) -> sa.Select[Any]:
    """Returns what selects a page. Time alone does not tell records apart: their ids do."""
    columns = audit_records.c
    query = sa.select(audit_records).where(*conditions(wanted))
    if before is not None:
        place = sa.tuple_(columns.record_time, columns.record_id)
        query = query.where(place < sa.tuple_(*before))
    return query.order_by(columns.record_time.desc(), columns.record_id.desc()).limit(limit)


def conditions(wanted: AuditFilter) -> Iterator[sa.ColumnElement[bool]]:
    """Yields what a filter asks of rows."""
    columns = audit_records.c
    yield columns.tenant_id == wanted.tenant_id
    if wanted.start_time is not None:
        yield columns.record_time >= wanted.start_time
    if wanted.end_time is not None:
        yield columns.record_time < wanted.end_time
    for column, value in (
        (columns.actor, wanted.actor),
        (columns.method, wanted.method),
        (columns.resource_kind, wanted.resource_kind),
        (columns.resource_id, wanted.resource_id),
        (columns.outcome, wanted.outcome),
        (columns.correlation_id, wanted.correlation_id),
    ):
        if value:
            yield column == value
    if wanted.correlation_id:
        yield columns.correlation_id != ""  # So that the index is used, which has no others.


async def find_known(
    connection: AsyncConnection, records: Sequence[AuditRecord]
) -> frozenset[UUID]:
    """Returns the ids of those records that are stored."""
    columns = audit_records.c
    query = sa.select(columns.record_id).where(
        columns.tenant_id.in_({record.tenant_id for record in records}),
        columns.record_id.in_([record.record_id for record in records]),
    )
    return frozenset(await connection.scalars(query))


async def find_head(connection: AsyncConnection, chain: int) -> ChainHead | None:
    """Returns the last block of a chain; None where nothing is sealed."""
    columns = chain_blocks.c
    query = (
        sa.select(*(columns[name] for name in ChainHead.__dataclass_fields__))
        .where(columns.chain == chain)
        .order_by(columns.number.desc())
        .limit(1)
    )
    row = (await connection.execute(query)).mappings().one_or_none()
    return None if row is None else ChainHead(**row)
