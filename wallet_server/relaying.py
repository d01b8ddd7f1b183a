"""Puts together what publishes events to NATS."""

import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncEngine

from wallet_server.core.events.told import ToldEvent
from wallet_server.countdown import Countdown
from wallet_server.execution.lease import Lease
from wallet_server.execution.relay.background import Relaying, lease_name_of
from wallet_server.execution.relay.relay import OpenBroker, Relay
from wallet_server.execution.relay.settings import NatsSettings
from wallet_server.execution.tracing import TurnTracing, log_of
from wallet_server.rpc.encode.events import encode_event
from wallet_server.settings import Settings
from wallet_server.starting import check_schema
from wallet_server.storage.engine import create_engine
from wallet_server.storage.readers import open_readers
from wallet_server.tracing.opening import open_tracing

logger = logging.getLogger(__name__)

CONNECTIONS_MAX = 1
"""It does one thing after the other. Not those of calls, which may read from a copy that lags."""


@asynccontextmanager
async def open_relaying(
    settings: Settings,
    database_url: str,
    engine: AsyncEngine,
    time: Countdown,
    tracing: TurnTracing | None,
) -> AsyncGenerator[Relaying | None]:
    """Provides what relays events, if the settings say where to. It is not started yet.

    At the end of the block it finishes what it has begun, or gives it up.
    """
    if not settings.has_nats:
        yield None
        return
    nats, limits = settings.for_nats(), settings.for_relay()
    readers = await open_readers(
        database_url,
        connections_max=CONNECTIONS_MAX,
        statement_timeout_seconds=settings.read_statement_timeout_seconds,
        query_log=log_of(tracing),
    )
    try:
        relaying = Relaying(
            Relay(
                readers,
                engine,
                broker_opener(nats, ack_seconds=limits.relay_ack_seconds),
                encode,
                nats,
                batch_events=limits.relay_batch_events,
            ),
            Lease(engine, lease_name_of(nats.nats_stream), seconds=limits.relay_lease_seconds),
            limits,
            tracing,
        )
        try:
            yield relaying
        finally:
            if not await time.suffices(relaying.finish()):
                logger.warning(
                    "gave up events that were being relayed; they will be published again"
                )
    finally:
        readers.terminate()


@asynccontextmanager
async def open_relay_alone(settings: Settings, database_url: str) -> AsyncGenerator[Relaying]:
    """Relays for as long as the block lasts, in a process that does nothing else.

    Raises:
        StartError: It cannot start; or OSError, or what asyncpg raises, where the
            database cannot be used.
    """
    time = Countdown(settings.drain_seconds)
    engine = create_engine(database_url, connections_max=CONNECTIONS_MAX)
    try:
        await check_schema(engine)
        async with (
            open_tracing(settings, time) as tracing,
            open_relaying(settings, database_url, engine, time, tracing) as relaying,
        ):
            assert relaying is not None, "the settings say where to"
            relaying.start()
            yield relaying
    finally:
        await engine.dispose()


def broker_opener(nats: NatsSettings, *, ack_seconds: float) -> OpenBroker:
    """Returns what connects to NATS."""
    # Loaded where it is wanted: that takes a tenth of a second.
    from wallet_server.execution.relay.broker import Broker  # noqa: PLC0415

    return lambda: Broker.open(nats, ack_seconds=ack_seconds)


def encode(told: ToldEvent) -> bytes:
    """Returns an event as it is published: a `wallet.v1.Event`."""
    return encode_event(told).SerializeToString()
