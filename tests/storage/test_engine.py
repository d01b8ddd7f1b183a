"""Pools of SQLAlchemy's: connections that were lost while nobody used them."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import asyncpg
import pytest
import sqlalchemy as sa
from asyncpg.connection import LoggedQuery
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.database import Connection, Database
from wallet_server.storage.engine import create_engine

CONNECTIONS = 3
PATIENCE_SECONDS = 60
OWN_ID = sa.text("SELECT pg_backend_pid()")
KILL = "SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) AS pid"


async def backends_of(engine: AsyncEngine) -> list[int]:
    """Returns whom the connections of a pool lead to, all used at once."""
    async with AsyncExitStack() as stack:
        connections = [
            await stack.enter_async_context(engine.connect()) for _ in range(CONNECTIONS)
        ]
        return [(await each.execute(OWN_ID)).scalar_one() for each in connections]


async def test_all_connections_of_a_pool_that_were_lost_are_opened_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Connection] = []
    connect = asyncpg.connect

    async def note(*arguments: Any, **settings: Any) -> Connection:
        opened.append(await connect(*arguments, **settings))
        return opened[-1]

    monkeypatch.setattr(asyncpg, "connect", note)
    superuser = await database.connect_superuser()
    opened.clear()
    engine = create_engine(database.server_url, connections_max=CONNECTIONS)
    first = await backends_of(engine)
    assert len(opened) == CONNECTIONS

    await superuser.execute(KILL, first)
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not all(each.is_closed() for each in opened):
            await asyncio.sleep(0.01)
    second = await backends_of(engine)

    assert len({*first, *second}) == 2 * CONNECTIONS
    await engine.dispose()


async def test_nothing_is_asked_before_a_connection_is_used(database: Database) -> None:
    """Whoever takes one out of a pool begins at once."""
    engine = create_engine(database.server_url, connections_max=1)
    sent: list[str] = []

    def note(query: LoggedQuery) -> None:
        sent.append(query.query.split()[0])

    async with engine.connect() as connection:
        raw = await connection.get_raw_connection()
        assert raw.driver_connection is not None
        raw.driver_connection.add_query_logger(note)

    async with engine.connect() as connection:
        await connection.execute(OWN_ID)
    await asyncio.sleep(0)  # Loggers are told in the loop's next turn; a sleep of none is no guess.
    await engine.dispose()

    assert sent == ["BEGIN;", "ROLLBACK;"]  # What it executes is prepared, and asyncpg tells not.
