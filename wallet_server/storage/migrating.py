"""Brings a database's schema to where this release needs it."""

from dataclasses import dataclass

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy.ext.asyncio import AsyncEngine

from wallet_server.storage.engine import create_engine
from wallet_server.storage.migration_lock import migration_lock
from wallet_server.storage.requirements import check_postgres, find_setting_warnings
from wallet_server.storage.revisions import migrations_folder
from wallet_server.storage.roles import prepare_roles

HEAD = "head"

# A change of the schema that waits for a lock holds up everything behind it; so it gives
# up soon, and is tried again. Building an index may take its time.
SERVER_SETTINGS = {
    "application_name": "wallet-server migrate",
    "lock_timeout": "5s",
    "statement_timeout": "30min",
    "idle_in_transaction_session_timeout": "60s",
}


@dataclass(frozen=True, slots=True)
class MigrationReport:
    """Where the schema was and is, and what should be set otherwise in Postgres.

    `before` is None for a database that had no schema, `after` if it has none now.
    """

    before: str | None
    after: str | None
    warnings: tuple[str, ...]


async def migrate(database_url: str, *, target: str = HEAD) -> MigrationReport:
    """Upgrades the schema to a revision, making the roles that are missing.

    Does nothing where nothing is to be done. Each statement is a transaction of
    its own; after a failure, run it again.

    Raises:
        PostgresTooOldError: Postgres is older than 15.
        MissingRolesError: Roles are missing and this login may not make them.
        WrongOwnerError: This login must not own the tables.
        MigrationBusyError: Another migrator is at work.

    """
    engine = create_migration_engine(database_url)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(_migrate, target)
    finally:
        await engine.dispose()


async def downgrade(database_url: str, *, target: str) -> None:
    """Takes the schema back to a revision, or to `base`. What it takes away is lost."""
    engine = create_migration_engine(database_url)
    try:
        async with engine.connect() as connection:
            await connection.run_sync(_downgrade, target)
    finally:
        await engine.dispose()


def create_migration_engine(database_url: str) -> AsyncEngine:
    """Returns an engine whose every statement is a transaction, with short lock waits."""
    engine = create_engine(database_url, server_settings=SERVER_SETTINGS)
    return engine.execution_options(isolation_level="AUTOCOMMIT")


def current_revision(connection: sa.Connection) -> str | None:
    """Returns the revision of the database's schema; None where there is none."""
    return MigrationContext.configure(connection).get_current_revision()


def alembic_config(connection: sa.Connection | None = None) -> Config:
    """Returns alembic's configuration, for work on a connection if there is one."""
    config = Config()
    config.set_main_option("path_separator", "os")
    config.set_main_option("script_location", str(migrations_folder()).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _migrate(connection: sa.Connection, target: str) -> MigrationReport:
    check_postgres(connection)
    with migration_lock(connection):
        prepare_roles(connection)
        before = current_revision(connection)
        command.upgrade(alembic_config(connection), target)
        after = current_revision(connection)
    return MigrationReport(before, after, tuple(find_setting_warnings(connection)))


def _downgrade(connection: sa.Connection, target: str) -> None:
    command.downgrade(alembic_config(connection), target)
