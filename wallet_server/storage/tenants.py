"""Tenants, each with the epoch of its configuration."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from wallet_server.storage.tables import tenants

FIRST_EPOCH = 1


async def find_epoch(connection: AsyncConnection, tenant_id: str) -> int | None:
    """Returns the tenant's epoch; None if there is no such tenant."""
    query = sa.select(tenants.c.epoch).where(tenants.c.tenant_id == tenant_id)
    return await connection.scalar(query)


async def insert(connection: AsyncConnection, tenant_id: str, now: datetime) -> None:
    """Makes a tenant, at its first epoch."""
    row = {"tenant_id": tenant_id, "epoch": FIRST_EPOCH, "create_time": now}
    await connection.execute(sa.insert(tenants).values(row))


async def raise_epoch(connection: AsyncConnection, tenant_id: str, *, epoch: int) -> None:
    """Moves a tenant from an epoch to the next."""
    result = await connection.execute(
        sa.update(tenants)
        .where(tenants.c.tenant_id == tenant_id, tenants.c.epoch == epoch)
        .values(epoch=epoch + 1)
    )
    assert result.rowcount == 1
