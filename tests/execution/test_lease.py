"""A process' share in a lease: the database is asked seldom, and nothing depends on it."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.database import Database
from tests.execution.proxy import Proxy
from wallet_server.execution.lease import Lease
from wallet_server.storage.engine import create_engine
from wallet_server.storage.leases import take_lease

LONG_SECONDS = 600.0
HAND_OVER = "UPDATE leases SET holder = 'other', expire_time = clock_timestamp() + '1 day'"


@pytest.fixture
async def engine(proxy: Proxy) -> AsyncIterator[AsyncEngine]:
    engine = create_engine(proxy.url, connections_max=1)
    yield engine
    await engine.dispose()


async def test_whoever_has_it_does_not_ask_again_at_once(
    engine: AsyncEngine, database: Database
) -> None:
    lease = Lease(engine, "work", seconds=LONG_SECONDS)

    assert await lease.take()
    await (await database.connect()).execute(HAND_OVER)

    assert await lease.take()


async def test_whoever_has_it_asks_again_in_time(engine: AsyncEngine, database: Database) -> None:
    lease = Lease(engine, "work", seconds=0)

    assert await lease.take()
    await (await database.connect()).execute(HAND_OVER)

    assert not await lease.take()


async def test_whoever_gave_it_up_must_ask_again(engine: AsyncEngine) -> None:
    lease = Lease(engine, "work", seconds=LONG_SECONDS)
    await lease.take()

    await lease.give_up()

    assert await take_lease(engine, "work", "other", seconds=LONG_SECONDS)
    assert not await lease.take()


async def test_giving_it_up_is_no_trouble_where_the_database_is_away(
    engine: AsyncEngine, proxy: Proxy, caplog: pytest.LogCaptureFixture
) -> None:
    lease = Lease(engine, "work", seconds=LONG_SECONDS)
    await lease.take()
    await proxy.refuse()

    await lease.give_up()

    assert "a lease was not given up" in caplog.text
