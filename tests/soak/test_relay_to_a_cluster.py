"""Relays publish to three NATS servers that keep copies, any of which may die at any time."""

import asyncio
import socket
import tempfile
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest

from tests.nats import Stored, kill, read_stream
from wallet_server.embedded.errors import EmbeddedNatsError
from wallet_server.embedded.nats import ANY_PORT, EmbeddedNats
from wallet_server.execution.relay.broker import Broker
from wallet_server.execution.relay.connecting import NATS_TROUBLES
from wallet_server.execution.relay.errors import BrokerError
from wallet_server.execution.relay.message import Message
from wallet_server.execution.relay.settings import NatsSettings

SERVERS_COUNT = 3
EVENTS_COUNT = 40_000
BATCH_EVENTS = 64
ACK_SECONDS = 3.0
LIFE_SECONDS, DEATH_SECONDS = (1.0, 3.0), (0.2, 1.0)
PATIENCE_SECONDS = 600
PAUSE_SECONDS = 0.2


@dataclass
class Cluster:
    """Servers that know each other by the ports of their routes."""

    folder: Path
    route_ports: list[int]
    servers: list[EmbeddedNats] = field(default_factory=list[EmbeddedNats])

    def start(self) -> None:
        """Starts all of them."""
        self.servers = [self._start(number, ANY_PORT) for number in range(SERVERS_COUNT)]

    @property
    def settings(self) -> NatsSettings:
        """Where they are."""
        return NatsSettings(
            tuple(server.url for server in self.servers),
            nats_stream_replicas=SERVERS_COUNT,
            nats_duplicate_window_seconds=2,
        )

    async def kill_again_and_again(self, random: Random, is_over: asyncio.Event) -> None:
        """Kills one at a time, and starts it again after a while."""
        while not is_over.is_set():
            await asyncio.sleep(random.uniform(*LIFE_SECONDS))
            number = random.randrange(SERVERS_COUNT)
            port = self.servers[number].port
            await kill(self.servers[number])
            await asyncio.sleep(random.uniform(*DEATH_SECONDS))
            self.servers[number] = await self._start_again(number, port)

    async def _start_again(self, number: int, port: int) -> EmbeddedNats:
        """Starts a server where it was. Somebody else may have its port for a moment."""
        while True:
            with suppress(EmbeddedNatsError):
                return await asyncio.to_thread(self._start, number, port)
            await asyncio.sleep(PAUSE_SECONDS)

    def _start(self, number: int, port: int) -> EmbeddedNats:
        routes = ", ".join(f'"nats://127.0.0.1:{each}"' for each in self.route_ports)
        return EmbeddedNats.start(
            self.folder / str(number),
            listen_port=port,
            settings=(
                f'server_name: "server-{number}"\n'
                f'cluster {{ name: "test", listen: "127.0.0.1:{self.route_ports[number]}",'
                f" routes: [{routes}] }}"
            ),
        )


def free_ports(count: int) -> list[int]:
    """Returns ports that nobody has just now."""
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


@pytest.fixture
async def cluster() -> AsyncIterator[Cluster]:
    with tempfile.TemporaryDirectory(prefix="wallet-test-") as folder:
        made = Cluster(Path(folder), free_ports(SERVERS_COUNT))
        made.start()
        yield made
        for server in made.servers:
            server.stop()


async def relay(settings: NatsSettings) -> int:
    """Publishes all events from where the stream is. Returns how often it had to begin anew."""
    troubles_count = 0
    while True:
        try:
            await publish_all(settings)
        except BrokerError:
            troubles_count += 1
            await asyncio.sleep(PAUSE_SECONDS)
        else:
            return troubles_count


async def publish_all(settings: NatsSettings) -> None:
    """Publishes all that the stream has not, while nothing goes wrong."""
    broker = await Broker.open(settings, ack_seconds=ACK_SECONDS)
    try:
        last_sequence = await broker.last_sequence()
        last = await broker.find_last("demo")
        position = 0 if last is None else last.position
        while position < EVENTS_COUNT:
            upto = min(position + BATCH_EVENTS, EVENTS_COUNT)
            messages = [message(each) for each in range(position + 1, upto + 1)]
            await broker.publish(messages, last_sequence=last_sequence)
            last_sequence += len(messages)
            position = upto
    finally:
        await broker.close()


def message(position: int) -> Message:
    return Message(f"wallet.demo.X.{position % 16}", f"demo/{position}", position, b"x" * 100)


async def read_at_last(settings: NatsSettings) -> list[Stored]:
    """Reads the stream, as soon as it can be."""
    while True:
        with suppress(*NATS_TROUBLES):
            return await read_stream(settings)
        await asyncio.sleep(PAUSE_SECONDS)


@pytest.mark.soak
@pytest.mark.timeout(PATIENCE_SECONDS)
async def test_two_relays_publish_each_event_in_order_whichever_server_dies(
    cluster: Cluster,
) -> None:
    is_over = asyncio.Event()
    killing = asyncio.create_task(cluster.kill_again_and_again(Random(3), is_over))

    troubles = await asyncio.gather(*(relay(cluster.settings) for _ in range(2)))
    is_over.set()
    await killing

    stored = await read_at_last(cluster.settings)
    positions = [each.position for each in stored]
    print(f"begun anew: {troubles}; stored twice: {len(positions) - EVENTS_COUNT}")
    assert list(dict.fromkeys(positions)) == list(range(1, EVENTS_COUNT + 1))
    assert sum(troubles) > 0
