"""A database of a test's own. The fixture `database` makes one."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# asyncpg leaves the arguments of `connect` untyped.

from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TypeAlias

import asyncpg

from wallet_server.embedded.databases import creation_of, drop_of
from wallet_server.embedded.postgres import EmbeddedPostgres
from wallet_server.embedded.roles import SUPERUSER, Role

TEMPLATE = "template_migrated"
"""What databases are copies of."""

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


class SharedPostgres(EmbeddedPostgres):
    """A Postgres that makes databases for many tests, over one connection while that is open.

    To open one for each takes about as long as to drop a database.
    """

    _superuser: "Connection | None" = None

    @asynccontextmanager
    async def connected(self) -> AsyncGenerator[None]:
        """Keeps the connection for as long as the block lasts."""
        self._superuser = await asyncpg.connect(**self._options(SUPERUSER, SUPERUSER))
        try:
            yield
        finally:
            await self._superuser.close()
            self._superuser = None

    async def create_database(self, name: str, template: str | None = None) -> None:
        if self._superuser is None:
            await super().create_database(name, template)
        else:
            await self._superuser.execute(creation_of(name, template))

    async def drop_database(self, name: str) -> None:
        if self._superuser is None:
            await super().drop_database(name)
        else:
            await self._superuser.execute(drop_of(name))


@dataclass
class Database:
    """A migrated database of a test's own, dropped after it whoever is still connected."""

    postgres: EmbeddedPostgres
    name: str
    connections: list[Connection] = field(default_factory=list)

    def url(self, role: Role = Role.SERVER) -> str:
        """Returns where it is, for one of the roles."""
        return self.postgres.url(role, self.name)

    @property
    def owner_url(self) -> str:
        """The URL for migrations."""
        return self.url(Role.OWNER)

    @property
    def server_url(self) -> str:
        """The URL for the server."""
        return self.url(Role.SERVER)

    @property
    def retention_url(self) -> str:
        """The URL for retention."""
        return self.url(Role.RETENTION)

    async def connect(self, role: Role = Role.SERVER) -> Connection:
        """Returns a connection, closed at the end of the test."""
        connection = await asyncpg.connect(self.url(role))
        self.connections.append(connection)
        return connection

    async def connect_superuser(self) -> Connection:
        """Returns a connection that nothing is forbidden to, closed at the end of the test."""
        connection = await asyncpg.connect(**self.postgres._options(SUPERUSER, self.name))
        self.connections.append(connection)
        return connection

    async def tamper(self, statement: str, *arguments: object) -> None:
        """Does what no role has the right to do."""
        connection = await asyncpg.connect(**self.postgres._options(SUPERUSER, self.name))
        try:
            await connection.execute(statement, *arguments)
        finally:
            await connection.close()

    async def let_owner_do_all(self) -> None:
        """Has the owner of the tables grant itself all that it may do to them."""
        connection = await asyncpg.connect(self.owner_url)
        try:
            await connection.execute("GRANT ALL ON ALL TABLES IN SCHEMA public TO CURRENT_USER")
        finally:
            await connection.close()

    async def drop(self) -> None:
        """Closes what is open and drops it."""
        for connection in self.connections:
            await connection.close()
        await self.postgres.drop_database(self.name)


@asynccontextmanager
async def copy_of(
    postgres: EmbeddedPostgres, source: str, names: Iterator[str]
) -> AsyncGenerator[Database]:
    """Makes a copy of a database that nobody is connected to, and drops it at the end."""
    database = Database(postgres, next(names))
    await postgres.create_database(database.name, source)
    yield database
    await database.drop()


async def make_passwords_cheap(postgres: EmbeddedPostgres) -> None:
    """Keeps the passwords, hashed once instead of 4,096 times, at each end of each connection."""
    connection = await asyncpg.connect(**postgres._options(SUPERUSER, SUPERUSER))
    await connection.execute("SET scram_iterations = 1")
    for role in (SUPERUSER, *Role):
        password = postgres._options(role, SUPERUSER)["password"]
        await connection.execute(f"ALTER ROLE {role} PASSWORD '{password}'")
    await connection.close()
