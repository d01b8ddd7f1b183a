"""Runs migrations: for `wallet-server migrate`, for the tests, and for alembic's own program.

Every statement is a transaction of its own, because distributed engines allow no more
than one change of the schema in one transaction. So a migration may stop half-way, and
each of its statements must bear being run again.

alembic's own program finds the database in WALLET_OWNER_DATABASE_URL.
"""

import asyncio
import os

import sqlalchemy as sa
from alembic import context

from wallet_server.storage.migrating import create_migration_engine
from wallet_server.storage.migration_lock import migration_lock
from wallet_server.storage.tables import metadata


def run(connection: sa.Connection) -> None:
    """Runs what alembic was asked to run. The lock may be held twice by one session."""
    with migration_lock(connection):
        context.configure(connection=connection, target_metadata=metadata, transactional_ddl=False)
        context.run_migrations()


def print_sql() -> None:
    """Prints the SQL instead, for `alembic upgrade head --sql`."""
    context.configure(dialect_name="postgresql", transactional_ddl=False)
    context.run_migrations()


async def connect_and_run() -> None:
    """Runs on the database that the environment names."""
    engine = create_migration_engine(os.environ["WALLET_OWNER_DATABASE_URL"])
    try:
        async with engine.connect() as connection:
            await connection.run_sync(run)
    finally:
        await engine.dispose()


if context.is_offline_mode():
    print_sql()
elif (given := context.config.attributes.get("connection")) is not None:
    run(given)
else:
    asyncio.run(connect_and_run())
