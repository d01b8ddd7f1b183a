"""A NATS server for tests, and what is in its streams.

A test folder that wants the fixture `nats` imports it in its conftest. Tests share the server, and
have a stream each.
"""

import asyncio
import itertools
import os
import signal
import tempfile
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js import JetStreamContext, api

from wallet_server.embedded.nats import EmbeddedNats
from wallet_server.execution.relay.settings import NatsSettings

NAMES = itertools.count(1)
FETCH_SECONDS = 5.0


@pytest.fixture(scope="session")
def nats() -> Iterator[EmbeddedNats]:
    """A NATS server."""
    with (
        tempfile.TemporaryDirectory(prefix="wallet-test-") as folder,
        EmbeddedNats.start(Path(folder) / "nats") as running,
    ):
        yield running


@pytest.fixture
def stream(nats: EmbeddedNats) -> NatsSettings:
    """A stream of the test's own, that is not there yet."""
    number = next(NAMES)
    return NatsSettings(
        (nats.url,),
        nats_stream=f"TEST{number}",
        nats_subject_prefix=f"test{number}.wallet",
        nats_duplicate_window_seconds=0.1,
    )


@dataclass(frozen=True)
class Stored:
    """A message of a stream."""

    sequence: int
    subject: str
    headers: Mapping[str, str]
    payload: bytes

    @property
    def event_id(self) -> str:
        """What the stream knows it by."""
        return self.headers["Nats-Msg-Id"]

    @property
    def position(self) -> int:
        """The event's."""
        return int(self.headers["Wallet-Position"])


@asynccontextmanager
async def jetstream(url: str) -> AsyncGenerator[JetStreamContext]:
    """Connects to a server."""
    client = Client()
    await client.connect(url)
    try:
        yield client.jetstream()
    finally:
        await client.close()


async def read_stream(settings: NatsSettings, subjects: str = "") -> list[Stored]:
    """Returns all messages of a stream, in its order, or those of some subjects."""
    async with jetstream(settings.nats_urls[0]) as context:
        state = (await context.stream_info(settings.nats_stream)).state
        subscription = await context.pull_subscribe(
            subjects or f"{settings.nats_subject_prefix}.>",
            stream=settings.nats_stream,
            config=api.ConsumerConfig(ack_policy=api.AckPolicy.NONE),
        )
        pending = (await subscription.consumer_info()).num_pending or 0
        assert subjects or pending >= state.messages
        stored: list[Stored] = []
        while len(stored) < pending:
            fetched = await subscription.fetch(min(500, pending), timeout=FETCH_SECONDS)
            stored += [stored_of(message) for message in fetched]
        return stored


def stored_of(message: Msg) -> Stored:
    """Returns what a consumer was given."""
    sequence = message.metadata.sequence.stream
    return Stored(sequence, message.subject, message.headers or {}, message.data)


async def kill(server: EmbeddedNats) -> None:
    """Ends a server as the kernel does when memory runs out: at once, without a word."""
    os.kill(server.pid, signal.SIGKILL)
    await asyncio.to_thread(server.stop)
