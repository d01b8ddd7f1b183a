"""Acts on buckets that are to go: they are emptied, by a job that two persons ask for."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from wallet_server.core.administration import bucket_state, drains
from wallet_server.core.administration.act import Act
from wallet_server.core.administration.audit_record import Resource, ResourceKind
from wallet_server.core.administration.bucket_state import BucketState
from wallet_server.core.administration.change import Change
from wallet_server.core.administration.drain import Drain
from wallet_server.core.administration.drain_plain import (
    drain_of,
    plain_drain,
    plain_state,
    resource_of_drain,
    resource_of_state,
    state_of,
)
from wallet_server.core.administration.tenant import Tenant
from wallet_server.core.config.topology import Topology
from wallet_server.core.config.version import VersionState
from wallet_server.core.events.of_buckets import status_events
from wallet_server.core.refusals import Refusal, TenantNotFound
from wallet_server.core.refusals.administration import BucketUnknown, DrainNotFound
from wallet_server.core.value import value
from wallet_server.execution.administration.lookups import accepted, find_tenant
from wallet_server.execution.administration.reading import reading
from wallet_server.execution.administration.store import AdminStore
from wallet_server.execution.errors import RefusedError
from wallet_server.execution.id_source import new_id
from wallet_server.storage import bucket_statuses, tenants, versions
from wallet_server.storage import drains as stored

Step: TypeAlias = Callable[[AsyncConnection, Tenant, Drain, datetime], Awaitable[Drain | Refusal]]
"""What an act makes of a drain that is there."""


@value
class BucketChange:
    """The state of a bucket as an act has left it. `replayed`: it was carried out before."""

    state: BucketState
    replayed: bool = False


@value
class DrainChange:
    """A drain as an act has left it. `replayed`: it was carried out before."""

    drain: Drain
    replayed: bool = False


class BucketAdmin:
    """Acts on the statuses of buckets, and on drains.

    Each method may raise `RefusedError`, or a `Fault`. An `etag` is the revision of the state or
    the drain as the caller knows it.
    """

    def __init__(self, engine: AsyncEngine, now: Callable[[], datetime]) -> None:
        """Takes the engine that connections come from. `now` tells the time."""
        self._engine = engine
        self._store = AdminStore(engine, now)

    async def start_draining(self, act: Act, bucket: str, etag: str = "") -> BucketChange:
        """Lets a bucket take nothing but what bets, refunds and reversals give back."""

        async def work(connection: AsyncConnection, now: datetime) -> Sequence[Change]:
            tenant = await find_tenant(connection, act.tenant_id)
            topology = await load_topology(connection, act.tenant_id, bucket)
            known = await bucket_statuses.find(connection, act.tenant_id, bucket)
            state = accepted(
                bucket_state.start_draining(known, act, bucket, etag, topology, now=now)
            )
            return [await put_state(connection, tenant, topology, known, state)]

        return await self._set(act, bucket, etag, work)

    async def stop_draining(self, act: Act, bucket: str, etag: str = "") -> BucketChange:
        """Lets a bucket take everything again."""

        async def work(connection: AsyncConnection, now: datetime) -> Sequence[Change]:
            tenant = await find_tenant(connection, act.tenant_id)
            topology = await load_topology(connection, act.tenant_id, bucket)
            known = await bucket_statuses.find(connection, act.tenant_id, bucket)
            under_way = await stored.find_open(connection, act.tenant_id, bucket)
            state = accepted(
                bucket_state.stop_draining(known, act, bucket, etag, topology, under_way, now=now)
            )
            return [await put_state(connection, tenant, topology, known, state)]

        return await self._set(act, bucket, etag, work)

    async def drain_bucket(self, act: Act, bucket: str, successor: str) -> DrainChange:
        """Asks for a drain, which waits for a second person."""
        drain_id = new_id()

        async def work(connection: AsyncConnection, now: datetime) -> Sequence[Change]:
            tenant = await find_tenant(connection, act.tenant_id)
            topology = await load_drained_topology(connection, act.tenant_id, bucket)
            under_way = await stored.find_open(connection, act.tenant_id, bucket)
            asked = drains.new_drain(act, drain_id, bucket, successor, now)
            drain = accepted(drains.ask_for_drain(act, asked, topology, under_way, tenant.settings))
            await stored.insert(connection, drain)
            return [Change(resource_of_drain(drain), plain_drain(drain))]

        content = {"bucket": bucket, "successor": successor}
        done = await self._store.run(act, Resource(ResourceKind.DRAIN, ""), content, work)
        return DrainChange(drain_of(done.after), done.replayed)

    async def approve_drain(self, act: Act, drain_id: str, etag: str) -> DrainChange:
        """Lets a drain begin that somebody else has asked for."""

        async def step(
            connection: AsyncConnection, tenant: Tenant, drain: Drain, now: datetime
        ) -> Drain | Refusal:
            topology = await load_drained_topology(connection, act.tenant_id, drain.bucket)
            return drains.approve_drain(drain, act, etag, topology, tenant.settings, now=now)

        return await self._change(act, drain_id, {"etag": etag}, step)

    async def cancel_drain(self, act: Act, drain_id: str, etag: str) -> DrainChange:
        """Ends a drain that is not over."""

        async def step(
            _connection: AsyncConnection, tenant: Tenant, drain: Drain, now: datetime
        ) -> Drain | Refusal:
            return drains.cancel_drain(drain, act, etag, tenant.settings, now=now)

        return await self._change(act, drain_id, {"etag": etag}, step)

    async def finish_drain(self, act: Act, drain_id: str) -> DrainChange:
        """Ends a drain that has found nothing left. For its job alone."""

        async def step(
            _connection: AsyncConnection, _tenant: Tenant, drain: Drain, now: datetime
        ) -> Drain | Refusal:
            return drains.finish_drain(drain, now=now)

        return await self._change(act, drain_id, {}, step)

    async def find_drain(self, tenant_id: str, drain_id: str) -> Drain:
        """Returns a drain, and how far it is."""
        async with reading(self._engine) as connection:
            found = await stored.find(connection, tenant_id, drain_id)
            if found is None:
                await find_tenant(connection, tenant_id)
                raise RefusedError(DrainNotFound(tenant_id, drain_id))
            return found

    async def list_drains(
        self, tenant_id: str, *, before: stored.Place | None = None, limit: int
    ) -> list[Drain]:
        """Returns the newest drains, of those before a place."""
        async with reading(self._engine) as connection:
            found = await stored.page(connection, tenant_id, before=before, limit=limit)
            if not found and await tenants.find_epoch(connection, tenant_id) is None:
                raise RefusedError(TenantNotFound(tenant_id))
            return found

    async def bucket_states(self, tenant_id: str) -> list[BucketState]:
        """Returns all that was set for buckets of a tenant, by their codes."""
        async with reading(self._engine) as connection:
            return await bucket_statuses.of_tenant(connection, tenant_id)

    async def _set(
        self,
        act: Act,
        bucket: str,
        etag: str,
        work: Callable[[AsyncConnection, datetime], Awaitable[Sequence[Change]]],
    ) -> BucketChange:
        """Sets the status of a bucket."""
        subject = Resource(ResourceKind.BUCKET_STATUS, bucket)
        done = await self._store.run(act, subject, {"bucket": bucket, "etag": etag}, work)
        return BucketChange(state_of(done.after), done.replayed)

    async def _change(
        self, act: Act, drain_id: str, said: Mapping[str, object], step: Step
    ) -> DrainChange:
        """Makes of a drain what a step makes of it."""

        async def work(connection: AsyncConnection, now: datetime) -> Sequence[Change]:
            tenant = await find_tenant(connection, act.tenant_id)
            before = await stored.find(connection, act.tenant_id, drain_id)
            if before is None:
                raise RefusedError(DrainNotFound(act.tenant_id, drain_id))
            after = accepted(await step(connection, tenant, before, now))
            await stored.update(connection, after)
            return [Change(resource_of_drain(after), plain_drain(after), plain_drain(before))]

        subject = Resource(ResourceKind.DRAIN, drain_id)
        done = await self._store.run(act, subject, {"drain_id": drain_id, **said}, work)
        return DrainChange(drain_of(done.after), done.replayed)


async def put_state(
    connection: AsyncConnection,
    tenant: Tenant,
    topology: Topology,
    known: BucketState | None,
    state: BucketState,
) -> Change:
    """Keeps the state of a bucket, from which on commands go by it."""
    was = await bucket_statuses.draining(connection, tenant.tenant_id)
    await bucket_statuses.put(connection, state)
    await tenants.raise_epoch(connection, tenant.tenant_id, epoch=tenant.epoch)
    now = await bucket_statuses.draining(connection, tenant.tenant_id)
    told = tuple(status_events(topology.with_draining(was), topology.with_draining(now)))
    before = None if known is None else plain_state(known)
    return Change(resource_of_state(state), plain_state(state), before, told)


async def load_topology(connection: AsyncConnection, tenant_id: str, bucket: str) -> Topology:
    """Returns the active topology as its version says it.

    Raises:
        RefusedError: There is none, and so no such bucket.
    """
    for each in await versions.in_state(connection, tenant_id, VersionState.ACTIVE):
        if isinstance(each.value, Topology):
            return each.value
    raise RefusedError(BucketUnknown(tenant_id, bucket))


async def load_drained_topology(
    connection: AsyncConnection, tenant_id: str, bucket: str
) -> Topology:
    """Returns the active topology with the buckets DRAINING that are.

    Raises:
        RefusedError: There is none, and so no such bucket.
    """
    topology = await load_topology(connection, tenant_id, bucket)
    return topology.with_draining(await bucket_statuses.draining(connection, tenant_id))
