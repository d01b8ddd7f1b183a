"""The statuses of buckets that were set on the running system."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from wallet_server.core.administration.bucket_state import BucketState
from wallet_server.core.config.topology import BucketStatus
from wallet_server.storage.tables import bucket_statuses


async def find(connection: AsyncConnection, tenant_id: str, bucket: str) -> BucketState | None:
    """Returns what was last set for a bucket; None if nothing ever was."""
    query = sa.select(bucket_statuses).where(
        bucket_statuses.c.tenant_id == tenant_id, bucket_statuses.c.bucket == bucket
    )
    row = (await connection.execute(query)).mappings().one_or_none()
    return None if row is None else state_of(row)


async def of_tenant(connection: AsyncConnection, tenant_id: str) -> list[BucketState]:
    """Returns all that was set for buckets of a tenant, by their codes."""
    query = sa.select(bucket_statuses).where(bucket_statuses.c.tenant_id == tenant_id)
    rows = (await connection.execute(query.order_by(bucket_statuses.c.bucket))).mappings()
    return [state_of(row) for row in rows]


async def draining(connection: AsyncConnection, tenant_id: str) -> frozenset[str]:
    """Returns the buckets of a tenant that were set to be emptied."""
    states = await of_tenant(connection, tenant_id)
    return frozenset(each.bucket for each in states if each.status is BucketStatus.DRAINING)


async def put(connection: AsyncConnection, state: BucketState) -> None:
    """Keeps what was set for a bucket, in place of what was before."""
    row = {
        "tenant_id": state.tenant_id,
        "bucket": state.bucket,
        "status": state.status,
        "revision": state.revision,
        "update_time": state.update_time,
    }
    changed = {name: row[name] for name in ("status", "revision", "update_time")}
    await connection.execute(
        upsert(bucket_statuses)
        .values(row)
        .on_conflict_do_update(index_elements=["tenant_id", "bucket"], set_=changed)
    )


def state_of(row: sa.RowMapping) -> BucketState:
    """Returns the state of a row."""
    values: dict[str, Any] = {**row, "status": BucketStatus(row["status"])}
    return BucketState(**values)
