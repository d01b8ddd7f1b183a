"""Work that a process does again and again by itself."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

from wallet_server.execution.due_work.retries import growing_pause
from wallet_server.execution.errors import Fault, OverloadedError
from wallet_server.storage.troubles import Trouble, trouble_of

logger = logging.getLogger(__name__)


class Repetition:
    """Does some work every now and then. Pauses grow while that fails."""

    def __init__(
        self,
        name: str,
        work: Callable[[], Awaitable[None]],
        *,
        interval_seconds: float,
        pause_seconds_max: float,
    ) -> None:
        """Does nothing until it is started. The name is for the log.

        The work may wait for `stopping`, which is set once it should end soon.
        """
        self._name = name
        self._work = work
        self._interval_seconds = interval_seconds
        self._pause_seconds_max = pause_seconds_max
        self.stopping = asyncio.Event()
        self._running: asyncio.Task[None] | None = None

    @property
    def is_stopping(self) -> bool:
        """Whether the work should end soon."""
        return self.stopping.is_set()

    def start(self) -> None:
        """Begins."""
        self._running = asyncio.create_task(self._run())

    def stop_soon(self) -> None:
        """Begins nothing more."""
        self.stopping.set()

    async def finish(self) -> None:
        """Begins nothing more, and waits for what was begun."""
        self.stop_soon()
        if self._running is not None:
            await self._running

    async def _run(self) -> None:
        failures_count = 0
        while not self.is_stopping:
            try:
                await self._work()
                failures_count = 0
            except Exception as error:  # noqa: BLE001 - whatever it is, it will be tried again.
                failures_count += 1
                self._tell(error)
            await self._pause(failures_count)

    def _tell(self, error: Exception) -> None:
        """Logs why the work was left for now."""
        if isinstance(error, OverloadedError):
            logger.info("%s waits: the engine has no room", self._name)
        elif isinstance(error, Fault) or trouble_of(error) is not Trouble.BROKEN:
            logger.warning("%s waits: %s", self._name, type(error).__name__)
        else:
            logger.error("%s failed", self._name, exc_info=error)

    async def _pause(self, failures_count: int) -> None:
        """Waits a little, never the same for two processes; less if it is to stop."""
        seconds = growing_pause(self._interval_seconds, self._pause_seconds_max, failures_count)
        with suppress(TimeoutError):
            await asyncio.wait_for(self.stopping.wait(), seconds)
