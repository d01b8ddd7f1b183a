"""Puts together what reads are answered from: the database, or a replica of it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from wallet_server.countdown import Countdown
from wallet_server.settings import Settings
from wallet_server.storage.readers import Readers, open_readers
from wallet_server.tracing.opening import ServerTracing


@asynccontextmanager
async def open_wallet_readers(
    settings: Settings, readers: Readers, time: Countdown, tracing: ServerTracing | None
) -> AsyncGenerator[Readers]:
    """Provides the connections for reads of wallets: to the replica, if there is one.

    Whoever is tracing follows their statements.
    """
    url = settings.read_database_url.get_secret_value()
    if not url:
        yield readers
        return
    replica = await open_readers(
        url,
        connections_max=settings.read_connections_max,
        statement_timeout_seconds=settings.read_statement_timeout_seconds,
        query_log=None if tracing is None else tracing.statement,
    )
    try:
        yield replica
    finally:
        await close_readers(replica, time)


async def close_readers(readers: Readers, time: Countdown) -> None:
    """Closes the connections of reads, the hard way where one is still at work."""
    if not await time.suffices(readers.close()):
        readers.terminate()
