"""Acts on tenants, and reads of them."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from wallet_server.core.administration.act import Act
from wallet_server.core.administration.audit_record import Resource, ResourceKind
from wallet_server.core.administration.change import Change
from wallet_server.core.administration.granting import Granter
from wallet_server.core.administration.tenant import Provider, Tenant, TenantSettings
from wallet_server.core.administration.tenants import (
    new_tenant,
    plain_tenant,
    resource_of_tenant,
    tenant_of_plain,
    with_settings,
)
from wallet_server.core.refusals.access import TenantNotAllowed
from wallet_server.core.refusals.administration import TenantExists
from wallet_server.core.value import value
from wallet_server.execution.administration.lookups import accepted, find_tenant
from wallet_server.execution.administration.reading import reading
from wallet_server.execution.administration.store import AdminStore, Work
from wallet_server.execution.errors import RefusedError
from wallet_server.storage import tenant_lists
from wallet_server.storage import tenants as stored


@value
class TenantView:
    """A tenant, and whether it is configured now. `replayed`: the act was carried out before."""

    tenant: Tenant
    is_configured: bool
    replayed: bool = False


class Tenants:
    """Makes tenants, changes their settings and lists them.

    Each method may raise `RefusedError`, or a `Fault`.
    """

    def __init__(self, engine: AsyncEngine, now: Callable[[], datetime]) -> None:
        """Takes the engine that connections come from. `now` tells the time."""
        self._engine = engine
        self._store = AdminStore(engine, now)

    async def create(self, act: Act, settings: TenantSettings, granter: Granter) -> TenantView:
        """Makes the tenant of an act, without a configuration."""

        async def work(connection: AsyncConnection, now: datetime) -> Sequence[Change]:
            if not granter.is_for_every_tenant:
                raise RefusedError(TenantNotAllowed())
            if await stored.find_epoch(connection, act.tenant_id) is not None:
                raise RefusedError(TenantExists(act.tenant_id))
            made = accepted(new_tenant(act.tenant_id, settings, now))
            await stored.insert(connection, act.tenant_id, now, settings)
            return [Change(resource_of_tenant(made), plain_tenant(made))]

        return await self._run(act, {"settings": settings}, work)

    async def update(self, act: Act, etag: str, settings: TenantSettings) -> TenantView:
        """Replaces the settings of the tenant of an act."""

        async def work(connection: AsyncConnection, now: datetime) -> Sequence[Change]:
            del now
            before = await find_tenant(connection, act.tenant_id)
            after = accepted(with_settings(before, etag, settings))
            await tenant_lists.write_settings(connection, after)
            return [Change(resource_of_tenant(after), plain_tenant(after), plain_tenant(before))]

        return await self._run(act, {"settings": settings, "etag": etag}, work)

    async def _run(self, act: Act, content: dict[str, object], work: Work) -> TenantView:
        subject = Resource(ResourceKind.TENANT, act.tenant_id)
        done = await self._store.run(act, subject, content, work)
        tenant = tenant_of_plain(done.after)
        async with reading(self._engine) as connection:
            found = await tenant_lists.configured(connection, [act.tenant_id])
        return TenantView(tenant, bool(found), done.replayed)

    async def get(self, tenant_id: str) -> TenantView:
        """Returns a tenant."""
        async with reading(self._engine) as connection:
            tenant = await find_tenant(connection, tenant_id)
            found = await tenant_lists.configured(connection, [tenant_id])
        return TenantView(tenant, bool(found))

    async def page(self, granter: Granter, *, after: str, limit: int) -> list[TenantView]:
        """Returns the tenants that somebody may name, by id, of those after one."""
        only = None if granter.is_for_every_tenant else granter.tenants
        async with reading(self._engine) as connection:
            found = await tenant_lists.page(connection, only, after=after, limit=limit)
            ids = [tenant.tenant_id for tenant in found]
            configured = await tenant_lists.configured(connection, ids)
        return [TenantView(tenant, tenant.tenant_id in configured) for tenant in found]

    async def providers(self, tenant_id: str, *, after: str, limit: int) -> list[Provider]:
        """Returns the providers of a tenant with active profiles, by id, of those after one."""
        async with reading(self._engine) as connection:
            found = await tenant_lists.providers(connection, tenant_id, after=after, limit=limit)
            if not found:
                await find_tenant(connection, tenant_id)
        return found
