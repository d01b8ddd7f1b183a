"""Events past their time are removed, the oldest first, and no others."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.database import Connection, Database
from tests.events import TENANT, Outbox, find_disorder, give_positions
from wallet_server.core.ids import WalletRef
from wallet_server.storage.engine import create_engine
from wallet_server.storage.event_retention import (
    Holder,
    find_holders,
    find_tenants,
    forget_consumer,
    remove_events,
)

ANN = WalletRef(TENANT, "ann", "EUR")
HOUR_SECONDS = 3600.0


@pytest.fixture
async def engine(database: Database) -> AsyncIterator[AsyncEngine]:
    engine = create_engine(database.retention_url)
    yield engine
    await engine.dispose()


@pytest.fixture
async def connection(database: Database) -> Connection:
    """Ten events, of which six are two hours old."""
    connection = await database.connect_superuser()
    for number in range(10):
        await Outbox(connection, {ANN: number}).add(ANN, seconds=number)
    await give_positions(connection)
    await connection.execute(
        "UPDATE events SET position_time = now() - interval '2 hours' WHERE position <= 6"
    )
    return connection


async def remove(engine: AsyncEngine, events_max: int = 100, tenant_id: str = TENANT) -> int:
    async with engine.begin() as connection:
        return await remove_events(
            connection, tenant_id, older_than_seconds=HOUR_SECONDS, events_max=events_max
        )


async def kept(connection: Connection) -> tuple[int, int, int]:
    """Returns the first position that is kept, as it is and as it is told, and the last."""
    row = await connection.fetchrow(
        "SELECT min(e.position), h.first_position, h.position"
        " FROM event_heads AS h LEFT JOIN events AS e USING (tenant_id)"
        " GROUP BY h.first_position, h.position"
    )
    assert row is not None
    return tuple(row)


async def consume(connection: Connection, consumer: str, position: int, tenant_id: str) -> None:
    await connection.execute(
        "INSERT INTO event_consumers VALUES ($1, $2, $3, now())"
        " ON CONFLICT (consumer, tenant_id) DO UPDATE SET position = excluded.position",
        *(consumer, tenant_id, position),
    )


async def test_what_is_too_old_is_removed_in_pieces(
    engine: AsyncEngine, connection: Connection
) -> None:
    counts = [await remove(engine, 4) for _ in range(3)]

    assert counts == [4, 2, 0]
    assert await kept(connection) == (7, 7, 10)


async def test_the_head_stays_when_nothing_is_left(
    engine: AsyncEngine, connection: Connection
) -> None:
    await connection.execute("UPDATE events SET position_time = now() - interval '2 hours'")

    assert await remove(engine) == 10
    assert await kept(connection) == (None, 11, 10)
    async with engine.connect() as reading:
        assert await find_tenants(reading) == []

    await Outbox(connection, {ANN: 10}).add(ANN, seconds=10)
    await give_positions(connection)
    assert await kept(connection) == (11, 11, 11)


async def test_other_tenants_keep_theirs(engine: AsyncEngine, connection: Connection) -> None:
    await connection.execute("UPDATE events SET position_time = now() - interval '2 hours'")

    assert await remove(engine, tenant_id="other") == 0
    assert await kept(connection) == (1, 1, 10)


@pytest.mark.parametrize(
    ("relay", "rollup", "first"), [(3, 5, 4), (5, 3, 4), (0, 9, 1), (9, 9, 7), (6, 6, 7)]
)
async def test_what_a_consumer_has_yet_to_read_is_kept(
    engine: AsyncEngine, connection: Connection, relay: int, rollup: int, first: int
) -> None:
    await consume(connection, "relay", relay, TENANT)
    await consume(connection, "rollup", rollup, TENANT)

    await remove(engine)

    assert await kept(connection) == (first, first, 10)


async def test_a_consumer_that_has_not_come_to_the_tenant_yet_has_all_to_read(
    engine: AsyncEngine, connection: Connection
) -> None:
    await consume(connection, "relay", 3, "other")

    assert await remove(engine) == 0
    async with engine.begin() as working:
        holders = await find_holders(working, older_than_seconds=HOUR_SECONDS)
        assert holders == [Holder(TENANT, "relay", 0)]
        assert await forget_consumer(working, "relay") == 1
        assert await forget_consumer(working, "relay") == 0
        assert await find_holders(working, older_than_seconds=HOUR_SECONDS) == []

    assert await remove(engine) == 6


async def test_whoever_keeps_only_what_is_young_enough_is_not_told(
    engine: AsyncEngine, connection: Connection
) -> None:
    await consume(connection, "relay", 6, TENANT)

    await remove(engine)

    async with engine.connect() as reading:
        assert await find_holders(reading, older_than_seconds=HOUR_SECONDS) == []


async def test_two_at_once_leave_no_gap(engine: AsyncEngine, connection: Connection) -> None:
    counts = await asyncio.gather(*(remove(engine, size) for size in (2, 3, 4, 2)))

    first, told, last = await kept(connection)
    assert first == told == sum(counts) + 1
    assert (last, await find_disorder_of_positions(connection)) == (10, [])


async def find_disorder_of_positions(connection: Connection) -> list[tuple[object, ...]]:
    """Returns gaps; that a wallet's first events are gone is none."""
    return [each for each in await find_disorder(connection) if each[-1] == "positions"]
