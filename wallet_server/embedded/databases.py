"""Makes and drops whole databases, as the superuser."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# asyncpg leaves the arguments of `connect` untyped.

import asyncpg

from wallet_server.embedded.roles import ConnectOptions, Role


async def create_database(superuser: ConnectOptions, name: str, template: str | None) -> None:
    """Makes a database that the owner role owns, as a copy of `template` if there is one."""
    await _execute(superuser, creation_of(name, template))


async def drop_database(superuser: ConnectOptions, name: str) -> None:
    """Drops a database, if there is one, whoever is connected to it."""
    await _execute(superuser, drop_of(name))


def creation_of(name: str, template: str | None) -> str:
    """Returns the statement that makes a database."""
    # Copying files takes a tenth of the time that copying through the log does, for
    # databases as small as these.
    statement = f"CREATE DATABASE {quote_identifier(name)} OWNER {Role.OWNER} STRATEGY file_copy"
    return statement if template is None else f"{statement} TEMPLATE {quote_identifier(template)}"


def drop_of(name: str) -> str:
    """Returns the statement that drops a database."""
    return f"DROP DATABASE IF EXISTS {quote_identifier(name)} WITH (FORCE)"


def quote_identifier(name: str) -> str:
    """Returns `name` as SQL reads it back unchanged."""
    assert name.isprintable()
    return '"' + name.replace('"', '""') + '"'


async def _execute(superuser: ConnectOptions, statement: str) -> None:
    connection = await asyncpg.connect(**superuser)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
