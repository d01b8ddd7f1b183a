"""How many things refer to buckets: what is rolled up, and what has been committed since."""

from collections.abc import Collection
from dataclasses import fields
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from wallet_server.core.administration.drain import Drain, DrainState
from wallet_server.core.administration.usage import Usage, UsageKey, UsageKind
from wallet_server.storage.tables import drains, tenants

OVER = (DrainState.DONE, DrainState.CANCELLED)

# Both tables of one snapshot: what the sealer moves from one to the other is in one of them.
COUNT = sa.text("""
    SELECT bucket, kind, asset_code, sum(count)::bigint AS count, sum(total) AS total
    FROM (
        SELECT bucket, kind, asset_code, count::numeric AS count, total
        FROM bucket_usage
        WHERE tenant_id = :tenant_id AND bucket = ANY (:buckets)
        UNION ALL
        SELECT u ->> 1, u ->> 2, u ->> 3, (u ->> 4)::numeric, (u ->> 5)::numeric
        FROM commits, json_array_elements(document -> 'usage') AS u
        WHERE u ->> 0 = :tenant_id AND u ->> 1 = ANY (:buckets)
    ) AS changes
    GROUP BY bucket, kind, asset_code
    HAVING sum(count) <> 0 OR sum(total) <> 0
""").bindparams(sa.bindparam("buckets", type_=ARRAY(sa.Text)))


async def count(
    connection: AsyncConnection, tenant_id: str, buckets: Collection[str]
) -> dict[UsageKey, Usage]:
    """Returns what refers to buckets of a tenant; what came to nothing is left out."""
    values = {"tenant_id": tenant_id, "buckets": sorted(buckets)}
    rows = (await connection.execute(COUNT, values)).mappings()
    return {
        UsageKey(tenant_id, row["bucket"], UsageKind(row["kind"]), row["asset_code"]): Usage(
            row["count"], int(row["total"])
        )
        for row in rows
    }


async def is_counted(connection: AsyncConnection, tenant_id: str) -> bool:
    """Tells whether all that refers to the tenant's buckets has been counted."""
    query = sa.select(tenants.c.is_counted).where(tenants.c.tenant_id == tenant_id)
    return bool(await connection.scalar(query))


async def drains_under_way(connection: AsyncConnection, tenant_id: str) -> tuple[Drain, ...]:
    """Returns the drains of a tenant that are not over."""
    columns = [drains.c[field.name] for field in fields(Drain)]
    query = sa.select(*columns).where(drains.c.tenant_id == tenant_id, drains.c.state.not_in(OVER))
    rows = (await connection.execute(query.order_by(drains.c.drain_id))).mappings()
    return tuple(Drain(**_named(row)) for row in rows)


def _named(row: sa.RowMapping) -> dict[str, Any]:
    """Returns the fields of a drain by their names."""
    return {**row, "state": DrainState(row["state"])}
