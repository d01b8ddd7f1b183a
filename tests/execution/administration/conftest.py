"""An engine on a database of the test's own."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.database import Database
from tests.execution.administration.versions import NOW, Office, open_office
from wallet_server.execution.administration.store import AdminStore
from wallet_server.storage.engine import create_engine


@pytest.fixture
async def engine(database: Database) -> AsyncIterator[AsyncEngine]:
    """Connections of the server's role."""
    engine = create_engine(database.server_url)
    yield engine
    await engine.dispose()


@pytest.fixture
async def office(database: Database, engine: AsyncEngine) -> Office:
    """A tenant with the small topology, a policy for sports, and a bucket that it does not name."""
    return await open_office(database, engine)


@pytest.fixture
async def tenant(office: Office) -> str:
    """What executors work for, instead of the shape that ships."""
    del office
    return "demo"


@pytest.fixture
def store(engine: AsyncEngine) -> AdminStore:
    """Carries out acts, at one moment."""
    return AdminStore(engine, lambda: NOW)
