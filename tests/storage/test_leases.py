"""Leases: one process has the work, and another gets it when that one is gone."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.database import Database
from wallet_server.storage.engine import create_engine
from wallet_server.storage.leases import give_up_lease, take_lease

SECONDS = 600.0
OVERDUE = "UPDATE leases SET expire_time = clock_timestamp()"


@pytest.fixture
async def engine(database: Database) -> AsyncIterator[AsyncEngine]:
    engine = create_engine(database.server_url)
    yield engine
    await engine.dispose()


async def take(engine: AsyncEngine, holder: str, lease_name: str = "work") -> bool:
    return await take_lease(engine, lease_name, holder, seconds=SECONDS)


async def test_one_has_it_and_keeps_it(engine: AsyncEngine) -> None:
    assert await take(engine, "one")
    assert not await take(engine, "other")
    assert await take(engine, "one")


async def test_work_of_another_name_has_a_lease_of_its_own(engine: AsyncEngine) -> None:
    assert await take(engine, "one")
    assert await take(engine, "other", "other-work")


async def test_whoever_gives_it_up_lets_another_have_it_at_once(engine: AsyncEngine) -> None:
    await take(engine, "one")

    await give_up_lease(engine, "work", "one")

    assert await take(engine, "other")
    assert not await take(engine, "one")


async def test_it_ends_by_itself(engine: AsyncEngine, database: Database) -> None:
    await take(engine, "one")

    await (await database.connect()).execute(OVERDUE)

    assert await take(engine, "other")


async def test_whoever_lost_it_cannot_give_it_up(engine: AsyncEngine, database: Database) -> None:
    await take(engine, "one")
    await (await database.connect()).execute(OVERDUE)
    await take(engine, "other")

    await give_up_lease(engine, "work", "one")

    assert not await take(engine, "third")
