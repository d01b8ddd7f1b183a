"""Tenants for those who administer them: pages, settings, and whether they are configured."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from wallet_server.core.administration.plain import plain_of
from wallet_server.core.administration.tenant import Provider, Tenant
from wallet_server.core.config.version import VersionState
from wallet_server.storage.tables import (
    policies,
    provider_profiles,
    tenants,
    topologies,
    wallet_policies,
)
from wallet_server.storage.tenants import tenant_of


async def write_settings(connection: AsyncConnection, tenant: Tenant) -> None:
    """Stores the settings of a tenant, as its next revision."""
    result = await connection.execute(
        sa.update(tenants)
        .where(tenants.c.tenant_id == tenant.tenant_id)
        .where(tenants.c.revision == tenant.revision - 1)
        .values(settings=plain_of(tenant.settings), revision=tenant.revision)
    )
    assert result.rowcount == 1


async def page(
    connection: AsyncConnection, only: Collection[str] | None, *, after: str, limit: int
) -> list[Tenant]:
    """Returns tenants by id, of those after one; `only` some of all, unless it is none."""
    query = sa.select(tenants).where(tenants.c.tenant_id > after)
    if only is not None:
        query = query.where(tenants.c.tenant_id.in_(only))
    rows = await connection.execute(query.order_by(tenants.c.tenant_id).limit(limit))
    return [tenant_of(row) for row in rows]


async def configured(connection: AsyncConnection, tenant_ids: Collection[str]) -> frozenset[str]:
    """Returns which of some tenants have an active topology and an active wallet policy."""
    found = [
        frozenset(
            await connection.scalars(
                sa.select(table.c.tenant_id).where(
                    table.c.tenant_id.in_(tenant_ids), table.c.state == VersionState.ACTIVE
                )
            )
        )
        for table in (topologies, wallet_policies)
    ]
    return found[0] & found[1]


async def missing(connection: AsyncConnection, tenant_ids: Collection[str]) -> list[str]:
    """Returns which of some tenants there are not, by id."""
    query = sa.select(tenants.c.tenant_id).where(tenants.c.tenant_id.in_(tenant_ids))
    return sorted(set(tenant_ids) - set(await connection.scalars(query)))


async def providers(
    connection: AsyncConnection, tenant_id: str, *, after: str, limit: int
) -> list[Provider]:
    """Returns the providers of a tenant with active profiles, by id, of those after one."""
    profiles, active = provider_profiles.c, VersionState.ACTIVE
    provider_type = profiles.document["provider_type"].astext
    is_its_policy = sa.and_(
        policies.c.tenant_id == profiles.tenant_id,
        policies.c.state == active,
        policies.c.provider_type == provider_type,
    )
    query = (
        sa.select(
            profiles.provider_id,
            provider_type,
            profiles.version,
            sa.func.coalesce(policies.c.version, 0),
        )
        .select_from(provider_profiles.outerjoin(policies, is_its_policy))
        .where(profiles.tenant_id == tenant_id, profiles.state == active)
        .where(profiles.provider_id > after)
        .order_by(profiles.provider_id)
        .limit(limit)
    )
    return [Provider(*row) for row in await connection.execute(query)]
