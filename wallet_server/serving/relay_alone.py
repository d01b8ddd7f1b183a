"""The relay in a process of its own."""

import logging

from wallet_server.execution.relay.background import Relaying
from wallet_server.relaying import open_relay_alone
from wallet_server.serving.alone import Alone
from wallet_server.serving.management import open_management
from wallet_server.serving.numbers import Numbers, read_memory_bytes, read_processor_seconds
from wallet_server.serving.state import WorkerState
from wallet_server.serving.stop_signals import catch_stop_signals
from wallet_server.settings import Settings

logger = logging.getLogger(__name__)


async def run_relay(settings: Settings) -> None:
    """Relays until the process is told to stop, and then finishes what it has begun.

    Raises:
        StartError: It cannot start; or OSError, or what asyncpg raises, where the
            database cannot be used.
    """
    stop = catch_stop_signals()
    alone = Alone()
    database_url = settings.database_url.get_secret_value()
    async with (
        open_management(settings, alone.look),
        open_relay_alone(settings, database_url) as relaying,
    ):
        alone.begin(lambda: numbers_of_relay(relaying))
        logger.info("relaying", extra={"stream": settings.nats_stream})
        await stop.wait()
        alone.state = WorkerState.STOPPING
        logger.info("stopping", extra={"drain_seconds": settings.drain_seconds})


def numbers_of_relay(relaying: Relaying) -> Numbers:
    """Returns how it is doing now."""
    return Numbers(
        relay=relaying.statistics,
        processor_seconds=read_processor_seconds(),
        memory_bytes=read_memory_bytes(),
    )
