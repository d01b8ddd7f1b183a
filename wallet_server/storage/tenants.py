"""Tenants, each with the epoch of its configuration."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from wallet_server.core.administration.plain import plain_of
from wallet_server.core.administration.tenant import Tenant, TenantSettings
from wallet_server.storage.tables import tenants

FIRST_EPOCH = 1
FIRST_REVISION = 1
SETTINGS = frozenset(field.name for field in fields(TenantSettings))


async def find_epoch(connection: AsyncConnection, tenant_id: str) -> int | None:
    """Returns the tenant's epoch; None if there is no such tenant."""
    query = sa.select(tenants.c.epoch).where(tenants.c.tenant_id == tenant_id)
    return await connection.scalar(query)


async def find(connection: AsyncConnection, tenant_id: str) -> Tenant | None:
    """Returns the tenant; None if there is no such tenant."""
    query = sa.select(tenants).where(tenants.c.tenant_id == tenant_id)
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else tenant_of(row)


async def insert(
    connection: AsyncConnection, tenant_id: str, now: datetime, settings: TenantSettings
) -> Tenant:
    """Makes a tenant, at its first epoch. All that ever refers to its buckets is counted."""
    tenant = Tenant(tenant_id, FIRST_EPOCH, FIRST_REVISION, settings, now)
    row = {
        "tenant_id": tenant_id,
        "epoch": tenant.epoch,
        "revision": tenant.revision,
        "settings": plain_of(settings),
        "create_time": now,
        "is_counted": True,
    }
    await connection.execute(sa.insert(tenants).values(row))
    return tenant


async def raise_epoch(connection: AsyncConnection, tenant_id: str, *, epoch: int) -> None:
    """Moves a tenant from an epoch to the next."""
    result = await connection.execute(
        sa.update(tenants)
        .where(tenants.c.tenant_id == tenant_id, tenants.c.epoch == epoch)
        .values(epoch=epoch + 1)
    )
    assert result.rowcount == 1


async def note_counted(connection: AsyncConnection, tenant_id: str) -> bool:
    """Notes that all that refers to the tenant's buckets was counted. Tells if that is news."""
    result = await connection.execute(
        sa.update(tenants)
        .where(tenants.c.tenant_id == tenant_id, ~tenants.c.is_counted)
        .values(is_counted=True)
    )
    return result.rowcount == 1


def tenant_of(row: "sa.Row[tuple[object, ...]]") -> Tenant:
    """Returns the tenant of a row."""
    return Tenant(
        row.tenant_id, row.epoch, row.revision, settings_of(row.settings), row.create_time
    )


def settings_of(document: Mapping[str, object]) -> TenantSettings:
    """Returns the settings of a document. What an older release left out has its default."""
    known = {name: value for name, value in document.items() if name in SETTINGS}
    return TenantSettings(**known)  # pyright: ignore[reportArgumentType] - `insert` wrote it.
