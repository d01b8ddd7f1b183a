"""Puts the parts of a server together: the only module that knows them all."""

import asyncio
import logging
import secrets
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Protocol

from wallet_server.administration import administration_of
from wallet_server.authentication import open_authenticator, open_tls
from wallet_server.chain import open_sealing
from wallet_server.chapters import open_chapters
from wallet_server.countdown import Countdown
from wallet_server.draining import open_draining
from wallet_server.execution.administration.audit_log import AuditLog
from wallet_server.execution.administration.scheduling import Scheduling
from wallet_server.execution.chapters.background import Chapters
from wallet_server.execution.clock import Clock, SystemClock
from wallet_server.execution.configuration_cache import ConfigurationCache
from wallet_server.execution.draining.background import Draining
from wallet_server.execution.due_work.background import DueWork
from wallet_server.execution.event_reader import EventReader
from wallet_server.execution.executor import Executor
from wallet_server.execution.lease import Lease
from wallet_server.execution.relay.background import Relaying
from wallet_server.execution.sealing.background import Sealing
from wallet_server.execution.sequencing.background import Sequencing
from wallet_server.execution.statements.background import Statements
from wallet_server.execution.statements.reader import StatementReader
from wallet_server.execution.wallet_reader import WalletReader
from wallet_server.execution.watching.hub import Hub
from wallet_server.relaying import open_relaying
from wallet_server.rpc.access.authenticator import Authenticator
from wallet_server.rpc.access.gate import RefusalLog
from wallet_server.rpc.administration import Administration
from wallet_server.rpc.edge import Edge, EdgeSettings, build_server
from wallet_server.rpc.reads import Reads
from wallet_server.scheduling import open_scheduling
from wallet_server.sequencing import open_sequencing
from wallet_server.settings import Settings
from wallet_server.starting import PortTakenError, check_listening, check_schema
from wallet_server.statements import open_statements
from wallet_server.storage.engine import create_engine
from wallet_server.storage.readers import Readers, open_readers
from wallet_server.watching import open_watching

logger = logging.getLogger(__name__)

PAGE_TOKEN_SECRET_BYTES = 32

CONFIGURATION_CONNECTIONS_MAX = 2
"""For people who read and write configurations; commands have them in memory. And for leases."""

DUE_WORK_LEASE = "due-work"


@dataclass(frozen=True, slots=True)
class Server:
    """A server that takes calls: its edge and its engine, and what it does by itself."""

    edge: Edge
    executor: Executor
    due_work: DueWork
    audit_log: AuditLog
    sealing: Sealing
    sequencing: Sequencing
    chapters: Chapters
    relaying: Relaying | None
    draining: Draining
    scheduling: Scheduling
    statements: Statements
    hub: Hub

    @property
    def port(self) -> int:
        """Where it listens."""
        return self.edge.port


@asynccontextmanager
async def open_server(
    settings: Settings,
    database_url: str,
    clock: Clock | None = None,
    *,
    database_is_checked: bool = False,
    believes_metadata: bool = False,
) -> AsyncGenerator[Server]:
    """Serves for as long as the block lasts.

    At its end the server begins no more due work, says that it is not serving any more,
    takes no new calls, answers the commands it has accepted, and closes its connections;
    what takes longer than `drain_seconds` is given up. If it `believes_metadata`, everybody may do
    everything, and say in the metadata of calls who asks, whatever the settings say.

    Raises:
        StartError: It cannot start; or OSError, or what asyncpg raises, where the
            database cannot be used.
    """
    is_trusting = believes_metadata or settings.without_authentication
    if not believes_metadata:
        check_listening(settings)
    clock = clock or SystemClock()
    now = clock.now
    time = Countdown(settings.drain_seconds)
    async with AsyncExitStack() as closing:
        engine = create_engine(database_url, connections_max=CONFIGURATION_CONNECTIONS_MAX)
        closing.push_async_callback(engine.dispose)
        if not database_is_checked:
            await check_schema(engine)
        readers = await open_readers(
            database_url,
            connections_max=settings.read_connections_max,
            statement_timeout_seconds=settings.read_statement_timeout_seconds,
        )
        closing.push_async_callback(close_readers, readers, time)
        wallet_readers = await closing.enter_async_context(
            open_wallet_readers(settings, readers, time)
        )
        configurations = ConfigurationCache()
        limits = replace(settings.for_engine(), expects_peers=settings.share_port)
        relaying = await closing.enter_async_context(
            open_relaying(settings, database_url, engine, time)
        )
        sequencing = await closing.enter_async_context(
            open_sequencing(settings, database_url, engine, time)
        )
        chapters = await closing.enter_async_context(
            open_chapters(settings, database_url, engine, time)
        )
        executor = Executor(database_url, configurations, limits, now, on_recorded=sequencing.poke)
        await executor.start()
        closing.push_async_callback(drain, executor, time)
        sealing = await closing.enter_async_context(open_sealing(settings, database_url, now, time))
        lease = Lease(engine, DUE_WORK_LEASE, seconds=settings.due_work_lease_seconds)
        due_work = DueWork(executor, readers, lease, settings.for_due_work(), now)
        closing.push_async_callback(finish, due_work, time)
        draining = await closing.enter_async_context(
            open_draining(settings, executor, readers, engine, now, time)
        )
        scheduling = await closing.enter_async_context(open_scheduling(settings, engine, now, time))
        statements = await closing.enter_async_context(
            open_statements(settings, database_url, engine, time)
        )
        hub = await closing.enter_async_context(open_watching(settings, database_url, time))
        authenticator = await closing.enter_async_context(
            open_authenticator(settings, engine, clock, is_trusting=is_trusting)
        )
        audit_log = AuditLog(engine, now, queue_max=settings.audit_queue_calls_max)
        closing.push_async_callback(finish_log, audit_log, time)
        edge = open_edge(
            settings,
            executor=executor,
            reads=Reads(
                wallets=WalletReader(
                    *(wallet_readers, configurations, now),
                    may_be_behind=wallet_readers is not readers,
                ),
                events=EventReader(readers),
                hub=hub,
                statements=StatementReader(readers),
            ),
            administration=administration_of(
                engine, readers, configurations, now, settings.for_administration()
            ),
            authenticator=authenticator,
            refusals=audit_log,
        )
        closing.push_async_callback(stop_edge, edge, time)
        audit_log.start()
        await edge.start()
        server = Server(
            edge,
            executor,
            due_work,
            audit_log,
            sealing,
            sequencing,
            chapters,
            relaying,
            draining,
            scheduling,
            statements,
            hub,
        )
        start_own_work(server, settings)
        closing.callback(stop_own_work_soon, server)  # First of all: the edge takes its time.
        yield server


