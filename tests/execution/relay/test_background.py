"""Servers relay by themselves, one at a time, and go on whatever becomes of them or of NATS."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from tests.execution.ledger import wait_until
from tests.execution.relay.conftest import OFTEN, Relays, insist
from tests.nats import kill
from wallet_server.core.ids import WalletRef
from wallet_server.embedded.nats import EmbeddedNats
from wallet_server.execution.relay.background import Relaying
from wallet_server.execution.relay.settings import NatsSettings

ANN, BEN = WalletRef("demo", "ann", "EUR"), WalletRef("other", "ben", "EUR")
SELDOM = replace(OFTEN, relay_interval_seconds=3600)
"""It has to be told that there are events."""


@pytest.fixture
async def folder() -> AsyncIterator[Path]:
    with tempfile.TemporaryDirectory(prefix="wallet-test-") as made:
        yield Path(made) / "nats"


@pytest.fixture
async def mortal(folder: Path) -> AsyncIterator[EmbeddedNats]:
    """A NATS server of the test's own."""
    with EmbeddedNats.start(folder) as running:
        yield running


async def published(relaying: Relaying, count: int) -> None:
    """Waits until it has published so many events."""
    await wait_until(lambda: asyncio.sleep(0, relaying.statistics.events >= count))


async def test_events_are_published_as_they_come(relays: Relays) -> None:
    relaying = await relays.start()
    for number in range(1, 6):
        await relays.record(ANN, BEN)
        await published(relaying, 2 * number)

    await relays.check()
    statistics = relaying.statistics
    assert (statistics.active, statistics.connected, statistics.halted_tenants) == (1, 1, 0)


async def test_a_process_that_has_given_positions_need_not_wait(relays: Relays) -> None:
    relaying = await relays.start(SELDOM)
    await wait_until(lambda: asyncio.sleep(0, relaying.statistics.connected == 1))
    for number in range(1, 6):
        await relays.record(ANN)
        relaying.poke()
        await published(relaying, number)


async def test_one_process_relays_at_a_time(relays: Relays) -> None:
    first = await relays.start()
    await wait_until(lambda: asyncio.sleep(0, first.statistics.active == 1))
    second = await relays.start()
    await relays.record(ANN, times=3)
    await published(first, 3)
    assert second.statistics.active == 0

    await first.finish()
    await relays.record(ANN, times=2)
    await published(second, 2)

    assert (first.statistics.active, second.statistics.active) == (0, 1)
    assert first.statistics.events == 3
    await relays.check()


async def test_what_was_published_is_noted_at_the_end(relays: Relays) -> None:
    relaying = await relays.start()
    await relays.record(ANN, BEN, times=3)
    await published(relaying, 6)

    await relaying.finish()

    assert await relays.noted() == {"demo": 3, "other": 3}


async def test_it_begins_when_nats_does(relays: Relays, mortal: EmbeddedNats, folder: Path) -> None:
    mortal.stop()
    relays.stream = replace(relays.stream, nats_urls=(mortal.url,))
    await relays.record(ANN, times=3)
    relaying = await relays.start()
    await wait_until(lambda: asyncio.sleep(0, relaying.statistics.waiting_events == 3))
    assert relaying.statistics.connected == 0
    assert relaying.statistics.oldest_seconds > 0

    with EmbeddedNats.start(folder, listen_port=mortal.port):
        await published(relaying, 3)
        await relays.check()
        await relaying.finish()


async def test_it_goes_on_when_nats_was_killed_and_comes_back(
    relays: Relays, mortal: EmbeddedNats, folder: Path
) -> None:
    relays.stream = replace(relays.stream, nats_urls=(mortal.url,))
    relaying = await relays.start()
    async with AsyncExitStack() as closing:
        server = mortal
        for number in range(1, 6):
            await relays.record(ANN, BEN, times=20)
            await published(relaying, 40 * number - 20)  # In the midst of it, or after.
            await kill(server)
            await relays.record(ANN)
            server = closing.enter_context(EmbeddedNats.start(folder, listen_port=mortal.port))
        expected_count = len(await relays.expected())

        async def is_all_there() -> bool:
            return len(await relays.published()) == expected_count

        await wait_until(is_all_there)
        await relays.check()
        await relaying.finish()


async def test_a_stream_that_may_not_be_made_is_waited_for(
    relays: Relays, stream: NatsSettings, caplog: pytest.LogCaptureFixture
) -> None:
    relays.stream = replace(stream, nats_stream_create=False)
    await relays.record(ANN)
    waiting = await relays.start()
    await wait_until(
        lambda: asyncio.sleep(0, f"NATS has no stream {stream.nats_stream}" in caplog.text)
    )

    relays.stream = stream
    maker = await relays.make()
    await relays.record(ANN)
    await insist(maker)  # The one that waits may get in between as soon as there is a stream.
    await relays.record(ANN)
    await published(waiting, 1)

    await relays.check()
