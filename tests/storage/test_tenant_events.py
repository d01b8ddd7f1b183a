"""Acts leave events of their tenant, in the order of the acts."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.database import Database
from tests.events import NOON, find_disorder, told
from tests.storage.batches import TENANT, insert_tenant
from wallet_server.storage.engine import create_engine
from wallet_server.storage.sequencing import TAKE
from wallet_server.storage.tenant_events import Act, insert_tenant_events

ACT = Act("TopologyAdmin.ActivateTopology", "r1", "flow")


@pytest.fixture
async def engine(database: Database) -> AsyncIterator[AsyncEngine]:
    await insert_tenant(database)
    engine = create_engine(database.server_url)
    yield engine
    await engine.dispose()


async def leave(engine: AsyncEngine, *types: str, hours: float = 0) -> None:
    async with engine.begin() as connection:
        events = [(each, {"version": place}) for place, each in enumerate(types)]
        await insert_tenant_events(connection, TENANT, ACT, events, NOON + timedelta(hours=hours))


async def test_events_of_an_act_say_what_it_was(engine: AsyncEngine, database: Database) -> None:
    await leave(engine, "TOPOLOGY_ACTIVATED", "POLICY_ACTIVATED")
    connection = await database.connect()
    await connection.execute(TAKE, 100)

    rows = await connection.fetch(
        "SELECT sequence, wallet_sequence, is_first, type, event_time, command, request_id,"
        " correlation_id, document FROM events ORDER BY position"
    )

    act = (NOON, ACT.method, ACT.request_id, ACT.correlation_id)
    assert [tuple(row)[:8] for row in rows] == [
        (1, 0, True, "TOPOLOGY_ACTIVATED", *act),
        (2, 0, False, "POLICY_ACTIVATED", *act),
    ]
    assert [json.loads(row["document"]) for row in rows] == [{"version": 0}, {"version": 1}]


async def test_acts_are_told_in_their_order_whatever_clocks_say(
    engine: AsyncEngine, database: Database
) -> None:
    for hours in (1, 0, -1, 0.5, 2):
        await leave(engine, "TOPOLOGY_ACTIVATED", hours=hours)
    connection = await database.connect()
    for _ in range(5):
        await connection.execute(TAKE, 1)

    assert await told(connection) == [("", sequence) for sequence in range(1, 6)]
    assert await find_disorder(connection) == []
