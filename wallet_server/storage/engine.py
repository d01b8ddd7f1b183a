"""SQLAlchemy's engine, for what is off the path of commands: schema, configuration, reads."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# asyncpg leaves the arguments of `connect` untyped.

from collections.abc import Mapping
from typing import Any

import asyncpg
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine.interfaces import AdaptedConnection
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from wallet_server.storage.database_url import normalize_url
from wallet_server.storage.known_types import KnowingConnection

DIALECT = "postgresql+asyncpg://"

APPLICATION_NAME = "wallet-server"


def create_engine(
    database_url: str,
    *,
    connections_max: int | None = None,
    server_settings: Mapping[str, str] | None = None,
) -> AsyncEngine:
    """Returns an engine whose connections asyncpg makes, so that one URL means one thing.

    Without `connections_max` every connection is new and is closed after its use.
    """
    settings = {"application_name": APPLICATION_NAME, **(server_settings or {})}

    async def connect() -> Any:  # noqa: ANN401 - as SQLAlchemy wants it.
        return await asyncpg.connect(
            normalize_url(database_url),
            connection_class=KnowingConnection,
            server_settings=settings,
        )

    if connections_max is None:
        return create_async_engine(DIALECT, async_creator=connect, poolclass=NullPool)
    engine = create_async_engine(
        DIALECT, async_creator=connect, pool_size=connections_max, max_overflow=0
    )
    event.listen(engine.sync_engine, "checkout", _check_open)
    return engine


def _check_open(adapted: AdaptedConnection, *_: object) -> None:
    """Has a pool open new connections if one of it was lost while nobody used it.

    That is known without asking. SQLAlchemy's own ping is three round trips before each use.
    """
    connection: asyncpg.Connection[Any] = adapted.driver_connection
    if connection.is_closed():
        raise InvalidatePoolError


LIMIT_STATEMENTS = sa.text("SELECT set_config('statement_timeout', :milliseconds, true)")


async def limit_statements(connection: AsyncConnection, seconds: float) -> None:
    """Lets no further statement of a transaction take longer than so long."""
    await connection.execute(LIMIT_STATEMENTS, {"milliseconds": str(int(seconds * 1000))})
