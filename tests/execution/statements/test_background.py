"""Servers keep statements by themselves, one of them at a time."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest
from asyncpg import InvalidParameterValueError

from tests.database import Database
from tests.execution.conftest import now
from tests.execution.ledger import wait_until
from tests.execution.proxy import Proxy
from tests.execution.statements.conftest import Books
from tests.execution.vocabulary import TENANT, Caller
from wallet_server.core.ids import WalletRef
from wallet_server.execution.activation import apply_documents
from wallet_server.execution.lease import Lease
from wallet_server.execution.statements.background import STATEMENTS_LEASE, Statements
from wallet_server.execution.statements.keeper import StatementKeeper
from wallet_server.execution.statements.settings import StatementSettings
from wallet_server.shapes import load_shape
from wallet_server.storage.engine import create_engine

OFTEN = StatementSettings(
    statements_interval_seconds=0.01,
    statements_pause_seconds_max=0.02,
    statements_events_max=50,
    statements_lease_seconds=600,
)

Make = Callable[..., Awaitable[Statements]]


@pytest.fixture
async def make(database: Database) -> AsyncIterator[Make]:
    """Makes what keeps statements, as servers have it; it is finished at the end of the test."""
    async with AsyncExitStack() as closing:

        async def make(settings: StatementSettings = OFTEN, url: str = "") -> Statements:
            engine = create_engine(database.server_url, connections_max=1)
            closing.push_async_callback(engine.dispose)
            lease = Lease(engine, STATEMENTS_LEASE, seconds=settings.statements_lease_seconds)
            keeper = StatementKeeper(url or database.server_url, settings)
            statements = Statements(keeper, lease, settings)
            closing.push_async_callback(statements.finish)
            return statements

        yield make


async def wait_until_counted(books: Books) -> None:
    async def is_counted() -> bool:
        return not await books.keeper.tenants_behind()

    await wait_until(is_counted)


async def test_what_happens_is_counted_soon(books: Books, make: Make) -> None:
    statements = await make()
    statements.start()
    await wait_until_counted(books)
    await books.live("player")
    await books.sequence()

    await wait_until_counted(books)

    await statements.finish()
    assert statements.statistics.events > 100
    assert await books.problems() == []


async def test_only_one_of_several_works_and_another_goes_on(books: Books, make: Make) -> None:
    first, second = await make(), await make()
    await first.catch_up()
    await books.live("player")
    await books.sequence()

    await second.catch_up()
    assert second.statistics.events == 0
    await first.finish()
    await second.catch_up()

    assert second.statistics.events > 100
    assert await books.problems() == []


async def test_it_goes_on_when_the_database_was_away(
    books: Books, make: Make, proxy: Proxy
) -> None:
    statements = await make(url=proxy.url)
    statements.start()
    await wait_until_counted(books)
    await proxy.refuse()
    await books.live("player")
    await books.sequence()
    await proxy.listen()

    await wait_until_counted(books)

    assert await books.problems() == []


async def test_one_tenant_that_cannot_be_counted_is_not_in_the_way_of_others(
    books: Books, make: Make
) -> None:
    engine = create_engine(books.database.server_url)
    await apply_documents(engine, "alpha", load_shape("ruby"), now())
    await engine.dispose()
    await books.follow()
    await books.ledger.connection.execute(
        "UPDATE statements SET time_zone = 'Nowhere' WHERE tenant_id = 'alpha'"
    )
    executor = await books.start_executor()
    for tenant_id in ("alpha", TENANT):
        await Caller(executor, WalletRef(tenant_id, "ada", "EUR")).open(balance=100)
    await books.sequence()
    statements = await make()

    with pytest.raises(InvalidParameterValueError):
        await statements.catch_up()

    assert await books.keeper.tenants_behind() == ["alpha"]


async def test_the_lag_is_that_of_the_oldest_event_that_is_not_counted(
    books: Books, make: Make
) -> None:
    statements = await make()
    await statements.catch_up()
    assert statements.statistics.lag_seconds == 0.0
    await books.live("player")
    await books.sequence()
    await books.ledger.connection.execute(
        "UPDATE events SET position_time = position_time - interval '1 hour'"
    )

    assert await books.keeper.lag_seconds() >= 3600
    await statements.catch_up()
    assert statements.statistics.lag_seconds == 0.0
