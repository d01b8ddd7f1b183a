"""Writes versions: new ones, and each step of their life."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from wallet_server.core.administration.version_plain import place_of
from wallet_server.core.config.documents import Document, write_document
from wallet_server.core.config.topology import Topology
from wallet_server.core.config.version import StoredVersion
from wallet_server.storage.versions import KINDS


async def insert(connection: AsyncConnection, version: StoredVersion[Document]) -> None:
    """Adds a version."""
    table, key = _place_of(version)
    values = {
        "tenant_id": version.tenant_id,
        "version": version.version,
        "create_time": version.create_time,
        **key,
        **_changing(version),
    }
    await connection.execute(sa.insert(table).values(values))


async def update(connection: AsyncConnection, version: StoredVersion[Document]) -> None:
    """Replaces a version by what it is one revision on."""
    table, key = _place_of(version)
    result = await connection.execute(
        sa.update(table)
        .where(
            table.c.tenant_id == version.tenant_id,
            *(table.c[name] == each for name, each in key.items()),
            table.c.version == version.version,
            table.c.revision == version.revision - 1,
        )
        .values(_changing(version))
    )
    assert result.rowcount == 1


def _place_of(version: StoredVersion[Document]) -> tuple[sa.Table, dict[str, str]]:
    """Returns the table of a version, and the column that tells a tenant's several apart."""
    name, key = place_of(version.value)
    kind = KINDS[name]
    return kind.table, {} if kind.key is None else {kind.key: key}


def _changing(version: StoredVersion[Document]) -> dict[str, Any]:
    """Returns the columns that may change in the life of a version."""
    named = {"name": version.value.name} if isinstance(version.value, Topology) else {}
    return {
        "state": version.state,
        "document": write_document(version.value),
        "revision": version.revision,
        "source": version.source,
        "author": version.author,
        "approver": version.approver,
        "comment": version.comment,
        "update_time": version.update_time,
        "effective_time": version.effective_time,
        "activate_time": version.activate_time,
        **named,
    }
