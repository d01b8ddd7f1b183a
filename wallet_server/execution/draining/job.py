"""Goes on with every drain that is under way, page by page, until nothing is left.

A pass looks through all wallets. What a pass could not empty, the next tries again; a drain is
done when a pass has found nothing to do and met no trouble. After every page it is noted how far
the job is, so that any process can go on from there. A page that was not noted is done again, and
its wallets answer as they did: they know the drain, the pass, and that it was done.

Callers come first: only some commands are in the engine at once, one by one where callers
wait, and none where a queue is full.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncEngine

from wallet_server.core.administration.act import Act
from wallet_server.core.administration.drain import Drain
from wallet_server.core.administration.drain_plain import resource_of_drain
from wallet_server.core.commands.actor import Actor
from wallet_server.core.ids import WalletRef
from wallet_server.execution.administration.buckets import BucketAdmin
from wallet_server.execution.draining.pages import (
    PageCount,
    advanced,
    next_pass,
    progressed,
    request_id_of,
    submission_of,
)
from wallet_server.execution.draining.place import DrainPlace, place_of
from wallet_server.execution.due_work.retries import growing_pause
from wallet_server.execution.errors import NO_FAULT_OF_ONE, RefusedError
from wallet_server.execution.executor import Executor
from wallet_server.execution.held_back import HeldBack
from wallet_server.execution.lease import Lease
from wallet_server.execution.settings import DrainingSettings
from wallet_server.storage import audit_records, drains
from wallet_server.storage.drain_pages import load_page
from wallet_server.storage.readers import Readers

logger = logging.getLogger(__name__)

JOB = Actor("draining")
"""Who ends a drain that has found nothing left."""


class DrainJob:
    """Empties buckets, and remembers which drains must wait as they met trouble."""

    def __init__(
        self,
        executor: Executor,
        readers: Readers,
        engine: AsyncEngine,
        lease: Lease,
        settings: DrainingSettings,
        now: Callable[[], datetime],
        stopping: asyncio.Event,
    ) -> None:
        """Submits nothing more once `stopping` is set. `now` is the executor's clock."""
        self._executor = executor
        self._readers = readers
        self._engine = engine
        self._lease = lease
        self._settings = settings
        self._now = now
        self._stopping = stopping
        self._admin = BucketAdmin(engine, now)
        self._waits: dict[str, tuple[int, float]] = {}

    async def work(self) -> None:
        """Goes on with each drain as far as it gets now. What befalls one is no matter to others.

        Raises:
            Fault: The engine has no room, or the database is away.
            OSError: The database cannot be reached; or what asyncpg or SQLAlchemy raise.
        """
        if not await self._lease.take():
            return
        async with self._engine.connect() as connection:
            under_way = await drains.running(connection)
        names = {drain.drain_id for drain, _ in under_way}
        self._waits = {name: wait for name, wait in self._waits.items() if name in names}
        with HeldBack() as held_back:
            for drain, document in under_way:
                if not self._must_wait(drain):
                    with held_back.one():
                        await self._empty(drain, place_of(document))

    async def _flow_of(self, drain: Drain) -> str:
        """Returns the correlation id of the act that let a drain begin, or that asked for it."""
        async with self._engine.connect() as connection:
            resource = resource_of_drain(drain)
            return await audit_records.find_flow(connection, drain.tenant_id, resource)

    async def _empty(self, drain: Drain, place: DrainPlace) -> None:
        """Does pages until the drain is done or must wait, or somebody else is at it."""
        flow = await self._flow_of(drain)
        while not self._stopping.is_set():
            async with self._readers.acquire() as connection:
                page = await load_page(
                    connection,  # pyright: ignore[reportArgumentType] - a pool lends proxies.
                    drain.tenant_id,
                    drain.bucket,
                    request_id=request_id_of(drain, place),
                    after=place.after,
                    limit=self._settings.draining_page_wallets,
                )
            if page.end is None:
                if not await self._end_pass(drain, place, flow):
                    return
                place = next_pass(place)
                continue
            count = PageCount()
            if not await self._submit(drain, place, page.wallets, count, flow):
                return
            drain = progressed(drain, place, count, self._now())
            after = advanced(place, count, page.end)
            if not await self._note(drain, place, after):
                return
            place = after

    async def _submit(
        self,
        drain: Drain,
        place: DrainPlace,
        wallets: tuple[WalletRef, ...],
        count: PageCount,
        flow: str,
    ) -> bool:
        """Submits for the wallets of a page, a few at a time. Tells whether it came to the end."""
        begun_count = 0
        while begun_count < len(wallets):
            if self._stopping.is_set() or not await self._lease.take():
                return False
            at_once = 1 if self._executor.is_busy else self._settings.draining_commands_max
            some = wallets[begun_count : begun_count + at_once]
            answers = await self._executor.submit_all(
                [submission_of(drain, each, place, flow) for each in some]
            )
            for answer in answers:
                if isinstance(answer, NO_FAULT_OF_ONE):
                    raise answer
            count.take(answers)
            begun_count += at_once
        return True

    async def _end_pass(self, drain: Drain, place: DrainPlace, flow: str) -> bool:
        """Ends a pass. Tells whether the next one begins at once."""
        if not (place.drained_count or drain.failed_count):
            await self._finish(drain, flow)
            return False
        if not await self._note(drain, place, next_pass(place)):
            return False
        if not drain.failed_count:
            return True
        self._wait(drain, place)
        return False

    async def _note(self, drain: Drain, place: DrainPlace, after: DrainPlace) -> bool:
        """Notes how far it is. Tells whether nobody else has got further, or ended it."""
        async with self._engine.begin() as connection:
            return await drains.note_progress(
                connection, drain, after.as_document(), step=place.step
            )

    async def _finish(self, drain: Drain, flow: str) -> None:
        """Ends a drain that has found nothing left. Somebody may just have cancelled it."""
        request_id = f"drain {drain.drain_id} done"
        act = Act(drain.tenant_id, request_id, "Draining.Finish", JOB, correlation_id=flow)
        try:
            await self._admin.finish_drain(act, drain.drain_id)
        except RefusedError as error:
            logger.info("a drain was not ended: %s", error.refusal.reason)

    def _wait(self, drain: Drain, place: DrainPlace) -> None:
        """Lets a drain wait after a pass: longer each time, if wallets refused to be drained.

        Faults pass by themselves, and others are in the way most when they are busy.
        """
        times = self._waits.get(drain.drain_id, (0, 0.0))[0] if place.refused_count else 0
        pause = growing_pause(
            self._settings.draining_interval_seconds,
            self._settings.draining_pause_seconds_max,
            times,
        )
        self._waits[drain.drain_id] = (times + 1, seconds() + pause)
        extra = {"drain_id": drain.drain_id, "failed": drain.failed_count, "said": drain.trouble}
        logger.warning("a drain waits for wallets that failed", extra=extra)

    def _must_wait(self, drain: Drain) -> bool:
        _, until_seconds = self._waits.get(drain.drain_id, (0, 0.0))
        return seconds() < until_seconds


def seconds() -> float:
    """Returns the time of the loop's clock, which never goes back."""
    return asyncio.get_running_loop().time()
