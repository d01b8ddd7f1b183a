"""Activates scheduled versions when their time has come: each once, whichever server does it.

What makes it once is the version itself, which is SCHEDULED at that revision or not any more; a
lease only keeps servers from meeting. One that no longer fits what is active by then goes back to
APPROVED, for persons to look at.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from wallet_server.core.administration.act import Act
from wallet_server.core.administration.audit_record import Resource, ResourceKind
from wallet_server.core.administration.change import Change
from wallet_server.core.administration.version_plain import resource_id_of
from wallet_server.core.administration.versions import unschedule_version
from wallet_server.core.commands.actor import Actor
from wallet_server.core.config.version import VersionState
from wallet_server.core.refusals import Refusal
from wallet_server.execution.administration.activator import Candidate, activate_now
from wallet_server.execution.administration.lookups import (
    accepted,
    change_from,
    find_tenant,
    find_version,
    subject_of,
)
from wallet_server.execution.administration.store import AdminStore
from wallet_server.execution.errors import RefusedError
from wallet_server.storage import audit_records, version_writes, versions
from wallet_server.storage.versions import DueVersion

logger = logging.getLogger(__name__)

SCHEDULER = Actor("scheduler")
ACTIVATE, UNSCHEDULE = "Scheduler.Activate", "Scheduler.Unschedule"
PAGE_VERSIONS = 100


class Scheduler:
    """Activates what is due."""

    def __init__(self, engine: AsyncEngine, now: Callable[[], datetime]) -> None:
        """Takes the engine that connections come from. `now` tells the time."""
        self._engine = engine.execution_options(isolation_level="READ COMMITTED")
        self._store = AdminStore(engine, now)
        self._now = now

    async def due(self) -> list[DueVersion]:
        """Returns versions that are due, those that have waited longest first."""
        async with self._engine.connect() as connection:
            found = await versions.due(connection, self._now(), limit=PAGE_VERSIONS)
            return [await in_its_flow(connection, each) for each in found]

    async def activate(self, due: DueVersion) -> None:
        """Activates a version, or gives it back. Does nothing if somebody else has done either.

        Raises:
            Fault: The database is away, or every attempt ended in a conflict.
        """
        act = act_of(ACTIVATE, due)

        async def work(connection: AsyncConnection, now: datetime) -> Sequence[Change]:
            if not await is_still_due(connection, due):
                return []
            candidate = Candidate(act, due.ref, str(due.revision), is_due=True)
            return await activate_now(connection, now, candidate)

        try:
            done = await self._store.run(act, subject_of(due.ref), {}, work)
        except RefusedError as error:
            await self._give_back(due, error.refusal)
            return
        if done.after and not done.replayed:
            logger.info("activated a scheduled version", extra=named(due))

    async def _give_back(self, due: DueVersion, refusal: Refusal) -> None:
        """Lets a version that no longer fits be approved, and no more."""
        told = {**named(due), "reason": refusal.reason, "details": refusal.details()}
        logger.warning("a scheduled version does not fit, and was unscheduled", extra=told)
        act = act_of(UNSCHEDULE, due)

        async def work(connection: AsyncConnection, now: datetime) -> Sequence[Change]:
            if not await is_still_due(connection, due):
                return []
            tenant = await find_tenant(connection, due.tenant_id)
            before = await find_version(connection, due.tenant_id, due.ref)
            after = accepted(
                unschedule_version(before, act, str(due.revision), tenant.settings, now=now)
            )
            await version_writes.update(connection, after)
            return [change_from(before, after)]

        await self._store.run(act, subject_of(due.ref), {}, work)


async def in_its_flow(connection: AsyncConnection, due: DueVersion) -> DueVersion:
    """Returns a version with the correlation id of the act that scheduled it."""
    resource = Resource(ResourceKind(due.ref.kind), resource_id_of(due.ref), due.revision)
    flow = await audit_records.find_flow(connection, due.tenant_id, resource)
    return replace(due, correlation_id=flow)


async def is_still_due(connection: AsyncConnection, due: DueVersion) -> bool:
    """Tells whether nobody has changed a version since it was found to be due."""
    version = await find_version(connection, due.tenant_id, due.ref)
    return version.state is VersionState.SCHEDULED and version.revision == due.revision


def act_of(method: str, due: DueVersion) -> Act:
    """Returns the act of the scheduler on a version. All servers have the same.

    Its request_id has spaces, which those of callers cannot have. It belongs to the flow of work
    of the act that scheduled the version.
    """
    ref = due.ref
    request_id = f"{method} {ref.kind.value} {resource_id_of(ref)} {due.revision}"
    return Act(
        due.tenant_id,
        request_id,
        method,
        SCHEDULER,
        reason="its time has come",
        correlation_id=due.correlation_id,
    )


def named(due: DueVersion) -> dict[str, str]:
    """Returns what a version is called in logs."""
    return {
        "tenant_id": due.tenant_id,
        "kind": due.ref.kind.value,
        "version": resource_id_of(due.ref),
    }
