"""Activates versions."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from wallet_server.core.administration.act import Act
from wallet_server.core.administration.activating import activate_version
from wallet_server.core.administration.change import Change
from wallet_server.core.config.version import VersionRef
from wallet_server.core.refusals import Refusal
from wallet_server.core.refusals.administration import TopologyActivationBlocked
from wallet_server.core.value import value
from wallet_server.execution.administration.circumstances import (
    load_circumstances,
    load_references,
    removed_by,
    statuses_told,
)
from wallet_server.execution.administration.examples import with_examples
from wallet_server.execution.administration.fenced_store import FencedStore
from wallet_server.execution.administration.lookups import (
    accepted,
    change_from,
    find_tenant,
    find_version,
    subject_of,
)
from wallet_server.execution.administration.store import AdminStore, Done
from wallet_server.execution.settings import AdministrationSettings
from wallet_server.storage import tenants, version_writes


@value
class Candidate:
    """What is to be activated, for whom. `is_due`: it was scheduled for now."""

    act: Act
    ref: VersionRef
    etag: str
    is_due: bool = False


class Activator:
    """Activates versions, behind a fence where one is needed."""

    def __init__(
        self, engine: AsyncEngine, store: AdminStore, settings: AdministrationSettings
    ) -> None:
        """Takes what acts are carried out by, and the engine that connections come from."""
        self._engine = engine
        self._store = store
        self._fenced = FencedStore(engine, store, seconds=settings.activation_fence_seconds)
        self._examples_seconds = settings.activation_examples_seconds

    async def activate(self, candidate: Candidate) -> Done:
        """Makes a version the active one, in place of the one before.

        Raises:
            RefusedError: It cannot be.
            ConfigurationChangingError: Somebody else is at it.
            Fault: The database is away, or every attempt ended in a conflict.
        """
        act, subject = candidate.act, subject_of(candidate.ref)
        content = {"version": candidate.ref, "etag": candidate.etag}

        async def work(connection: AsyncConnection, now: datetime) -> Sequence[Change]:
            return await activate_now(connection, now, candidate)

        explain = partial(self._explain, act.tenant_id)
        if act.validate_only or not await self._removes_buckets(candidate):
            return await self._store.run(act, subject, content, work, explain)
        return await self._fenced.run(act, subject, content, work, explain)

    async def _removes_buckets(self, candidate: Candidate) -> bool:
        """Tells whether a version would remove buckets, as things are now."""

        async def look(connection: AsyncConnection, now: datetime) -> bool:
            del now
            tenant = await find_tenant(connection, candidate.act.tenant_id)
            version = await find_version(connection, tenant.tenant_id, candidate.ref)
            return bool(removed_by(version, await load_circumstances(connection, tenant)))

        return await self._store.look(candidate.act, subject_of(candidate.ref), look)

    async def _explain(self, tenant_id: str, refusal: Refusal) -> Refusal:
        """Returns a refusal with examples of what is in the way."""
        if not isinstance(refusal, TopologyActivationBlocked):
            return refusal
        seconds = self._examples_seconds
        return await with_examples(self._engine, refusal, tenant_id=tenant_id, seconds=seconds)


async def activate_now(
    connection: AsyncConnection, now: datetime, candidate: Candidate
) -> Sequence[Change]:
    """Judges a version by all there is, and activates it under a new epoch.

    Raises:
        RefusedError: It cannot be.
    """
    act = candidate.act
    tenant = await find_tenant(connection, act.tenant_id)
    version = await find_version(connection, act.tenant_id, candidate.ref)
    around = await load_circumstances(connection, tenant)
    removed = removed_by(version, around)
    references = await load_references(connection, act.tenant_id, removed)
    outcome = accepted(
        activate_version(
            version,
            act,
            candidate.etag,
            replace(around, references=references),
            now=now,
            is_due=candidate.is_due,
        )
    )
    told = await statuses_told(connection, act.tenant_id, around.topology(), version.value)
    changes = [change_from(version, outcome.activated, told)]
    if outcome.superseded is not None:
        before = around.active_like(version.value)
        assert before is not None
        await version_writes.update(connection, outcome.superseded)
        changes.append(change_from(before, outcome.superseded))
    await version_writes.update(connection, outcome.activated)
    await tenants.raise_epoch(connection, act.tenant_id, epoch=tenant.epoch)
    return changes
