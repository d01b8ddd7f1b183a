"""A server without a supervisor: one process, which is its only worker."""

import logging
import os
import time

from wallet_server.memory import settle_memory
from wallet_server.server import Server, open_server
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
            alone.begin(server)
            settle_memory()
            logger.info("serving", extra={"host": settings.listen_host, "port": server.port})
            await stop.wait()
            alone.state = WorkerState.STOPPING
            logger.info("stopping", extra={"drain_seconds": settings.drain_seconds})
        logger.info("drained", extra=server.executor.statistics.as_document())


class Alone:
    """The server of this process, for those who look at it."""

    def __init__(self) -> None:
        """Starts."""
        self.state = WorkerState.STARTING
        self._server: Server | None = None
        self._served_since = 0.0

    def begin(self, server: Server) -> None:
        """Notes that it serves."""
        self.state = WorkerState.SERVING
        self._server = server
        self._served_since = time.monotonic()

    def look(self) -> ServerView:
        """Returns how it is doing."""
        return ServerView(
            [self._look_at_worker()],
            is_started=self._server is not None,
            is_stopping=self.state is WorkerState.STOPPING,
        )

    def _look_at_worker(self) -> WorkerView:
        server = self._server
        return WorkerView(
            number=1,
            state=self.state,
            pid=os.getpid(),
            restarts=0,
            uptime_seconds=0 if server is None else time.monotonic() - self._served_since,
            numbers=Numbers() if server is None else numbers_of(server),
        )
