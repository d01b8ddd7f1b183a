"""Does what time makes due, every now and then. Any number of servers may do so at once."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from wallet_server.execution.due_work.retries import growing_pause
from wallet_server.execution.due_work.statistics import DueWorkStatistics
from wallet_server.execution.due_work.sweeper import DueSweeper
from wallet_server.execution.due_work.troubles import tell_of_trouble
from wallet_server.execution.executor import Executor
from wallet_server.execution.lease import Lease
from wallet_server.execution.settings import DueWorkSettings
from wallet_server.storage.readers import Readers


class DueWork:
    """Looks for due items again and again, with a pause in between."""

    def __init__(
        self,
        executor: Executor,
        readers: Readers,
        lease: Lease,
        settings: DueWorkSettings,
        now: Callable[[], datetime],
    ) -> None:
        """Does nothing until it is started. `now` is the executor's clock."""
        self._settings = settings
        self._lease = lease
        self._stopping = asyncio.Event()
        self._sweeper = DueSweeper(executor, readers, lease, settings, now, self._stopping)
        self._running: asyncio.Task[None] | None = None

    @property
    def statistics(self) -> DueWorkStatistics:
        """What was done so far."""
        return self._sweeper.statistics

    async def catch_up(self) -> None:
        """Does what is due now, whether it is started or not.

        Raises:
            Fault: The engine has no room, or the database is away.
            OSError: The database cannot be reached; or what asyncpg or SQLAlchemy raise.
        """
        await self._sweeper.sweep()

    def start(self) -> None:
        """Begins to look for due items, every now and then."""
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
            try:
                await self.catch_up()
                failures_count = 0
            except Exception as error:  # noqa: BLE001 - whatever it is, it will be tried again.
                failures_count += 1
                tell_of_trouble(error)
            await self._pause(failures_count)

    async def _pause(self, failures_count: int) -> None:
        """Waits a little, never the same for two processes; less if it is to stop."""
        seconds = growing_pause(
            self._settings.due_work_interval_seconds,
            self._settings.due_work_pause_seconds_max,
            failures_count,
        )
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)
