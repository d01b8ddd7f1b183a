"""An engine on a database of the test's own."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.database import Database
from wallet_server.storage.engine import create_engine


@pytest.fixture
async def engine(database: Database) -> AsyncIterator[AsyncEngine]:
    """Connections of the server's role."""
    engine = create_engine(database.server_url)
    yield engine
    await engine.dispose()
