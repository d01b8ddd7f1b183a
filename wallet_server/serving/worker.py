"""A worker: a server in a process that a supervisor has started and watches."""

import asyncio
import logging
import os
import signal
import sys
from contextlib import suppress

from wallet_server.memory import settle_memory
from wallet_server.server import Server, open_server
from wallet_server.serving.lifeline import watch_lifeline
from wallet_server.serving.messages import (
    END_SECONDS,
    REPORT_SECONDS,
    Alive,
    Orders,
    Report,
    Serving,
    encode_report,
)
from wallet_server.serving.numbers import Numbers
from wallet_server.serving.own_numbers import numbers_of

logger = logging.getLogger(__name__)


class Reports:
    """The way to the supervisor. Nothing here ever waits for it."""

    def __init__(self) -> None:
        """Takes standard output; whatever else writes there goes to standard error from now on."""
        self._descriptor = os.dup(sys.stdout.fileno())
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        os.set_blocking(self._descriptor, False)

    def send(self, report: Report) -> None:
        """Sends a report, unless the supervisor has gone, or is so busy that nothing fits."""
        with suppress(BlockingIOError, BrokenPipeError):
            os.write(self._descriptor, encode_report(report))


async def serve_as_worker(orders: Orders, reports: Reports) -> None:
    """Serves until the lifeline ends or SIGTERM comes, and then finishes what was accepted.

    Signals may come often: a service's supervisor sends them to all of its processes,
    ours as well. The second of them must not cut short what the first began.

    Raises:
        StartError: It cannot start; or OSError, or what asyncpg raises, where the
            database cannot be used.
    """
    settings, loop, stop = orders.settings, asyncio.get_running_loop(), asyncio.Event()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    watch_lifeline(
        lambda: loop.call_soon_threadsafe(stop.set),
        then_seconds_max=settings.drain_seconds + END_SECONDS,
    )
    reporter = Reporter(reports)
    reporting = asyncio.create_task(reporter.run())
    url = settings.database_url.get_secret_value()
    try:
        async with open_server(settings, url, database_is_checked=True) as server:
            reporter.server = server
            settle_memory()
            reports.send(Serving())
            await stop.wait()
    finally:
        reporting.cancel()
        reporter.tell()


class Reporter:
    """Tells the supervisor once a second that the loop goes round, and what it has counted."""

    def __init__(self, reports: Reports) -> None:
        """Has nothing to count before there is a server."""
        self.server: Server | None = None
        self._reports = reports

    def tell(self) -> None:
        """Tells it now."""
        self._reports.send(Alive(numbers_of(self.server) if self.server else Numbers()))

    async def run(self) -> None:
        """Tells it for ever."""
        while True:
            self.tell()
            await asyncio.sleep(REPORT_SECONDS)
