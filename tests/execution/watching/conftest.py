"""The fixtures of this folder."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest

from tests.database import Database
from tests.servers import apply_shape
from tests.told import TENANT, Teller
from wallet_server.core.events.told import ToldEvent
from wallet_server.execution.event_reader import EventReader
from wallet_server.execution.watching.encoded import Encode, EncodingReader
from wallet_server.execution.watching.hub import Hub
from wallet_server.execution.watching.settings import WatchSettings
from wallet_server.storage.readers import open_readers

StartHub = Callable[..., Awaitable[Hub]]


@pytest.fixture
async def teller(database: Database) -> Teller:
    """What puts events of the tenant `demo` into the database."""
    await apply_shape(database, TENANT, "ruby")
    return Teller(database)


def position_as_text(event: ToldEvent) -> bytes:
    """Encodes an event as its position."""
    return str(event.position).encode()


@pytest.fixture
async def start_hub(database: Database) -> AsyncIterator[StartHub]:
    """Starts hubs that encode events as their positions, and look often. Given are settings.

    One that `looks_by_itself` not is not started.
    """
    async with AsyncExitStack() as closing:

        async def start(
            database_url: str = database.server_url,
            *,
            looks_by_itself: bool = True,
            encode: Encode = position_as_text,
            **settings: float,
        ) -> Hub:
            readers = await open_readers(
                database_url, connections_max=3, statement_timeout_seconds=10
            )
            closing.push_async_callback(readers.close)
            chosen = {"watch_interval_ms": 5, "watch_heartbeat_seconds": 60, **settings}
            hub = Hub(
                EncodingReader(EventReader(readers), encode),
                WatchSettings(**chosen),  # pyright: ignore[reportArgumentType] - as the test says.
            )
            if looks_by_itself:
                hub.start()
            closing.push_async_callback(hub.finish)
            return hub

        yield start
