"""Acts are told in their order, whatever the clocks of servers say."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.database import Database
from tests.events import NOON, find_disorder, give_positions, told
from tests.storage.batches import TENANT, insert_tenant
from wallet_server.core.administration.act import Act
from wallet_server.core.events.event import CommandAnswered, EventType
from wallet_server.storage import tenant_outbox
from wallet_server.storage.engine import create_engine

ACT = Act(TENANT, "r1", "TopologyAdmin.ActivateTopology", correlation_id="flow")


@pytest.fixture
async def engine(database: Database) -> AsyncIterator[AsyncEngine]:
    await insert_tenant(database)
    engine = create_engine(database.server_url)
    yield engine
    await engine.dispose()


@pytest.mark.parametrize("rows_max", [1, 2, 100])
async def test_a_backlog_of_acts_keeps_their_order(
    engine: AsyncEngine, database: Database, rows_max: int
) -> None:
    done = [(EventType.COMMAND_ANSWERED, CommandAnswered(ACT.method))] * 2
    for hours in (1, 0, -1, 0.5, 2):
        async with engine.begin() as connection:
            await tenant_outbox.insert(
                connection, ACT, done, uuid4(), NOON + timedelta(hours=hours)
            )
    connection = await database.connect()
    for _ in range(5):
        await give_positions(connection, rows_max)

    assert await told(connection) == [("", sequence) for sequence in range(1, 11)]
    assert await find_disorder(connection) == []
