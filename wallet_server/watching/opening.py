"""Provides what tells of events, with the process that reads them for it."""

import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from wallet_server.countdown import Countdown
from wallet_server.execution.tracing import TurnTracing, log_of
from wallet_server.execution.watching.hub import Hub
from wallet_server.execution.watching.statistics import WatchStatistics
from wallet_server.settings import Settings
from wallet_server.watching.messages import Job
from wallet_server.watching.reading_process import ReadingProcess

logger = logging.getLogger(__name__)


@asynccontextmanager
async def open_watching(
    settings: Settings, database_url: str, time: Countdown, tracing: TurnTracing | None
) -> AsyncGenerator[Hub]:
    """Provides what tells of events; idle, and without a process, while nobody watches."""
    job = Job(
        database_url=database_url,
        connections_max=settings.watch_connections_max,
        statement_timeout_seconds=settings.read_statement_timeout_seconds,
        log_format=settings.log_format,
        log_level=settings.log_level,
        is_traced=tracing is not None,
    )
    statistics = WatchStatistics()
    reading = ReadingProcess(job, statistics, log_of(tracing))
    hub = Hub(reading, settings.for_watching(), tracing, statistics)
    hub.start()
    try:
        yield hub
    finally:
        if not await time.suffices(finish(hub, reading)):
            logger.warning("gave up events that were being read")
            await reading.kill()


async def finish(hub: Hub, reading: ReadingProcess) -> None:
    """Lets what is being read come in. All streams have ended by now, or must."""
    await hub.finish()
    await reading.close()
