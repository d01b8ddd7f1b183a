"""Puts together what tells of events as they come."""

import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from wallet_server.countdown import Countdown
from wallet_server.execution.event_reader import EventReader
from wallet_server.execution.watching.hub import Hub
from wallet_server.rpc.encode.event_streams import encode_for_many
from wallet_server.settings import Settings
from wallet_server.storage.readers import Readers, open_readers

logger = logging.getLogger(__name__)


@asynccontextmanager
async def open_watching(
    settings: Settings, database_url: str, time: Countdown
) -> AsyncGenerator[Hub]:
    """Provides what tells of events, on connections of its own; idle while nobody watches."""
    readers = await open_readers(
        database_url,
        connections_max=settings.watch_connections_max,
        statement_timeout_seconds=settings.read_statement_timeout_seconds,
    )
    hub = Hub(EventReader(readers), encode_for_many, settings.for_watching())
    hub.start()
    try:
        yield hub
    finally:
        if not await time.suffices(finish(hub, readers)):
            logger.warning("gave up events that were being read")
            readers.terminate()


async def finish(hub: Hub, readers: Readers) -> None:
    """Lets what is being read come in. All streams have ended by now, or must."""
    await hub.finish()
    await readers.close()
