"""Work that a process does again and again by itself."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeAlias

from wallet_server.execution.due_work.retries import growing_pause
from wallet_server.execution.errors import Fault, HinderedError, OverloadedError
from wallet_server.storage.troubles import Trouble, trouble_of

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pause:
    """For how many seconds nothing is done. It may be one that ends with a poke."""

    seconds: float
    ends_with_poke: bool = False


AT_ONCE = Pause(0.0)
"""The pause after work that has left something to do."""

Work: TypeAlias = Callable[[], Awaitable[Pause | None]]
"""What is done. It may say which pause follows; otherwise that is the usual one."""


class Repetition:
    """Does some work every now and then. Pauses grow while that fails."""

    def __init__(
        self, name: str, work: Work, *, interval_seconds: float, pause_seconds_max: float
    ) -> None:
        """Does nothing until it is started. The name is for the log.

        The work may wait for `stopping`, which is set once it should end soon. The usual pause is
        of the interval, or somewhat shorter.
        """
        self._name = name
        self._work = work
        self._interval_seconds = interval_seconds
        self._pause_seconds_max = pause_seconds_max
        self.stopping = asyncio.Event()
        self._poked = asyncio.Event()
        self._running: asyncio.Task[None] | None = None

    @property
    def is_stopping(self) -> bool:
        """Whether the work should end soon."""
        return self.stopping.is_set()

    @property
    def was_started(self) -> bool:
        """Whether it does, or has done, its work by itself."""
        return self._running is not None

    def start(self) -> None:
        """Begins."""
        self._running = asyncio.create_task(self._run())

    def poke(self) -> None:
        """Tells that there is something to do, now or during the work that is under way.

        It costs nothing to tell often.
        """
        self._poked.set()

    def stop_soon(self) -> None:
        """Begins nothing more."""
        self.stopping.set()
        self._poked.set()

    async def finish(self) -> None:
        """Begins nothing more, and waits for what was begun."""
        self.stop_soon()
        if self._running is not None:
            await self._running

    async def _run(self) -> None:
        failures_count = 0
        while not self.is_stopping:
            pause = None
            self._poked.clear()
            try:
                pause = await self._work()
                failures_count = 0
            except Exception as error:  # noqa: BLE001 - whatever it is, it will be tried again.
                failures_count += 1
                self._tell(error)
            await self._wait(pause or self._pause_after(failures_count))

    def _tell(self, error: Exception) -> None:
        """Logs why the work was left for now."""
        if isinstance(error, OverloadedError):
            logger.info("%s waits: the engine has no room", self._name)
        elif isinstance(error, HinderedError):
            logger.warning("%s waits: %s", self._name, error)
        elif isinstance(error, Fault) or trouble_of(error) is not Trouble.BROKEN:
            logger.warning("%s waits: %s", self._name, type(error).__name__)
        else:
            logger.error("%s failed", self._name, exc_info=error)

    def _pause_after(self, failures_count: int) -> Pause:
        """Returns a pause that is longer after each failure. No two processes have the same."""
        return Pause(growing_pause(self._interval_seconds, self._pause_seconds_max, failures_count))

    async def _wait(self, pause: Pause) -> None:
        """Waits; less if it is to stop."""
        end = self._poked if pause.ends_with_poke else self.stopping
        with suppress(TimeoutError):
            await asyncio.wait_for(end.wait(), pause.seconds)
