"""Gives positions again and again. Any number of servers may; a lease keeps all but one from it."""

import asyncio
import logging
from collections.abc import Callable

from wallet_server.execution.lease import Lease
from wallet_server.execution.own_work import OwnWork
from wallet_server.execution.repetition import AT_ONCE, Pause, Repetition
from wallet_server.execution.sequencing.sequencer import Sequencer
from wallet_server.execution.sequencing.settings import SequencingSettings
from wallet_server.execution.sequencing.statistics import SequencingStatistics

logger = logging.getLogger(__name__)

SEQUENCING_LEASE = "sequencing"

BACKLOG_INTERVAL_SECONDS = 1.0
"""How often it is counted what waits, at most."""

Listener = Callable[[], None]


class Sequencing(OwnWork):
    """Looks for what waits for positions: often while there is much, seldom while there is little.

    A batch that was recorded in this process `poke`s it, so that a lonely one waits for nothing.
    """

    def __init__(self, sequencer: Sequencer, lease: Lease, settings: SequencingSettings) -> None:
        """Does nothing until it is started."""
        repetition = Repetition(
            "sequencing",
            self._take_turn,
            interval_seconds=settings.sequencing_interval_seconds,
            pause_seconds_max=settings.sequencing_pause_seconds_max,
        )
        super().__init__(repetition, lease)
        self._sequencer = sequencer
        self._at_work = asyncio.Lock()
        self._settings = settings
        self._idle_seconds = settings.sequencing_interval_seconds
        self._counted_seconds = float("-inf")
        self._listeners: list[Listener] = []
        self.statistics = SequencingStatistics()

    def poke(self) -> None:
        """Tells that something was recorded. It costs nothing to tell often."""
        self._repetition.poke()

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

    async def _conclude(self) -> None:
        """Leaves nothing waiting that this process has recorded, where that is no trouble."""
        if not self._repetition.was_started:
            return
        try:
            await self.catch_up()
        except Exception as error:  # noqa: BLE001 - others will, or this one when it starts again.
            logger.warning("events wait for positions: %s", type(error).__name__)

    def _close_now(self) -> None:
        self._sequencer.close_now()
        self.statistics = self.statistics.ended()

    async def _take_turn(self) -> Pause:
        """Takes what waits once. Returns the pause that follows."""
        try:
            self.statistics.active = int(await self._lease.take())
            if self.statistics.active:
                await self._count_backlog()
                count, more = await self._take()
                return AT_ONCE if more else self._pause_after(count)
        except BaseException:
            self.statistics.active = 0
            self._sequencer.close_now()
            raise
        self.statistics.waiting_batches, self.statistics.oldest_seconds = 0, 0.0
        return Pause(self._settings.sequencing_standby_seconds)

    def _pause_after(self, count: int) -> Pause:
        """Returns the pause after so many events: a longer one each time there were none."""
        if count:
            self._idle_seconds = self._settings.sequencing_interval_seconds
            return Pause(self._idle_seconds)
        idle_seconds, limit = self._idle_seconds, self._settings.sequencing_idle_seconds_max
        self._idle_seconds = min(idle_seconds * 2, limit)
        return Pause(idle_seconds, ends_with_poke=True)

    async def _take(self) -> tuple[int, bool]:
        """Takes once. Returns how many events there were, and whether more may wait."""
        async with self._at_work:  # Somebody may catch up beside.
            taken, more = await self._sequencer.take()
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
