"""Keeps two migrators from working on one database at once."""

from collections.abc import Generator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

LOCK_KEY = 0x77616C6C6574
"""Any number, the same in every release."""

WAIT_SECONDS = 60
"""How long to wait for another migrator: servers that start together all migrate first."""

LOCK_NOT_AVAILABLE = "55P03"


class MigrationBusyError(Exception):
    """Another migrator is at work, and was for as long as this one waited."""

    def __init__(self) -> None:
        super().__init__("Another migration of this database is running. Try again when it ends.")


@contextmanager
def migration_lock(connection: sa.Connection) -> Generator[None]:
    """Waits for the lock, for a while, and holds it. Takes a connection in autocommit.

    It belongs to the session, as the statements in between are transactions of
    their own; so it works through no pool that shares sessions.

    Raises:
        MigrationBusyError: The lock was not free in time.

    """
    _lock(connection)
    try:
        yield
    finally:
        connection.execute(sa.select(sa.func.pg_advisory_unlock(LOCK_KEY)))


def _lock(connection: sa.Connection) -> None:
    connection.execute(sa.text(f"SET lock_timeout = '{WAIT_SECONDS}s'"))
    try:
        connection.execute(sa.select(sa.func.pg_advisory_lock(LOCK_KEY)))
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == LOCK_NOT_AVAILABLE:
            raise MigrationBusyError from None
        raise
    finally:
        connection.execute(sa.text("RESET lock_timeout"))
