"""How far consumers of events are is noted, and what waits for them is known."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.database import Database
from tests.events import TENANT, Outbox, give_positions
from wallet_server.core.ids import WalletRef
from wallet_server.storage.engine import create_engine
from wallet_server.storage.event_consumers import (
    find_oldest_waiting,
    find_positions,
    save_positions,
)
from wallet_server.storage.readers import Readers, open_readers

ANN = WalletRef(TENANT, "ann", "EUR")


@pytest.fixture
async def readers(database: Database) -> AsyncIterator[Readers]:
    async with await open_readers(
        database.server_url, connections_max=1, statement_timeout_seconds=10
    ) as pool:
        yield pool


@pytest.fixture
async def engine(database: Database) -> AsyncIterator[AsyncEngine]:
    made = create_engine(database.server_url, connections_max=1)
    yield made
    await made.dispose()


async def test_each_consumer_has_a_position_in_each_tenant(
    readers: Readers, engine: AsyncEngine
) -> None:
    await save_positions(engine, "one", {"a": 1, "b": 2})
    await save_positions(engine, "two", {"a": 3})
    await save_positions(engine, "one", {"b": 5, "c": 0})

    assert await find_positions(readers, "one") == {"a": 1, "b": 5, "c": 0}
    assert await find_positions(readers, "two") == {"a": 3}
    assert await find_positions(readers, "three") == {}


async def test_a_position_may_go_back(readers: Readers, engine: AsyncEngine) -> None:
    await save_positions(engine, "one", {"a": 5})
    await save_positions(engine, "one", {"a": 3})

    assert await find_positions(readers, "one") == {"a": 3}


async def test_the_wait_is_that_of_the_first_event_after_a_position(
    database: Database, readers: Readers
) -> None:
    connection = await database.connect_superuser()
    outbox = Outbox(connection)
    for seconds in (1, 2, 3):
        await outbox.add(ANN, seconds=seconds)
    await give_positions(connection)
    for position, hours in ((1, 3), (2, 2), (3, 1)):
        await connection.execute(
            "UPDATE events SET position_time = now() - make_interval(hours => $2)"
            " WHERE position = $1",
            *(position, hours),
        )

    async def wait_hours(positions: dict[str, int]) -> int:
        return int(await find_oldest_waiting(readers, positions) // 3600)

    assert await wait_hours({TENANT: 0, "other": 7}) == 3
    assert await wait_hours({TENANT: 1}) == 2
    assert await wait_hours({TENANT: 2}) == 1
    assert await find_oldest_waiting(readers, {TENANT: 3, "other": 0}) == 0
    assert await find_oldest_waiting(readers, {}) == 0
