"""Puts refused calls on record, behind them: no call ever waits for it.

What a caller may not do is refused before anything is read, so that asking for it costs the server
next to nothing. Its record must not cost more: it goes into a queue, and a task writes what is in
there together. Whoever asks faster than that is written loses records, and never calls; how many
is counted and logged.
"""

import asyncio
import logging
import re
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from wallet_server.core.administration.act import WHOLE_INSTALLATION, Act
from wallet_server.core.administration.audit_record import (
    AuditOutcome,
    AuditRecord,
    Resource,
    ResourceKind,
)
from wallet_server.core.administration.plain import plain_refusal
from wallet_server.core.refusals import Refusal
from wallet_server.core.refusals.access import CredentialsInvalid, CredentialsMissing
from wallet_server.execution.administration.attempts import run_again
from wallet_server.execution.administration.audit_statistics import AuditStatistics
from wallet_server.execution.errors import Fault
from wallet_server.execution.id_source import new_id
from wallet_server.storage import audit_pages, audit_records

logger = logging.getLogger(__name__)

QUEUE_MAX = 2_000
"""Refused calls that wait to be written."""

BATCH_MAX = 200
"""Those written together."""

UNKNOWN_MAX = 60
"""Calls of callers that nobody knows that are put on record in a minute: anybody can make some."""

TEXT_MAX = 512
"""Characters of a text of a call that are kept: no right call has more."""

UNKNOWN_CALLER = (CredentialsMissing, CredentialsInvalid)

A_CALL = Resource(ResourceKind.CALL, "")

TENANT_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")

PAUSE_SECONDS = 0.5
"""Between two attempts to write while the database is away."""


class Allowance:
    """So many a minute, by the clock."""

    def __init__(self, per_minute: int) -> None:
        """Has all of it left."""
        self._per_minute = per_minute
        self._minute: datetime | None = None
        self._taken_count = 0

    def take(self, now: datetime) -> bool:
        """Takes one of the minute's, and tells whether there was one. The last is told once."""
        minute = now.replace(second=0, microsecond=0)
        if minute != self._minute:
            self._minute, self._taken_count = minute, 0
        self._taken_count += 1
        if self._taken_count == self._per_minute + 1:
            logger.warning(
                "calls of unknown callers are lost to the record: more than %d in a minute",
                self._per_minute,
            )
        return self._taken_count <= self._per_minute


class AuditLog:
    """Takes refused calls, and writes them down later."""

    def __init__(
        self, engine: AsyncEngine, now: Callable[[], datetime], *, queue_max: int = QUEUE_MAX
    ) -> None:
        """Writes nothing until it is started. `now` tells the time."""
        assert queue_max > 0
        self._engine = engine.execution_options(isolation_level="SERIALIZABLE")
        self._now = now
        self._queue_max = queue_max
        self._queue: deque[AuditRecord] = deque()
        self._has_some = asyncio.Event()
        self._stopping = asyncio.Event()
        self._running: asyncio.Task[None] | None = None
        self._is_full = False
        self._unknown = Allowance(UNKNOWN_MAX)
        self.statistics = AuditStatistics()

    @property
    def waiting_count(self) -> int:
        """How many refused calls are not written yet."""
        return len(self._queue)

    def refused(self, act: Act, refusal: Refusal, resource: Resource = A_CALL) -> None:
        """Takes note of a call that was refused. It never waits, and never fails."""
        now = self._now()
        if isinstance(refusal, UNKNOWN_CALLER) and not self._unknown.take(now):
            self.statistics.lost += 1
            return
        if len(self._queue) >= self._queue_max:
            self.statistics.lost += 1
            if not self._is_full:
                self._is_full = True
                logger.error("refused calls are lost to the record: the queue is full")
            return
        self._queue.append(record_of_call(act, refusal, now, resource))
        self._has_some.set()

    def start(self) -> None:
        """Begins to write."""
        self._running = asyncio.create_task(self._run())

    async def finish(self) -> None:
        """Writes what is there, and stops. What the database does not take is lost, and logged."""
        self._stopping.set()
        self._has_some.set()
        if self._running is not None:
            await self._running

    async def _run(self) -> None:
        while not self._stopping.is_set():
            await self._has_some.wait()
            if not await self._write_all():
                await self._pause()
        if not await self._write_all():
            self.statistics.lost += len(self._queue)
            logger.error("refused calls are lost to the record: %d", len(self._queue))
            self._queue.clear()

    async def _write_all(self) -> bool:
        """Writes until nothing is left, or the database is away, and tells which."""
        while self._queue:
            batch = [self._queue[index] for index in range(min(BATCH_MAX, len(self._queue)))]
            try:
                await run_again(lambda: self._write(batch))  # noqa: B023 - awaited here.
            except Exception as error:  # noqa: BLE001 - whatever it is, it is tried again.
                tell_of_trouble(error)
                return False
            for _ in batch:
                self._queue.popleft()
            self.statistics.written += len(batch)
            self._is_full = False
        self._has_some.clear()
        return True

    async def _write(self, batch: list[AuditRecord]) -> None:
        """Writes what is not written: an attempt whose connection was lost may have been."""
        async with self._engine.begin() as connection:
            known = await audit_pages.find_known(connection, batch)
            new = [record for record in batch if record.record_id not in known]
            if new:
                await audit_records.insert(connection, new, UUID(new_id()))

    async def _pause(self) -> None:
        """Waits a little; less if it is to stop."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), PAUSE_SECONDS)


def record_of_call(
    act: Act, refusal: Refusal, now: datetime, resource: Resource = A_CALL
) -> AuditRecord:
    """Returns the record of a refused call, of whose texts nothing is known."""
    is_tenant = TENANT_ID.fullmatch(act.tenant_id) is not None
    return AuditRecord(
        tenant_id=act.tenant_id if is_tenant else WHOLE_INSTALLATION,
        record_id=UUID(new_id()),
        record_time=now,
        actor=act.actor,
        method=act.method,
        resource=replace(resource, resource_id=as_kept(resource.resource_id)),
        outcome=AuditOutcome.REFUSED,
        credential_id=act.credential_id,
        peer=act.peer,
        request_id=as_kept(act.request_id),
        refusal=plain_refusal(refusal),
        reason=as_kept(act.reason),
        correlation_id=as_kept(act.correlation_id),
    )


def as_kept(text: str) -> str:
    """Returns of a text what the database takes: one record must not keep others from it."""
    return text[:TEXT_MAX].replace("\0", "\ufffd")


def tell_of_trouble(error: Exception) -> None:
    """Logs why refused calls are not on record yet."""
    if isinstance(error, Fault):
        logger.warning("refused calls wait for their record: %s", type(error).__name__)
    else:
        logger.error("refused calls could not be put on record", exc_info=error)
