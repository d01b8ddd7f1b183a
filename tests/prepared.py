"""Tenants with documents that are applied once by each worker, and then copied.

The first time, they are applied for real, to a database of their own. All rows that this
leaves are kept as Postgres itself writes and reads them, and put into every later database.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import TypeAlias

from tests.database import TEMPLATE, Database
from wallet_server.core.config.documents import Document
from wallet_server.execution.activation import apply_documents
from wallet_server.execution.clock import SystemClock
from wallet_server.storage.engine import create_engine
from wallet_server.storage.tables import metadata

SCRATCH = "scratch"
"""What the database is called, for the moment that it is there."""

EMPTY_BYTES = 21
"""What a copy of a table without rows has: a head of 19 bytes, and an end."""

Rows: TypeAlias = Mapping[str, bytes]
"""The rows of tables, in Postgres' binary format, by the table's name."""

KEPT: dict[object, Rows] = {}


async def give_documents(
    database: Database,
    tenant_id: str,
    documents: Sequence[Document],
    *,
    single_handed: bool = True,
    now: datetime | None = None,
) -> None:
    """Makes documents the active ones of a tenant that a database does not have yet."""
    key = (tenant_id, tuple(documents), single_handed, now)
    if key not in KEPT:
        scratch = Database(database.postgres, SCRATCH)
        await scratch.postgres.create_database(SCRATCH, TEMPLATE)
        engine = create_engine(scratch.server_url)
        time = now or SystemClock().now()
        await apply_documents(engine, tenant_id, documents, time, single_handed=single_handed)
        await engine.dispose()
        KEPT[key] = await rows_in(scratch)
        await scratch.drop()
    await put_rows(database, KEPT[key])


async def rows_in(database: Database) -> Rows:
    """Returns all rows of a database."""
    connection = await database.connect_superuser()
    copies = dict[str, bytes]()
    for table in metadata.tables:
        copy = BytesIO()
        await connection.copy_from_table(table, output=copy, format="binary")
        if len(copy.getvalue()) > EMPTY_BYTES:
            copies[table] = copy.getvalue()
    await connection.close()
    return copies


async def put_rows(database: Database, rows: Rows) -> None:
    """Adds rows to those of a database, all of them or none."""
    connection = await database.connect_superuser()
    async with connection.transaction():
        for table, copy in rows.items():
            await connection.copy_to_table(table, source=BytesIO(copy), format="binary")
    await connection.close()
