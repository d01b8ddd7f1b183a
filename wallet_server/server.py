"""Puts the parts together: the only module that knows them all."""

import asyncio
import logging
import secrets
import signal
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncEngine

from wallet_server.execution.clock import Clock, SystemClock
from wallet_server.execution.configuration_cache import ConfigurationCache
from wallet_server.execution.configuration_reader import ConfigurationReader
from wallet_server.execution.executor import Executor
from wallet_server.execution.wallet_reader import WalletReader
from wallet_server.memory import settle_memory
from wallet_server.rpc.edge import Edge, EdgeSettings, build_server
from wallet_server.settings import Settings
from wallet_server.storage.engine import create_engine
from wallet_server.storage.migrating import head_revision, read_revision
from wallet_server.storage.readers import Readers, open_readers
from wallet_server.storage.readiness import find_warnings

logger = logging.getLogger(__name__)

PAGE_TOKEN_SECRET_BYTES = 32

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)

CONFIGURATION_CONNECTIONS_MAX = 2
"""For people who read topologies and policies; commands have them in memory."""


class StartError(Exception):
    """The server cannot start. The message says what would help."""


class InsecureListenError(StartError):
    """The server would listen beyond this machine, and authenticates nobody."""

    def __init__(self, host: str) -> None:
        super().__init__(
            f"Callers are not authenticated yet, so {host} would let anyone in who can reach it."
            " Listen at 127.0.0.1; or, where the network itself keeps everyone else out, say so"
            " with --insecure-listen."
        )


class SchemaError(StartError):
    """The database's schema is older than this release needs."""

    def __init__(self, found: str | None, needed: str) -> None:
        super().__init__(
            f"The database's schema is at {found or 'nothing'}; this release needs {needed}."
            " Run: wallet-server migrate"
        )


class PortTakenError(StartError):
    """The server cannot listen where it should."""

    def __init__(self, address: str) -> None:
        super().__init__(f"Nothing can listen at {address}: it is taken, or not an address here.")


async def run_server(settings: Settings) -> None:
    """Serves until the process is told to stop, and then finishes what was accepted.

    Raises:
        StartError: It cannot start; or OSError, or what asyncpg raises, where the
            database cannot be used.

    """
    stop = catch_stop_signals()
    url = settings.database_url.get_secret_value()
    async with open_server(settings, url) as edge:
        settle_memory()
        logger.info("serving", extra={"host": settings.listen_host, "port": edge.port})
        await stop.wait()
        logger.info("stopping", extra={"drain_seconds": settings.drain_seconds})


@asynccontextmanager
async def open_server(
    settings: Settings, database_url: str, clock: Clock | None = None
) -> AsyncGenerator[Edge]:
    """Serves for as long as the block lasts.

    At its end the server says that it is not serving any more, takes no new calls,
    answers the commands it has accepted, and closes its connections; what takes
    longer than `drain_seconds` is given up.
    """
    if not settings.is_loopback and not settings.insecure_listen:
        raise InsecureListenError(settings.listen_host)
    now = (clock or SystemClock()).now
    async with AsyncExitStack() as closing:
        engine = create_engine(database_url, connections_max=CONFIGURATION_CONNECTIONS_MAX)
        closing.push_async_callback(engine.dispose)
        await check_schema(engine)
        readers = await open_readers(
            database_url,
            connections_max=settings.read_connections_max,
            statement_timeout_seconds=settings.read_statement_timeout_seconds,
        )
        closing.push_async_callback(close_readers, readers, settings.drain_seconds)
        configurations = ConfigurationCache()
        executor = Executor(database_url, configurations, settings.for_engine(), now)
        await executor.start()
        closing.push_async_callback(drain, executor, settings.drain_seconds)
        edge = open_edge(
            settings,
            executor=executor,
            wallets=WalletReader(readers, configurations, now),
            configurations=ConfigurationReader(engine),
        )
        closing.push_async_callback(edge.stop, settings.drain_seconds)
        await edge.start()
        yield edge


def open_edge(
    settings: Settings,
    *,
    executor: Executor,
    wallets: WalletReader,
    configurations: ConfigurationReader,
) -> Edge:
    """Binds the port."""
    secret = settings.page_token_secret.get_secret_value().encode()
    edge_settings = EdgeSettings(
        address=settings.listen_address,
        page_token_secret=secret or secrets.token_bytes(PAGE_TOKEN_SECRET_BYTES),
        concurrent_calls_max=settings.concurrent_calls_max,
        request_bytes_max=settings.request_bytes_max,
        connection_age_seconds_max=settings.connection_age_seconds_max,
        connection_grace_seconds=settings.drain_seconds,
        share_port=settings.share_port,
    )
    try:
        return build_server(
            executor=executor,
            wallets=wallets,
            configurations=configurations,
            settings=edge_settings,
        )
    except RuntimeError as error:
        raise PortTakenError(settings.listen_address) from error


async def check_schema(engine: AsyncEngine) -> None:
    """Refuses a schema that is too old. One of the next release is fine: that comes first."""
    async with engine.connect() as connection:
        found = await read_revision(connection)
    needed = head_revision()
    if found is None or found < needed:  # Revisions are numbers of four digits.
        raise SchemaError(found, needed)
    if found > needed:
        logger.warning("the schema is newer than this release", extra={"revision": found})
    for warning in await find_warnings(engine):
        logger.warning("the database should be otherwise", extra={"advice": warning})


async def drain(executor: Executor, seconds: float) -> None:
    """Lets the engine answer what it has accepted. All calls have ended by now, or must."""
    try:
        await asyncio.wait_for(executor.drain(), seconds)
    except TimeoutError:
        logger.error("gave up commands that were accepted", extra={"drain_seconds": seconds})  # noqa: TRY400 - where is no news.
    logger.info("drained", extra=executor.statistics.as_document())


async def close_readers(readers: Readers, seconds: float) -> None:
    """Closes the connections of reads, the hard way where one is still at work."""
    try:
        await asyncio.wait_for(readers.close(), seconds)
    except TimeoutError:
        readers.terminate()


def catch_stop_signals() -> asyncio.Event:
    """Returns what the first SIGTERM or SIGINT sets. A second one ends the process at once."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def stop_once() -> None:
        stop.set()
        for signal_number in STOP_SIGNALS:
            loop.remove_signal_handler(signal_number)

    for signal_number in STOP_SIGNALS:
        loop.add_signal_handler(signal_number, stop_once)
    return stop
