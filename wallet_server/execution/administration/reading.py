"""Connections for reads of what administrators see."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from wallet_server.execution.faults import faults_told


@asynccontextmanager
async def reading(engine: AsyncEngine) -> AsyncGenerator[AsyncConnection]:
    """Lends a connection that cannot write. Trouble with the database is a fault, not a bug."""
    options = {"isolation_level": "READ COMMITTED", "postgresql_readonly": True}
    with faults_told():
        async with engine.execution_options(**options).connect() as connection:
            yield connection
