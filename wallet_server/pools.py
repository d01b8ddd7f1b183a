"""The connections of a server that are not its lanes': for reads, and for administration."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncEngine

from wallet_server.countdown import Countdown
from wallet_server.reading import close_readers
from wallet_server.settings import Settings
from wallet_server.starting import check_schema
from wallet_server.storage.engine import create_engine
from wallet_server.storage.readers import Readers, open_readers
from wallet_server.tracing.opening import ServerTracing

CONFIGURATION_CONNECTIONS_MAX = 2
"""For people who read and write configurations; commands have them in memory. And for leases."""


@asynccontextmanager
async def open_pools(
    settings: Settings,
    database_url: str,
    time: Countdown,
    tracing: ServerTracing | None,
    *,
    database_is_checked: bool,
) -> AsyncGenerator[tuple[AsyncEngine, Readers]]:
    """Opens both, and closes them at the end of the block. Whoever is tracing follows them.

    Raises:
        StartError: The schema is not as it must be; or OSError, or what asyncpg raises, where
            the database cannot be used.
    """
    async with AsyncExitStack() as closing:
        engine = create_engine(database_url, connections_max=CONFIGURATION_CONNECTIONS_MAX)
        closing.push_async_callback(engine.dispose)
        if tracing is not None:
            tracing.follow_engine(engine)
        if not database_is_checked:
            await check_schema(engine)
        readers = await open_readers(
            database_url,
            connections_max=settings.read_connections_max,
            statement_timeout_seconds=settings.read_statement_timeout_seconds,
            query_log=None if tracing is None else tracing.statement,
        )
        closing.push_async_callback(close_readers, readers, time)
        yield engine, readers
