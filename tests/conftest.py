"""What every test may ask for: a Postgres, and a database of its own in it.

Each pytest worker has one Postgres, on a Unix socket in a directory of its own. The
schema is migrated once into a template; a test's database is a copy of it, which takes
a few hundredths of a second.

    async def test_something(database: Database) -> None:
        connection = await database.connect(Role.SERVER)
"""

import gc
import itertools
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Generator, Iterator
from pathlib import Path

import pytest

from tests.database import TEMPLATE, Database, SharedPostgres, copy_of, make_passwords_cheap
from tests.frozen import frozen_values
from tests.memory import folder_in_memory
from wallet_server.embedded.postgres import EmbeddedPostgres
from wallet_server.embedded.roles import Role
from wallet_server.storage.migrating import migrate

# Tests fork to run programs under other accounts. gRPC's own handlers of forks, which are
# for programs that go on using it in the child, would run in between.
os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "0")

# Tests start many programs. Where compiled modules may not be kept, each of them compiles
# all that it imports, and pytest all tests anew in each of its workers.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# Nothing here has to survive a power cut, and what Postgres keeps may stay small.
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_wal_size": "256MB",
    "autovacuum": "off",  # Its workers are in the way of copying and dropping databases.
}


WORKERS_PER_PROCESSOR = 1.5
"""They wait for Postgres, and for programs that start, a third of the time."""


def pytest_xdist_auto_num_workers() -> int:
    """Returns how many workers run tests, unless it is said."""
    processors_count = (
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    )
    return round(processors_count * WORKERS_PER_PROCESSOR)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collects tests without looking for garbage, nor ever for any among what that leaves."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.fixture(scope="session", autouse=True)
def _frozen_values() -> Iterator[None]:
    """Whoever assigns to a value of the core, in any test, fails."""
    with frozen_values():
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[SharedPostgres]:
    """The worker's Postgres, with the roles owner, server and retention.

    Not below pytest's own folder, which is closed to the account that runs it for root.
    """
    with (
        tempfile.TemporaryDirectory(prefix="wallet-test-", dir=folder_in_memory()) as folder,
        SharedPostgres.start(Path(folder), settings=SETTINGS) as running,
    ):
        yield running


@pytest.fixture(scope="session")
async def template(postgres: SharedPostgres) -> AsyncIterator[str]:
    """The name of a migrated database that nobody may connect to, so that it can be copied."""
    await make_passwords_cheap(postgres)
    await postgres.create_database(TEMPLATE)
    await migrate(postgres.url(Role.OWNER, TEMPLATE))
    async with postgres.connected():
        yield TEMPLATE


@pytest.fixture(scope="session")
def database_names() -> Iterator[str]:
    """Names that no other database of the worker's Postgres has."""
    return (f"test_{number}" for number in itertools.count(1))


@pytest.fixture
async def empty_database(
    postgres: EmbeddedPostgres, database_names: Iterator[str]
) -> AsyncIterator[Database]:
    """A database without a schema, for tests of migrations."""
    database = Database(postgres, next(database_names))
    await postgres.create_database(database.name)
    yield database
    await database.drop()


@pytest.fixture
async def database(
    postgres: EmbeddedPostgres, template: str, database_names: Iterator[str]
) -> AsyncIterator[Database]:
    """A migrated database without rows."""
    async with copy_of(postgres, template, database_names) as database:
        yield database


@pytest.fixture(scope="session")
def listeners_count() -> int:
    """How many grpc servers a test's server has: no more than it takes to share a port.

    Tests that have many connections ask for as many as there are by default.
    """
    return 2
