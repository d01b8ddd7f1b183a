"""Puts the parts of a server together: the only module that knows them all."""

import logging
import secrets
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace

from wallet_server.administration import administration_of
from wallet_server.authentication import open_authenticator, open_tls
from wallet_server.chain import open_sealing
from wallet_server.chapters import open_chapters
from wallet_server.countdown import Countdown
from wallet_server.draining import open_draining
from wallet_server.execution.administration.audit_log import AuditLog
from wallet_server.execution.clock import Clock, SystemClock
from wallet_server.execution.configuration_cache import ConfigurationCache
from wallet_server.execution.due_work.background import DueWork
from wallet_server.execution.event_reader import EventReader
from wallet_server.execution.executor import Executor
from wallet_server.execution.lease import Lease
from wallet_server.execution.statements.reader import StatementReader
from wallet_server.execution.wallet_reader import WalletReader
from wallet_server.exports.export_processes import ExportProcesses
from wallet_server.pools import open_pools
from wallet_server.reading import open_wallet_readers
from wallet_server.relaying import open_relaying
from wallet_server.rpc.access.authenticator import Authenticator
from wallet_server.rpc.administration import Administration
from wallet_server.rpc.edge import Edge, EdgeSettings, Onlookers, build_server
from wallet_server.rpc.reads import Reads
from wallet_server.running_server import Server
from wallet_server.scheduling import open_scheduling
from wallet_server.sequencing import open_sequencing
from wallet_server.settings import Settings
from wallet_server.starting import PortTakenError, check_listening
from wallet_server.statements import open_statements
from wallet_server.tracing.opening import open_tracing
from wallet_server.watching.opening import open_watching

logger = logging.getLogger(__name__)

PAGE_TOKEN_SECRET_BYTES = 32

DUE_WORK_LEASE = "due-work"

ARRIVAL_SECONDS = 0.25
"""How long calls still are taken up when nobody can connect any more."""


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
    takes no new connections and then no new calls, answers the commands it has accepted,
    and closes its connections; what takes longer than `drain_seconds` is given up. If it
    `believes_metadata`, everybody may do everything, and say in the metadata of calls who
    asks, whatever the settings say.

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
        tracing = await closing.enter_async_context(open_tracing(settings, time))
        engine, readers = await closing.enter_async_context(
            open_pools(
                settings, database_url, time, tracing, database_is_checked=database_is_checked
            )
        )
        wallet_readers = await closing.enter_async_context(
            open_wallet_readers(settings, readers, time, tracing)
        )
        configurations = ConfigurationCache()
        limits = replace(settings.for_engine(), expects_peers=settings.share_port)
        relaying = await closing.enter_async_context(
            open_relaying(settings, database_url, engine, time, tracing)
        )
        sequencing = await closing.enter_async_context(
            open_sequencing(settings, database_url, engine, time, tracing)
        )
        chapters = await closing.enter_async_context(
            open_chapters(settings, database_url, engine, time)
        )
        executor = Executor(
            database_url,
            configurations,
            limits,
            now,
            on_recorded=sequencing.poke,
            tracing=tracing,
        )
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
            open_statements(settings, database_url, engine, time, tracing)
        )
        hub = await closing.enter_async_context(
            open_watching(settings, database_url, time, tracing)
        )
        authenticator = await closing.enter_async_context(
            open_authenticator(settings, engine, clock, is_trusting=is_trusting)
        )
        audit_log = AuditLog(engine, now, queue_max=settings.audit_queue_calls_max)
        closing.push_async_callback(finish_log, audit_log, time)
        exports = ExportProcesses(
            database_url,
            exports_max=settings.exports_max,
            tenant_exports_max=settings.tenant_exports_max,
        )
        edge = open_edge(
            settings,
            executor=executor,
            reads=Reads(
                wallets=WalletReader(
                    *(wallet_readers, configurations, now),
                    primary=None if wallet_readers is readers else readers,
                ),
                events=EventReader(readers),
                hub=hub,
                statements=StatementReader(readers),
                exports=exports,
                now=now,
            ),
            administration=administration_of(
                engine, readers, configurations, now, settings.for_administration()
            ),
            authenticator=authenticator,
            onlookers=Onlookers(refusals=audit_log, following=tracing),
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
            exports,
        )
        server.start_own_work(settings)
        closing.callback(server.stop_own_work_soon)  # First of all: the edge takes its time.
        yield server


def open_edge(
    settings: Settings,
    *,
    executor: Executor,
    reads: Reads,
    administration: Administration,
    authenticator: Authenticator,
    onlookers: Onlookers,
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
            onlookers=onlookers,
        )
    except RuntimeError as error:
        raise PortTakenError(settings.listen_address) from error


async def stop_edge(edge: Edge, time: Countdown) -> None:
    """Takes no more calls, and lets those under way end."""
    await edge.stop(time.left(), arrival_seconds=ARRIVAL_SECONDS)


async def finish(due_work: DueWork, time: Countdown) -> None:
    """Lets due work that was begun end. What is left is done later, or by others."""
    if not await time.suffices(due_work.finish()):
        logger.warning("gave up due work; it will be done again")


async def finish_log(log: AuditLog, time: Countdown) -> None:
    """Lets the calls that were refused be put on record."""
    if not await time.suffices(log.finish()):
        logger.error("gave up refused calls: %d are lost to the record", log.waiting_count)


async def drain(executor: Executor, time: Countdown) -> None:
    """Lets the engine answer what it has accepted. All calls have ended by now, or must."""
    if not await time.suffices(executor.drain()):
        logger.error("gave up commands that were accepted", extra={"drain_seconds": time.seconds})
