"""What a server does by itself leaves the rest to others when it ends, in whatever way."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.database import Database
from wallet_server.execution.lease import Lease
from wallet_server.execution.own_work import OwnWork
from wallet_server.execution.repetition import Repetition
from wallet_server.storage.engine import create_engine
from wallet_server.storage.leases import take_lease

LEASE_SECONDS = 600.0
PATIENCE_SECONDS = 30


@pytest.fixture
async def engine(database: Database) -> AsyncIterator[AsyncEngine]:
    engine = create_engine(database.server_url, connections_max=1)
    yield engine
    await engine.dispose()


class Digging(OwnWork):
    """Takes its lease, and then as long as it is let. Notes how it ends."""

    def __init__(self, engine: AsyncEngine) -> None:
        repetition = Repetition("digging", self.dig, interval_seconds=1, pause_seconds_max=1)
        super().__init__(repetition, Lease(engine, "digging", seconds=LEASE_SECONDS))
        self.has_begun = asyncio.Event()
        self.may_end = asyncio.Event()
        self.ends: list[str] = []

    async def dig(self) -> None:
        """Waits until it may end."""
        assert await self._lease.take()
        self.has_begun.set()
        await self.may_end.wait()
        self.ends.append("dug")

    async def _conclude(self) -> None:
        self.ends.append("concluded")

    def _close_now(self) -> None:
        self.ends.append("closed")


async def begin(engine: AsyncEngine) -> Digging:
    digging = Digging(engine)
    digging.start()
    async with asyncio.timeout(PATIENCE_SECONDS):
        await digging.has_begun.wait()
    return digging


async def test_it_waits_for_what_was_begun_and_gives_up_its_lease(engine: AsyncEngine) -> None:
    digging = await begin(engine)
    finish = asyncio.create_task(digging.finish())
    await asyncio.sleep(0)
    assert not await take_lease(engine, "digging", "other", seconds=LEASE_SECONDS)

    digging.may_end.set()
    async with asyncio.timeout(PATIENCE_SECONDS):
        await finish

    assert digging.ends == ["dug", "concluded", "closed"]
    assert await take_lease(engine, "digging", "other", seconds=LEASE_SECONDS)


async def test_it_gives_up_its_lease_though_nobody_waits_for_it(engine: AsyncEngine) -> None:
    digging = await begin(engine)
    finish = asyncio.create_task(digging.finish())
    await asyncio.sleep(0)

    finish.cancel()
    with pytest.raises(asyncio.CancelledError):
        await finish

    assert digging.ends == ["closed"]
    assert await take_lease(engine, "digging", "other", seconds=LEASE_SECONDS)
