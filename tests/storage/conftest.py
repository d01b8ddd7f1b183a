"""The connections of a lane, on a database with a tenant; and databases to plan statements in."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.database import Database, copy_of
from tests.storage.batches import Lane, insert_tenant, lane
from tests.storage.plans import STATES, AnyConnection, fill
from wallet_server.embedded.postgres import EmbeddedPostgres
from wallet_server.storage.readers import open_readers


@pytest.fixture
async def connections(database: Database) -> AsyncIterator[Lane]:
    """One connection to load with and one to record with."""
    await insert_tenant(database)
    async with lane(database) as opened:
        yield opened


@pytest.fixture(scope="module", params=STATES.values(), ids=list(STATES))
async def filled(
    postgres: EmbeddedPostgres,
    template: str,
    database_names: Iterator[str],
    request: pytest.FixtureRequest,
) -> AsyncIterator[Database]:
    """A database whose statistics say what they like. Tests only ask it for plans.

    The module that they are in has the statement `FILL`, which adds rows.
    """
    async with copy_of(postgres, template, database_names) as database:
        await fill(await database.connect_superuser(), request.param, request.module.FILL)
        yield database


@pytest.fixture
async def reader(filled: Database) -> AsyncIterator[AnyConnection]:
    """A connection of reads to it."""
    pool = await open_readers(filled.server_url, connections_max=1, statement_timeout_seconds=10)
    async with pool, pool.acquire() as connection:
        yield connection
