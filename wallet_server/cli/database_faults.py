"""Says in one plain sentence why a database cannot be used."""

import os
import re
from collections.abc import Generator
from contextlib import contextmanager

import asyncpg
import click
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from wallet_server.database_url import place_of
from wallet_server.execution.errors import StorageUnavailableError
from wallet_server.storage.requirements import PostgresTooOldError

FAULTS = (
    OSError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    SQLAlchemyError,
    PostgresTooOldError,
    StorageUnavailableError,
)

ERRNO = re.compile(r"\[Errno (\d+)\]")
"""In what asyncio says where a host has several addresses and none of them answers."""


@contextmanager
def tell_database_faults(database_url: str) -> Generator[None]:
    """Ends the program with what is wrong if the database cannot be used in the block."""
    try:
        yield
    except BrokenPipeError:
        raise  # Whoever read our output has gone; asyncpg wraps the database's own.
    except FAULTS as error:
        place = place_of(database_url)
        database = f"the database at {place}" if place else "the database"
        message = f"{database} cannot be used: {describe_fault(error)}"
        raise click.ClickException(message) from error


def describe_fault(error: BaseException) -> str:
    """Returns what is wrong, without the names of classes and in one line."""
    match error:
        case DBAPIError() if error.orig is not None:
            return describe_fault(error.orig.__cause__ or error.orig)
        case StorageUnavailableError() if error.__cause__ is not None:
            return describe_fault(error.__cause__)
        case SQLAlchemyError():
            told = str(error.args[0])
        case asyncpg.UndefinedTableError():
            told = "it has no schema, or an old one; run: wallet-server migrate"
        case TimeoutError():
            told = "it does not answer in time"
        case OSError():
            told = describe_os_error(error)
        case _:
            told = str(error)
    return told.partition("\n")[0]  # Postgres' details and hints come in lines of their own.


def describe_os_error(error: OSError) -> str:
    """Returns what the system says, without the address, which is told already."""
    found = ERRNO.search(str(error))
    return os.strerror(int(found[1])).lower() if found else error.strerror or str(error)
