"""The connections of reads: what becomes of one that is given back."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from tests.database import Database
from wallet_server.storage.readers import Readers, open_readers

WHO = "SELECT pg_backend_pid()"
LAST_STATEMENT = "SELECT query FROM pg_stat_activity WHERE pid = $1"


@pytest.fixture
async def readers(database: Database) -> AsyncIterator[Readers]:
    pool = await open_readers(database.server_url, connections_max=1, statement_timeout_seconds=10)
    async with pool:
        yield pool


async def test_a_read_is_one_statement(database: Database, readers: Readers) -> None:
    superuser = await database.connect_superuser()

    process_id = await readers.fetchval(WHO)

    assert await superuser.fetchval(LAST_STATEMENT, process_id) == WHO


async def test_what_goes_wrong_in_a_transaction_is_over_for_whoever_reads_next(
    readers: Readers,
) -> None:
    async with readers.acquire() as connection:
        process_id = await connection.fetchval(WHO)
        await connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        with pytest.raises(asyncpg.DivisionByZeroError):
            await connection.fetchval("SELECT 1 / 0")

    async with readers.acquire() as connection:
        assert await connection.fetchval(WHO) == process_id
        assert await connection.fetchval("SHOW transaction_isolation") == "read committed"


async def test_nobody_writes(readers: Readers) -> None:
    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        await readers.execute("DELETE FROM outbox")
