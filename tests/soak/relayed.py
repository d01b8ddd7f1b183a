"""A server, a relay and a NATS that are killed at random moments, and a consumer of what they tell."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import grpc.aio

from examples.following import follow
from examples.rolling_progress import RollingProgress
from tests.events import AnyConnection
from tests.nats import kill as kill_nats
from tests.soak.server_process import ServerProcess, start_server
from wallet.v1.event_pb2 import Event
from wallet.v1.wallet_commands_pb2_grpc import WalletCommandsStub
from wallet_server.embedded.errors import EmbeddedNatsError
from wallet_server.embedded.nats import ANY_PORT, EmbeddedNats

LIFE_SECONDS = (0.3, 2.0)
RETURN_SECONDS_MAX = 20
POLL_SECONDS = 0.05

COMMITTED = """
SELECT coalesce(wallet_id::text, tenant_id) AS subject, sequence, position, type, request_id
FROM events ORDER BY tenant_id, position
"""


@dataclass
class Installation:
    """The three programs. One that is killed is started again, on the same data."""

    database_url: str
    folder: Path
    random: Random
    kills: dict[str, int] = field(default_factory=dict[str, int])
    started_count: int = 0
    stubs: list[WalletCommandsStub] = field(default_factory=list[WalletCommandsStub])
    channels: list[grpc.aio.Channel] = field(default_factory=list[grpc.aio.Channel])

    async def start(self) -> None:
        """Starts all of them."""
        self.nats = await self._start_nats(ANY_PORT)
        await self._start_server()
        self._start_relay()

    async def stop(self) -> None:
        """Stops all of them, as operators do."""
        await self.server.stop()
        await self.relay.stop()
        await asyncio.to_thread(self.nats.stop)
        for channel in self.channels:
            await channel.close()

    async def kill_again_and_again(self, is_over: asyncio.Event) -> None:
        """Kills one after the other at random, or two at once."""
        while not is_over.is_set():
            await asyncio.sleep(self.random.uniform(*LIFE_SECONDS))
            victims = self.random.sample(("server", "relay", "nats"), self.random.choice((1, 1, 2)))
            await asyncio.gather(*(self._kill(each) for each in victims))

    async def _kill(self, victim: str) -> None:
        self.kills[victim] = self.kills.get(victim, 0) + 1
        match victim:
            case "server":
                await self.server.kill()
                await self._start_server()
            case "relay":
                await self.relay.kill()
                self._start_relay()
            case _:
                await kill_nats(self.nats)
                self.nats = await self._start_nats(self.nats.port)

    async def _start_server(self) -> None:
        """Starts a server, at any port, and lets callers know."""
        log = self._new_log("server")
        self.server = start_server(self.database_url, log, WALLET_SEQUENCING_LEASE_SECONDS="0.5")
        await self.server.wait_until_serving()
        channel = grpc.aio.insecure_channel(self.server.target)
        self.channels.append(channel)  # Calls to the last server may be on their way yet.
        self.stubs[:] = [WalletCommandsStub(channel)]

    def _start_relay(self) -> None:
        self.relay: ServerProcess = start_server(
            self.database_url,
            self._new_log("relay"),
            arguments=("relay",),
            WALLET_NATS_URLS=self.nats.url,
            WALLET_RELAY_LEASE_SECONDS="0.5",
            WALLET_RELAY_STANDBY_SECONDS="0.1",
            WALLET_RELAY_PAUSE_SECONDS_MAX="0.5",
            WALLET_RELAY_BATCH_EVENTS="64",
            WALLET_NATS_DUPLICATE_WINDOW_SECONDS="1",
        )

    async def _start_nats(self, port: int) -> EmbeddedNats:
        """Starts NATS where it was. Somebody else may have its port for a moment."""
        async with asyncio.timeout(RETURN_SECONDS_MAX):
            while True:
                try:
                    folder = self.folder / "nats"
                    return await asyncio.to_thread(EmbeddedNats.start, folder, listen_port=port)
                except EmbeddedNatsError:
                    await asyncio.sleep(POLL_SECONDS)

    def _new_log(self, name: str) -> Path:
        self.started_count += 1
        return self.folder / f"{name}-{self.started_count}.log"


@dataclass
class Told:
    """All that a consumer was told, in the order in which it was."""

    events: list[Event] = field(default_factory=list[Event])
    ids: set[str] = field(default_factory=set[str])
    progress: RollingProgress = field(default_factory=RollingProgress)

    async def listen(self, url: str) -> None:
        """Listens until it is cancelled, whatever becomes of NATS."""
        async for _, event in follow(url):
            self.events.append(event)
            self.ids.add(event.event_id)
            self.progress.apply(event)

    async def wait_for(self, count: int) -> None:
        """Waits until it has been told of so many events."""
        while len(self.ids) < count:
            await asyncio.sleep(POLL_SECONDS)


@dataclass(frozen=True)
class Committed:
    """The events of the database: what they say, by their ids, and the ids of each wallet's."""

    by_id: dict[str, tuple[int, str, str]]
    by_subject: dict[str, list[str]]


async def read_committed(connection: AnyConnection) -> Committed:
    """Reads all events that were committed."""
    by_id: dict[str, tuple[int, str, str]] = {}
    by_subject: dict[str, list[str]] = {}
    for row in await connection.fetch(COMMITTED):
        event_id = f"{row['subject']}/{row['sequence']}"
        by_id[event_id] = (row["position"], row["type"], row["request_id"])
        by_subject.setdefault(row["subject"], []).append(event_id)
    return Committed(by_id, by_subject)


def find_differences(told: Sequence[Event], committed: Committed) -> Iterator[str]:
    """Yields what a consumer was told otherwise than it was committed."""
    first: dict[str, Event] = {}
    for event in told:
        before = first.setdefault(event.event_id, event)
        if before != event:
            yield f"{event.event_id} was told in two ways"
    for event_id, event in first.items():
        name = event_type_of(event)
        if committed.by_id.get(event_id) != (event.position, name, event.request_id):
            yield f"{event_id} was not committed so"
    for event_id in committed.by_id.keys() - first.keys():
        yield f"{event_id} was not told"
    heard: dict[str, list[str]] = {}
    for event_id in first:
        heard.setdefault(event_id.rpartition("/")[0], []).append(event_id)
    for subject, ids in heard.items():
        if ids != committed.by_subject.get(subject):
            yield f"the events of {subject} were told in another order"


def event_type_of(event: Event) -> str:
    """Returns the name of an event's type, as the database has it."""
    return (event.WhichOneof("payload") or "").upper()
