"""The connections of a lane, on a database with a tenant."""

from collections.abc import AsyncIterator

import pytest

from tests.database import Database
from tests.storage.batches import Lane, insert_tenant, lane


@pytest.fixture
async def connections(database: Database) -> AsyncIterator[Lane]:
    """One connection to load with and one to record with."""
    await insert_tenant(database)
    async with lane(database) as opened:
        yield opened
