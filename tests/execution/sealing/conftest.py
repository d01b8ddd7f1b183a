"""A database in which much has happened, and what seals it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.database import Database
from tests.execution.conftest import now
from wallet_server.embedded.postgres import EmbeddedPostgres
from wallet_server.execution.sealing.keys import (
    SigningKey,
    load_signing_key,
    make_key_pair,
)
from wallet_server.execution.sealing.sealer import Sealer
from wallet_server.storage.engine import create_engine

COMMITS_MAX = 16
"""Few, so that there are several blocks."""

Seal = Callable[..., Awaitable[int]]


@pytest.fixture(scope="session")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a key that signs blocks; the public one is beside it."""
    path = tmp_path_factory.mktemp("keys") / "chain.pem"
    make_key_pair(path)
    return path


@pytest.fixture(scope="session")
def key(key_file: Path) -> SigningKey:
    """A key that signs blocks."""
    return load_signing_key(key_file)


@pytest.fixture(scope="session")
def public_key_file(key_file: Path) -> Path:
    """The public half of the key."""
    return key_file.with_name(key_file.name + ".pub")


@pytest.fixture(scope="session")
async def sealed_story(
    postgres: EmbeddedPostgres, told: Database, database_names: Iterator[str], key: SigningKey
) -> AsyncIterator[Database]:
    """A database in which everything has happened once, and is sealed; only to be copied."""
    database = Database(postgres, next(database_names))
    await postgres.create_database(database.name, told.name)
    engine = create_engine(database.server_url)
    await seal_all(engine, key)
    await engine.dispose()
    yield database
    await database.drop()


@pytest.fixture
async def sealed(
    postgres: EmbeddedPostgres, sealed_story: Database, database_names: Iterator[str]
) -> AsyncIterator[Database]:
    """A database in which everything has happened once, and is sealed."""
    database = Database(postgres, next(database_names))
    await postgres.create_database(database.name, sealed_story.name)
    yield database
    await database.drop()


async def seal_all(engine: AsyncEngine, key: SigningKey | None) -> int:
    """Seals all that waits. Returns how many blocks that made."""
    sealer = Sealer(engine, key, now, commits_max=COMMITS_MAX)
    count, more = 0, True
    while more:
        block, more = await sealer.seal()
        count += block is not None
    return count
