"""Gives positions again and again. Any number of servers may; a lease keeps all but one from it."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress

from wallet_server.execution.due_work.retries import growing_pause
from wallet_server.execution.lease import Lease
from wallet_server.execution.sequencing.sequencer import Sequencer
from wallet_server.execution.sequencing.settings import SequencingSettings
from wallet_server.execution.sequencing.statistics import SequencingStatistics
from wallet_server.execution.tracing import TurnTracing, turn_of
from wallet_server.storage.troubles import Trouble, trouble_of

logger = logging.getLogger(__name__)

SEQUENCING_LEASE = "sequencing"

BACKLOG_INTERVAL_SECONDS = 1.0
"""How often it is counted what waits, at most."""

Listener = Callable[[], None]


class Sequencing:
    """Looks for what waits for positions: often while there is much, seldom while there is little.

    A batch that was recorded in this process `poke`s it, so that a lonely one waits for nothing.
    """

    def __init__(
        self,
        sequencer: Sequencer,
        lease: Lease,
        settings: SequencingSettings,
        tracing: TurnTracing | None = None,
    ) -> None:
        """Does nothing until it is started. `tracing` is told of its turns."""
        self._tracing = tracing
        self._sequencer = sequencer
        self._at_work = asyncio.Lock()
        self._lease = lease
        self._settings = settings
        self._stopping = asyncio.Event()
        self._wake = asyncio.Event()
        self._running: asyncio.Task[None] | None = None
        self._idle_seconds = settings.sequencing_interval_seconds
        self._counted_seconds = float("-inf")
        self._listeners: list[Listener] = []
        self.statistics = SequencingStatistics()

    def poke(self) -> None:
        """Tells that something was recorded. It costs nothing to tell often."""
        self._wake.set()

    def listen(self, listener: Listener) -> None:
        """Lets somebody be told, from now on, when this process has given positions."""
        self._listeners.append(listener)

    async def catch_up(self) -> None:
        """Gives positions to all that waits now, unless another process is at it.

        Raises:
            OSError: The database cannot be reached; or what asyncpg or SQLAlchemy raise.
        """
        more = True
        while more and await self._lease.take():
            _, more = await self._take()

    def start(self) -> None:
        """Begins to give positions."""
        self._running = asyncio.create_task(self._run())

    def stop_soon(self) -> None:
        """Begins nothing more."""
        self._stopping.set()
        self._wake.set()

    async def finish(self) -> None:
        """Gives positions to what waits by now, and leaves the rest to others."""
        self.stop_soon()
        try:
            if self._running is not None:
                await self._running
                await self._last()
        finally:
            self._sequencer.close_now()
            await self._lease.give_up()
            self.statistics = self.statistics.ended()

    async def _last(self) -> None:
        """Leaves nothing waiting that this process has recorded, where that is no trouble."""
        try:
            await self.catch_up()
        except Exception as error:  # noqa: BLE001 - others will, or this one when it starts again.
            logger.warning("events wait for positions: %s", type(error).__name__)

    async def _run(self) -> None:
        failures_count = 0
        while not self._stopping.is_set():
            try:
                await self._turn()
                failures_count = 0
            except Exception as error:  # noqa: BLE001 - whatever it is, it will be tried again.
                failures_count += 1
                self.statistics.active = 0
                self._sequencer.close_now()
                tell_of_trouble(error)
                await self._pause_after(failures_count)

    async def _turn(self) -> None:
        """Takes what waits once, and pauses."""
        settings = self._settings
        self.statistics.active = int(await self._lease.take())
        if not self.statistics.active:
            self.statistics.waiting_batches, self.statistics.oldest_seconds = 0, 0.0
            await self._pause(settings.sequencing_standby_seconds, self._stopping)
            return
        self._wake.clear()
        await self._count_backlog()
        count, more = await self._take()
        if more:
            return
        if count:
            self._idle_seconds = settings.sequencing_interval_seconds
            await self._pause(settings.sequencing_interval_seconds, self._stopping)
            return
        await self._pause(self._idle_seconds, self._wake)
        self._idle_seconds = min(self._idle_seconds * 2, settings.sequencing_idle_seconds_max)

    async def _take(self) -> tuple[int, bool]:
        """Takes once. Returns how many events there were, and whether more may wait."""
        async with self._at_work:  # Somebody may catch up beside.
            with turn_of(self._tracing, "sequencing") as turn:
                taken, more = await self._sequencer.take()
                turn.done = taken.events_count
        if taken.events_count:
            self.statistics.events += taken.events_count
            for listener in self._listeners:
                listener()
        return taken.events_count, more

    async def _count_backlog(self) -> None:
        """Counts what waits, unless that was done a short while ago."""
        now_seconds = asyncio.get_running_loop().time()
        if now_seconds - self._counted_seconds < BACKLOG_INTERVAL_SECONDS:
            return
        async with self._at_work:
            backlog = await self._sequencer.find_backlog()
        self.statistics.waiting_batches = backlog.rows_count
        self.statistics.oldest_seconds = backlog.age_seconds
        self._counted_seconds = now_seconds

    async def _pause_after(self, failures_count: int) -> None:
        """Waits longer each time, and never the same for two processes."""
        settings = self._settings
        first, limit = settings.sequencing_interval_seconds, settings.sequencing_pause_seconds_max
        await self._pause(growing_pause(first, limit, failures_count), self._stopping)

    @staticmethod
    async def _pause(seconds: float, event: asyncio.Event) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(event.wait(), seconds)


def tell_of_trouble(error: Exception) -> None:
    """Logs why nothing was taken for now."""
    if trouble_of(error) is not Trouble.BROKEN:
        logger.warning("sequencing waits: %s", type(error).__name__)
    else:
        logger.error("sequencing failed", exc_info=error)
