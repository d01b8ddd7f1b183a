"""Connections for reads of what administrators see."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from wallet_server.execution.errors import RefusedError, StorageUnavailableError
from wallet_server.storage.troubles import Trouble, trouble_of


@asynccontextmanager
async def reading(engine: AsyncEngine) -> AsyncGenerator[AsyncConnection]:
    """Lends a connection that cannot write. Trouble with the database is a fault, not a bug."""
    options = {"isolation_level": "READ COMMITTED", "postgresql_readonly": True}
    try:
        async with engine.execution_options(**options).connect() as connection:
            yield connection
    except RefusedError:
        raise
    except Exception as error:
        if trouble_of(error) is Trouble.BROKEN:
            raise
        raise StorageUnavailableError from error
