"""A ledger in which everything has happened, for those who only read it."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.database import Database
from tests.execution.conftest import configure
from tests.execution.story import Clock, tell
from tests.exports.reading import OTHER, PLAYER
from wallet_server.embedded.postgres import EmbeddedPostgres
from wallet_server.execution.configuration_cache import ConfigurationCache
from wallet_server.execution.executor import Executor
from wallet_server.execution.settings import EngineSettings


@pytest.fixture(scope="package")
async def ledger(
    postgres: EmbeddedPostgres, template: str, database_names: Iterator[str]
) -> AsyncIterator[Database]:
    """A database in which everything has happened once, to two wallets. Nobody may change it."""
    database = Database(postgres, next(database_names))
    await postgres.create_database(database.name, template)
    await configure(database)
    for wallet in (PLAYER, OTHER):
        clock = Clock()
        executor = Executor(database.server_url, ConfigurationCache(), EngineSettings(), clock)
        await executor.start()
        await tell(executor, wallet, clock)
        await executor.drain()
    yield database
    await database.drop()


@pytest.fixture
async def own_ledger(
    postgres: EmbeddedPostgres, ledger: Database, database_names: Iterator[str]
) -> AsyncIterator[Database]:
    """A copy of it that a test may change."""
    database = Database(postgres, next(database_names))
    await postgres.create_database(database.name, ledger.name)
    yield database
    await database.drop()
