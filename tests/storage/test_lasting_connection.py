"""A connection that lasts is opened when it is wanted, and again where it was lost."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import asyncpg
import pytest

from tests.database import Database
from wallet_server.storage.connections import Connection, open_loader
from wallet_server.storage.lasting_connection import LastingConnection

PATIENCE_SECONDS = 30
POLL_SECONDS = 0.003
FOR_EVER = "SELECT pg_sleep(600)"
FIND_PID = "SELECT pg_backend_pid()"
BEGUN = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pid = $1 AND query = $2)"


class Opener:
    """Opens connections, or fails so often first. Knows them all."""

    def __init__(self) -> None:
        self.failures_left = 0
        self.opened: list[Connection] = []

    async def open(self, database_url: str, *, statement_timeout_seconds: float) -> Connection:
        """Opens one more."""
        if self.failures_left:
            self.failures_left -= 1
            raise ConnectionRefusedError
        connection = await open_loader(
            database_url, statement_timeout_seconds=statement_timeout_seconds
        )
        self.opened.append(connection)
        return connection


@pytest.fixture
async def opener() -> AsyncIterator[Opener]:
    made = Opener()
    yield made
    for connection in made.opened:
        connection.terminate()


@pytest.fixture
def lasting(database: Database, opener: Opener) -> LastingConnection:
    return LastingConnection(opener.open, database.server_url, statement_timeout_seconds=600)


async def test_it_is_opened_once_when_it_is_wanted(
    opener: Opener, lasting: LastingConnection
) -> None:
    assert opener.opened == []

    connection = await lasting.get()
    assert await connection.fetchval("SELECT 1") == 1

    assert await lasting.get() is connection
    assert opener.opened == [connection]


async def test_it_is_opened_again_where_the_database_has_ended_it(
    database: Database, opener: Opener, lasting: LastingConnection
) -> None:
    lost = await lasting.get()
    is_lost = asyncio.Event()
    lost.add_termination_listener(lambda _: is_lost.set())
    superuser = await database.connect_superuser()
    await superuser.execute("SELECT pg_terminate_backend($1)", await lost.fetchval(FIND_PID))
    async with asyncio.timeout(PATIENCE_SECONDS):
        await is_lost.wait()

    connection = await lasting.get()

    assert await connection.fetchval("SELECT 1") == 1
    assert opener.opened == [lost, connection]


async def test_where_it_cannot_be_opened_that_is_tried_again(
    opener: Opener, lasting: LastingConnection
) -> None:
    opener.failures_left = 1
    with pytest.raises(ConnectionRefusedError):
        await lasting.get()

    assert await (await lasting.get()).fetchval("SELECT 1") == 1


async def test_it_is_closed_in_the_midst_of_a_statement_and_may_be_wanted_again(
    database: Database, lasting: LastingConnection
) -> None:
    closed = await lasting.get()
    pid = await closed.fetchval(FIND_PID)
    statement = asyncio.create_task(closed.execute(FOR_EVER))
    superuser = await database.connect_superuser()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await superuser.fetchval(BEGUN, pid, FOR_EVER):
            await asyncio.sleep(POLL_SECONDS)

    lasting.close_now()

    assert closed.is_closed()
    async with asyncio.timeout(PATIENCE_SECONDS):
        with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            await statement
            pytest.fail("the statement came to its end")
    assert await (await lasting.get()).fetchval(FIND_PID) != pid


async def test_to_close_what_was_never_opened_is_nothing(
    opener: Opener, lasting: LastingConnection
) -> None:
    lasting.close_now()
    assert opener.opened == []


async def test_to_close_it_twice_is_nothing(opener: Opener, lasting: LastingConnection) -> None:
    connection = await lasting.get()

    lasting.close_now()
    lasting.close_now()

    assert connection.is_closed()
    assert opener.opened == [connection]
