"""A server without a supervisor: one process, which is its only worker."""

import logging
import os
import time
from collections.abc import Callable

from wallet_server.memory import settle_memory
from wallet_server.server import open_server
from wallet_server.serving.management import open_management
from wallet_server.serving.numbers import Numbers
from wallet_server.serving.own_numbers import numbers_of
from wallet_server.serving.state import ServerView, WorkerState, WorkerView
from wallet_server.serving.stop_signals import catch_stop_signals
from wallet_server.settings import Settings

logger = logging.getLogger(__name__)


async def run_alone(settings: Settings) -> None:
    """Serves until the process is told to stop, and then finishes what was accepted.

    Raises:
        StartError: It cannot start; or OSError, or what asyncpg raises, where the
            database cannot be used.

    """
    stop = catch_stop_signals()
    alone = Alone()
    async with open_management(settings, alone.look):
        url = settings.database_url.get_secret_value()
        async with open_server(settings, url) as server:
            alone.begin(lambda: numbers_of(server))
            settle_memory()
            logger.info("serving", extra={"host": settings.listen_host, "port": server.port})
            await stop.wait()
            alone.state = WorkerState.STOPPING
            logger.info("stopping", extra={"drain_seconds": settings.drain_seconds})
        logger.info("drained", extra=server.executor.statistics.as_document())


class Alone:
    """What this process does, for those who look at it."""

    def __init__(self) -> None:
        """Starts."""
        self.state = WorkerState.STARTING
        self._read_numbers: Callable[[], Numbers] | None = None
        self._served_since = 0.0

    def begin(self, read_numbers: Callable[[], Numbers]) -> None:
        """Notes that it serves, and how to read how it is doing."""
        self.state = WorkerState.SERVING
        self._read_numbers = read_numbers
        self._served_since = time.monotonic()

    def look(self) -> ServerView:
        """Returns how it is doing."""
        return ServerView(
            [self._look_at_worker()],
            is_started=self._read_numbers is not None,
            is_stopping=self.state is WorkerState.STOPPING,
        )

    def _look_at_worker(self) -> WorkerView:
        read_numbers = self._read_numbers
        return WorkerView(
            number=1,
            state=self.state,
            pid=os.getpid(),
            restarts=0,
            uptime_seconds=0 if read_numbers is None else time.monotonic() - self._served_since,
            numbers=Numbers() if read_numbers is None else read_numbers(),
        )
