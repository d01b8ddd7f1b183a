"""What Postgres' own types are is asked once; what a database's own are, by each connection."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from tests.database import Connection, Database
from wallet_server.embedded.roles import Role
from wallet_server.storage import known_types
from wallet_server.storage.connections import open_loader

Open = Callable[[], Awaitable[tuple[Connection, list[str]]]]

LISTS = "SELECT ARRAY[1::bigint, 2] AS numbers, ARRAY[gen_random_uuid()] AS ids"
MOOD = "SELECT 'calm'::mood AS one, ARRAY['calm', 'wild']::mood[] AS many"


@pytest.fixture
async def open_logged(database: Database, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Open]:
    """Opens connections as the engine does, each with the list of what it has sent so far.

    Nothing has been asked yet.
    """
    monkeypatch.setattr(known_types, "ROWS", {})
    opened: list[Connection] = []

    async def open_one() -> tuple[Connection, list[str]]:
        connection = await open_loader(database.server_url, statement_timeout_seconds=60)
        opened.append(connection)
        sent: list[str] = []
        connection.add_query_logger(lambda each: sent.append(each.query))
        return connection, sent

    yield open_one
    for connection in opened:
        await connection.close()


async def test_the_types_of_postgres_are_asked_for_once(open_logged: Open) -> None:
    first, sent_by_first = await open_logged()
    second, sent_by_second = await open_logged()

    [row] = await first.fetch(LISTS)
    [same] = await second.fetch(LISTS)
    await asyncio.sleep(0)  # What is logged is told a turn later.

    assert row["numbers"] == same["numbers"] == [1, 2]
    assert len(row["ids"]) == len(same["ids"]) == 1
    assert len(sent_by_first) > 1
    assert sent_by_second == [LISTS]


async def test_the_types_of_a_database_are_asked_for_by_each_connection(
    open_logged: Open, database: Database
) -> None:
    owner = await database.connect(Role.OWNER)
    await owner.execute("CREATE TYPE mood AS ENUM ('calm', 'wild')")
    first, _ = await open_logged()
    assert [tuple(row) for row in await first.fetch(MOOD)] == [("calm", ["calm", "wild"])]
    await owner.execute("DROP TYPE mood; CREATE TYPE mood AS ENUM ('wild', 'calm', 'sad')")

    second, sent = await open_logged()

    assert [tuple(row) for row in await second.fetch(MOOD)] == [("calm", ["calm", "wild"])]
    await asyncio.sleep(0)
    assert len(sent) > 1
    assert all(oid < known_types.OWN_TYPES_OID_END for oids in known_types.ROWS for oid in oids)