def start_own_work(server: Server, settings: Settings) -> None:
    """Begins what a server does by itself, as far as the settings want it to."""
    if settings.due_work_enabled:
        server.due_work.start()
    if settings.draining_enabled:
        server.draining.start()
    if settings.sealing_enabled:
        server.sealing.start()
    if settings.sequencing_enabled:
        server.sequencing.start()
    if settings.relay_enabled and server.relaying is not None:
        server.sequencing.listen(server.relaying.poke)
        server.relaying.start()
    if settings.chapters_enabled:
        server.chapters.start()
    if settings.statements_enabled:
        server.statements.start()
    if settings.scheduling_enabled:
        server.scheduling.start()


def stop_own_work_soon(server: Server) -> None:
    """Begins nothing more of what a server does by itself.

    Sequencing and the relay go on until all commands have been answered.
    """
    server.due_work.stop_soon()
    server.draining.stop_soon()
    server.sealing.stop_soon()
    server.scheduling.stop_soon()
    server.hub.stop_soon()
    server.chapters.stop_soon()
    server.statements.stop_soon()


@asynccontextmanager
async def open_wallet_readers(
    settings: Settings, readers: Readers, time: Countdown
) -> AsyncGenerator[Readers]:
    """Provides the connections for reads of wallets: to the replica, if there is one."""
    url = settings.read_database_url.get_secret_value()
    if not url:
        yield readers
        return
    replica = await open_readers(
        url,
        connections_max=settings.read_connections_max,
        statement_timeout_seconds=settings.read_statement_timeout_seconds,
    )
    try:
        yield replica
    finally:
        await close_readers(replica, time)


class Work(Protocol):
    """What a server does by itself."""

    def start(self) -> None:
        """Begins."""
        ...


def start_work(*all_work: tuple[bool, Work]) -> None:
    """Begins what is enabled of what the server does by itself."""
    for enabled, work in all_work:
        if enabled:
            work.start()


def open_edge(
    settings: Settings,
    *,
    executor: Executor,
    reads: Reads,
    administration: Administration,
    authenticator: Authenticator,
    refusals: RefusalLog,
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
    tls = open_tls(settings)
    try:
        return build_server(
            executor=executor,
            reads=reads,
            administration=administration,
            settings=edge_settings,
            authenticator=authenticator,
            tls=tls,
            refusals=refusals,
        )
    except RuntimeError as error:
        raise PortTakenError(settings.listen_address) from error


async def stop_edge(edge: Edge, time: Countdown) -> None:
    """Takes no more calls, and lets those under way end."""
    await edge.stop(time.left())


async def finish(due_work: DueWork, time: Countdown) -> None:
    """Lets due work that was begun end. What is left is done later, or by others."""
    try:
        await asyncio.wait_for(due_work.finish(), time.left())
    except TimeoutError:
        logger.warning("gave up due work; it will be done again")


async def finish_log(log: AuditLog, time: Countdown) -> None:
    """Lets the calls that were refused be put on record."""
    try:
        await asyncio.wait_for(log.finish(), time.left())
    except TimeoutError:
        logger.error("gave up refused calls: %d are lost to the record", log.waiting_count)  # noqa: TRY400 - where is no news.


async def drain(executor: Executor, time: Countdown) -> None:
    """Lets the engine answer what it has accepted. All calls have ended by now, or must."""
    try:
        await asyncio.wait_for(executor.drain(), time.left())
    except TimeoutError:
        logger.error("gave up commands that were accepted", extra={"drain_seconds": time.seconds})  # noqa: TRY400 - where is no news.


async def close_readers(readers: Readers, time: Countdown) -> None:
    """Closes the connections of reads, the hard way where one is still at work."""
    try:
        await asyncio.wait_for(readers.close(), time.left())
    except TimeoutError:
        readers.terminate()
