"""Retention goes through all tenants, in a server or by hand, and tells who keeps it from that."""

import logging
from collections.abc import AsyncIterator

import pytest
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.database import Connection, Database
from tests.events import TENANT, Outbox, give_positions
from tests.execution.ledger import wait_until
from wallet_server.core.ids import WalletRef
from wallet_server.execution.event_retention.background import (
    EVENT_RETENTION_LEASE,
    EventRetention,
)
from wallet_server.execution.event_retention.removal import (
    Removal,
    UnknownConsumerError,
    remove_once,
)
from wallet_server.execution.event_retention.settings import EventRetentionSettings
from wallet_server.execution.lease import Lease
from wallet_server.storage.engine import create_engine
from wallet_server.storage.event_retention import Holder

DAY = EventRetentionSettings(
    event_retention_days=1,
    event_retention_events_max=2,
    event_retention_pause_seconds=0,
    event_retention_interval_seconds=0.01,
)
OLD = "UPDATE events SET position_time = now() - interval '25 hours' WHERE position <= 5"

KEEP = """
CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'kept'; END $$;
CREATE TRIGGER keep BEFORE DELETE ON events
FOR EACH ROW WHEN (OLD.tenant_id = '{tenant_id}') EXECUTE FUNCTION keep();
"""
"""Has every attempt to remove events of a tenant fail."""


@pytest.fixture
async def connection(database: Database) -> Connection:
    """Two tenants with six events each, all of which but the last are too old."""
    connection = await database.connect_superuser()
    outbox = Outbox(connection)
    for number in range(6):
        for tenant_id in (TENANT, "other"):
            await outbox.add(WalletRef(tenant_id, "ann", "EUR"), seconds=number)
    await give_positions(connection)
    await connection.execute(OLD)
    return connection


@pytest.fixture
async def server_engine(database: Database) -> AsyncIterator[AsyncEngine]:
    engine = create_engine(database.server_url)
    yield engine
    await engine.dispose()


@pytest.fixture
async def engine(database: Database) -> AsyncIterator[AsyncEngine]:
    engine = create_engine(database.retention_url)
    yield engine
    await engine.dispose()


def retention_of(engine: AsyncEngine, server_engine: AsyncEngine) -> EventRetention:
    lease = Lease(server_engine, EVENT_RETENTION_LEASE, seconds=600)
    return EventRetention(Removal(engine, DAY), lease, DAY)


async def count(connection: Connection) -> int:
    return await connection.fetchval("SELECT count(*) FROM events")


async def test_a_pass_goes_through_all_tenants(database: Database, connection: Connection) -> None:
    removed = await remove_once(database.retention_url, DAY)

    assert removed.events == {TENANT: 5, "other": 5}
    assert removed.holders == []
    assert await count(connection) == 2


async def test_a_pass_forgets_consumers_that_are_gone(
    database: Database, connection: Connection
) -> None:
    for consumer, position in (("old", 0), ("relay", 3)):
        await connection.execute(
            "INSERT INTO event_consumers VALUES ($1, $2, $3, now())",
            *(consumer, TENANT, position),
        )
    with pytest.raises(UnknownConsumerError):
        await remove_once(database.retention_url, DAY, forget=["nobody"])

    removed = await remove_once(database.retention_url, DAY, forget=["old"])

    assert removed.events == {TENANT: 3}
    assert removed.holders == [Holder(TENANT, "relay", 3), Holder("other", "relay", 0)]


async def test_there_is_a_pause_after_each_transaction_that_may_not_be_the_last(
    connection: Connection, engine: AsyncEngine
) -> None:
    left: list[int] = []

    async def sleep(seconds: float) -> None:
        assert seconds == DAY.event_retention_pause_seconds
        left.append(await count(connection))

    await Removal(engine, DAY, sleep).remove_all()

    assert left == [10, 8, 5, 3]


async def test_a_server_removes_again_and_again(
    connection: Connection, engine: AsyncEngine, server_engine: AsyncEngine
) -> None:
    retention = retention_of(engine, server_engine)
    retention.start()

    async def is_removed() -> bool:
        return await count(connection) == 2

    await wait_until(is_removed)
    await Outbox(connection, {WalletRef(TENANT, "ann", "EUR"): 6}).add(
        WalletRef(TENANT, "ann", "EUR")
    )
    await give_positions(connection)
    await connection.execute("UPDATE events SET position_time = now() - interval '2 days'")

    async def is_empty() -> bool:
        return await count(connection) == 0

    await wait_until(is_empty)
    await retention.finish()


async def test_one_server_removes_at_a_time(
    connection: Connection, engine: AsyncEngine, server_engine: AsyncEngine
) -> None:
    other = Lease(server_engine, EVENT_RETENTION_LEASE, seconds=600)
    assert await other.take()
    retention = retention_of(engine, server_engine)

    await retention.remove_all()
    assert await count(connection) == 12

    await other.give_up()
    await retention.remove_all()
    assert await count(connection) == 2


async def test_whom_it_waits_for_is_logged(
    connection: Connection,
    engine: AsyncEngine,
    server_engine: AsyncEngine,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await connection.execute("INSERT INTO event_consumers VALUES ('relay', 'other', 5, now())")

    with caplog.at_level(logging.INFO):
        await retention_of(engine, server_engine).remove_all()

    messages = [(each.levelname, each.message) for each in caplog.records]
    assert ("INFO", "events were removed") in messages
    assert ("WARNING", "events that are past their time are kept for a consumer") in messages


async def test_a_tenant_whose_events_cannot_be_removed_is_not_in_the_way_of_others(
    connection: Connection, engine: AsyncEngine
) -> None:
    await connection.execute(KEEP.format(tenant_id=min(TENANT, "other")))

    with pytest.raises(DBAPIError, match="kept"):
        await Removal(engine, DAY).remove_all()

    rows = await connection.fetch("SELECT tenant_id, count(*) FROM events GROUP BY 1 ORDER BY 1")
    assert [tuple(row) for row in rows] == sorted(
        [(min(TENANT, "other"), 6), (max(TENANT, "other"), 1)]
    )
