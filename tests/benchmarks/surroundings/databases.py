"""Postgres as we ship it, on a real disk, with a database for each thing that is measured."""

import itertools
import tempfile
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import asyncpg

from wallet_server.embedded.postgres import EmbeddedPostgres
from wallet_server.embedded.roles import SUPERUSER, ConnectOptions, Role

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

METERS = """
    SELECT (pg_current_wal_lsn() - '0/0'::pg_lsn)::bigint AS wal_bytes,
        pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS writes
"""

TABLE_BYTES = """
    SELECT sum(pg_total_relation_size(oid))::bigint FROM pg_class
    WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace
"""
"""All tables with their indexes and what Postgres stores beside them (TOAST)."""

TRANSACTIONS = """
    SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = $1
"""


@dataclass(frozen=True, slots=True)
class Databases:
    """A running Postgres, and the databases in it."""

    postgres: EmbeddedPostgres
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    def url(self, name: str, role: Role = Role.SERVER) -> str:
        """Returns where a database is, for the server or another role."""
        return self.postgres.url(role, name)

    def options(self, name: str) -> ConnectOptions:
        """Returns how the superuser connects to a database: only to measure and to prepare."""
        return self.postgres._options(SUPERUSER, name)

    async def copy(self, template: str) -> str:
        """Makes a copy of a template. Returns its name, which no other has."""
        name = f"{template}_{next(self._numbers)}"
        await self.postgres.create_database(name, template)
        return name

    async def drop(self, name: str) -> None:
        """Drops a database; its room on the disk is free again."""
        await self.postgres.drop_database(name)

    @asynccontextmanager
    async def connect(self, name: str = SUPERUSER) -> AsyncGenerator[Connection]:
        """Connects as superuser, by default to the database that nothing is measured in."""
        connection = await asyncpg.connect(**self.options(name))
        try:
            yield connection
        finally:
            await connection.close()

    async def meters(self) -> tuple[int, int]:
        """Returns how long the write-ahead log is, and how many transactions have written."""
        async with self.connect() as connection:
            row = await connection.fetchrow(METERS)
        assert row is not None
        return row["wal_bytes"], row["writes"]

    async def table_bytes(self, name: str) -> int:
        """Returns how large all tables of a database are, after a checkpoint."""
        async with self.connect(name) as connection:
            await connection.execute("CHECKPOINT")
            return await connection.fetchval(TABLE_BYTES)

    async def transactions(self, name: str) -> int:
        """Returns how many transactions have ended in a database.

        A connection reports its own late: the count is whole once the servers that
        used the database have stopped.
        """
        async with self.connect() as connection:
            return await connection.fetchval(TRANSACTIONS, name)


@contextmanager
def start_postgres(folder: Path) -> Generator[Databases]:
    """Runs Postgres with the shipped settings, in a folder of its own that is removed."""
    with (
        tempfile.TemporaryDirectory(prefix="wallet-bench-", dir=folder) as data_dir,
        EmbeddedPostgres.start(Path(data_dir)) as postgres,
    ):
        yield Databases(postgres)
