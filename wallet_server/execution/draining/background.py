"""Empties buckets for drains that are under way. Any number of servers may do so at once."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncEngine

from wallet_server.execution.draining.job import DrainJob
from wallet_server.execution.due_work.retries import growing_pause
from wallet_server.execution.errors import Fault, OverloadedError
from wallet_server.execution.executor import Executor
from wallet_server.execution.lease import Lease
from wallet_server.execution.settings import DrainingSettings
from wallet_server.storage.readers import Readers
from wallet_server.storage.troubles import Trouble, trouble_of

logger = logging.getLogger(__name__)

DRAINING_LEASE = "draining"


class Draining:
    """Looks for drains again and again, with a pause in between."""

    def __init__(
        self,
        executor: Executor,
        readers: Readers,
        engine: AsyncEngine,
        lease: Lease,
        settings: DrainingSettings,
        now: Callable[[], datetime],
    ) -> None:
        """Does nothing until it is started. `now` is the executor's clock."""
        self._settings = settings
        self._lease = lease
        self._stopping = asyncio.Event()
        self._job = DrainJob(executor, readers, engine, lease, settings, now, self._stopping)
        self._running: asyncio.Task[None] | None = None

    async def catch_up(self) -> None:
        """Goes on with drains as far as they get now, whether it is started or not.

        Raises:
            Fault: The engine has no room, or the database is away.
            OSError: The database cannot be reached; or what asyncpg or SQLAlchemy raise.
        """
        await self._job.work()

    def start(self) -> None:
        """Begins to look for drains, every now and then."""
        self._running = asyncio.create_task(self._run())

    def stop_soon(self) -> None:
        """Submits nothing more. What is submitted is still waited for."""
        self._stopping.set()

    async def finish(self) -> None:
        """Submits nothing more, waits for what is submitted, and leaves the rest to others."""
        self.stop_soon()
        if self._running is not None:
            await self._running
        await self._lease.give_up()

    async def _run(self) -> None:
        """Catches up for ever. Pauses grow while that fails."""
        failures_count = 0
        while not self._stopping.is_set():
            failures_count = 0 if await self._try() else failures_count + 1
            await self._pause(failures_count)

    async def _try(self) -> bool:
        """Catches up as far as it gets. Tells whether nothing failed.

        To have no room for callers' sake is no failure. But others may have room: they can go on.
        """
        try:
            await self.catch_up()
        except OverloadedError:
            logger.info("draining is left to others for now: the engine has no room")
            await self._lease.give_up()
        except Exception as error:  # noqa: BLE001 - whatever it is, it will be tried again.
            tell_of_trouble(error)
            return False
        return True

    async def _pause(self, failures_count: int) -> None:
        """Waits a little, never the same for two processes; less if it is to stop."""
        seconds = growing_pause(
            self._settings.draining_interval_seconds,
            self._settings.draining_pause_seconds_max,
            failures_count,
        )
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)


def tell_of_trouble(error: Exception) -> None:
    """Logs why a process stopped draining for now."""
    if isinstance(error, Fault) or trouble_of(error) is not Trouble.BROKEN:
        logger.warning("draining waits: %s", type(error).__name__)
    else:
        logger.error("draining failed", exc_info=error)
