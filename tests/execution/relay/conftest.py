"""Events with positions, and relays that publish them to a stream of the test's own."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace

import pytest

from tests.database import Connection, Database
from tests.events import Outbox, give_positions
from tests.nats import Stored, nats, read_stream, stream
from wallet_server.core.events.told import ToldEvent
from wallet_server.core.ids import WalletRef
from wallet_server.execution.lease import Lease
from wallet_server.execution.relay.background import Relaying, lease_name_of
from wallet_server.execution.relay.errors import ChainBrokenError
from wallet_server.execution.relay.relay import Relay
from wallet_server.execution.relay.settings import NatsSettings, RelaySettings
from wallet_server.relaying import broker_opener
from wallet_server.storage.engine import create_engine
from wallet_server.storage.readers import open_readers

__all__ = ["nats", "stream"]

ACK_SECONDS = 10.0
OFTEN = RelaySettings(
    relay_interval_seconds=0.01,
    relay_pause_seconds_max=0.05,
    relay_standby_seconds=0.01,
    relay_lease_seconds=600,
)


def encode(told: ToldEvent) -> bytes:
    """Returns what tests publish of an event."""
    return f"{told.event_id} {told.document}".encode()


@dataclass
class Relays:
    """Makes relays for a stream, each as a server of its own would have it, and feeds them."""

    database: Database
    stream: NatsSettings
    connection: Connection
    outbox: Outbox
    closing: AsyncExitStack = field(default_factory=AsyncExitStack)
    seconds: int = 0

    async def record(self, *subjects: WalletRef | str, times: int = 1) -> None:
        """Records events of wallets or tenants, so often each, and gives them their positions."""
        for _ in range(times):
            self.seconds += 1
            await self.outbox.add(*subjects, seconds=self.seconds)
        await give_positions(self.connection)

    async def make(self, *, batch_events: int = 256, **changes: object) -> Relay:
        """Makes a relay. It knows nothing of others."""
        nats = replace(self.stream, **changes)
        engine = create_engine(self.database.server_url, connections_max=2)
        self.closing.push_async_callback(engine.dispose)
        readers = await open_readers(
            self.database.server_url, connections_max=1, statement_timeout_seconds=10
        )
        self.closing.push_async_callback(readers.close)
        opener = broker_opener(nats, ack_seconds=ACK_SECONDS)
        relay = Relay(readers, engine, opener, encode, nats, batch_events=batch_events)
        self.closing.push_async_callback(relay.leave)
        return relay

    async def start(self, settings: RelaySettings = OFTEN) -> Relaying:
        """Starts what relays by itself."""
        relay = await self.make()
        engine = create_engine(self.database.server_url, connections_max=1)
        self.closing.push_async_callback(engine.dispose)
        name = lease_name_of(self.stream.nats_stream)
        lease = Lease(engine, name, seconds=settings.relay_lease_seconds)
        relaying = Relaying(relay, lease, settings)
        self.closing.push_async_callback(relaying.finish)
        relaying.start()
        return relaying

    async def published(self) -> list[Stored]:
        """Returns what is in the stream."""
        return await read_stream(self.stream)

    async def expected(self) -> list[tuple[str, int]]:
        """Returns the ids and positions of all events, those of each tenant in order."""
        rows = await self.connection.fetch(
            "SELECT coalesce(wallet_id::text, tenant_id) || '/' || sequence AS id, position"
            " FROM events ORDER BY tenant_id, position"
        )
        return [(row["id"], row["position"]) for row in rows]

    async def check(self) -> Sequence[Stored]:
        """Holds the stream against the events: all are in it once, those of each tenant in order."""
        stored = await self.published()
        by_tenant = sorted(stored, key=lambda each: tenant_of(each, self.stream))
        told = [(each.event_id, each.position) for each in by_tenant]
        assert told == await self.expected()
        return stored

    async def noted(self) -> dict[str, int]:
        """Returns how far the relay is, as the database says."""
        rows = await self.connection.fetch(
            "SELECT tenant_id, position FROM event_consumers WHERE consumer = $1",
            f"nats:{self.stream.nats_stream}",
        )
        return {row["tenant_id"]: row["position"] for row in rows}


def tenant_of(stored: Stored, settings: NatsSettings) -> str:
    """Returns whose event it is, by its subject."""
    return stored.subject.removeprefix(f"{settings.nats_subject_prefix}.").partition(".")[0]


async def relay_all(relay: Relay) -> None:
    """Relays until nothing waits."""
    while await relay.relay_some():
        pass


async def insist(relay: Relay) -> int:
    """Relays until nothing waits, whoever gets in between. Returns how often somebody did."""
    broken_count = 0
    while True:
        try:
            if not await relay.relay_some():
                return broken_count
        except ChainBrokenError:
            broken_count += 1


@pytest.fixture
async def relays(database: Database, stream: NatsSettings) -> AsyncIterator[Relays]:
    """A database without events, and a stream that is not there."""
    connection = await database.connect_superuser()
    made = Relays(database, stream, connection, Outbox(connection))
    async with made.closing:
        yield made
