"""Versions of topologies, policies and provider profiles, as they are read.

The four tables have one shape: a tenant, a key where a tenant has several, a version.
Documents are stored as they were understood, and read back by the same reader.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from wallet_server.core.config.documents import Document, read_document
from wallet_server.core.config.policy import Policy
from wallet_server.core.config.provider_profile import ProviderProfile
from wallet_server.core.config.topology import Topology
from wallet_server.core.config.version import DocumentKind, StoredVersion, VersionRef, VersionState
from wallet_server.core.config.wallet_policy import WalletPolicy
from wallet_server.storage import tables

T = TypeVar("T", Topology, WalletPolicy, Policy, ProviderProfile)


@dataclass(frozen=True, slots=True)
class Kind(Generic[T]):
    """A kind of document: its table, and the column that tells a tenant's several apart."""

    value_type: type[T]
    table: sa.Table
    key: str | None = None

    def has_key(self, key: str | None) -> sa.ColumnElement[bool]:
        """Returns the condition that a row is for the key."""
        if self.key is None:
            assert key is None
            return sa.true()
        return self.table.c[self.key] == key


@dataclass(frozen=True, slots=True)
class DueVersion:
    """A scheduled version whose time has come, as of a revision.

    `correlation_id` is that of the act that scheduled it, once somebody has looked for it.
    """

    tenant_id: str
    ref: VersionRef
    revision: int
    effective_time: datetime
    correlation_id: str = ""


TOPOLOGIES = Kind(Topology, tables.topologies)
WALLET_POLICIES = Kind(WalletPolicy, tables.wallet_policies)
POLICIES = Kind(Policy, tables.policies, "provider_type")
PROFILES = Kind(ProviderProfile, tables.provider_profiles, "provider_id")

KINDS: Mapping[DocumentKind, Kind[Any]] = {
    DocumentKind.TOPOLOGY: TOPOLOGIES,
    DocumentKind.WALLET_POLICY: WALLET_POLICIES,
    DocumentKind.POLICY: POLICIES,
    DocumentKind.PROVIDER_PROFILE: PROFILES,
}


def read_stored(document: Mapping[str, object]) -> Document:
    """Returns what a stored document says. It was written by `write_document`."""
    value = read_document(document)
    assert not isinstance(value, list), f"a stored document cannot be read: {value}"
    return value


async def find(
    connection: AsyncConnection, kind: Kind[T], tenant_id: str, key: str | None, version: int
) -> StoredVersion[T] | None:
    """Returns a version; zero asks for the active one."""
    columns = kind.table.c
    wanted = columns.version == version if version else columns.state == VersionState.ACTIVE
    query = sa.select(kind.table).where(columns.tenant_id == tenant_id, kind.has_key(key), wanted)
    row = (await connection.execute(query)).mappings().one_or_none()
    return None if row is None else _stored(kind, row)


async def page(
    connection: AsyncConnection,
    kind: Kind[T],
    tenant_id: str,
    *,
    key: str | None,
    after: tuple[str, int] | None,
    limit: int,
) -> list[StoredVersion[T]]:
    """Returns versions by key, newest first, from behind the one that is given.

    An empty or absent `key` is for all. Where the kind has no key, `after` has an
    empty one.
    """
    columns = kind.table.c
    query = sa.select(kind.table).where(columns.tenant_id == tenant_id).limit(limit)
    if kind.key is None:
        query = query.order_by(columns.version.desc())
        if after is not None:
            query = query.where(columns.version < after[1])
    else:
        name = columns[kind.key]
        query = query.order_by(name, columns.version.desc())
        if key:
            query = query.where(name == key)
        if after is not None:
            older = sa.and_(name == after[0], columns.version < after[1])
            query = query.where(sa.or_(name > after[0], older))
    rows = (await connection.execute(query)).mappings()
    return [_stored(kind, row) for row in rows]


async def in_state(
    connection: AsyncConnection, tenant_id: str, *states: VersionState
) -> list[StoredVersion[Document]]:
    """Returns all versions of a tenant that are in one of the states, kind by kind."""
    found: list[StoredVersion[Document]] = []
    for kind in KINDS.values():
        columns = kind.table.c
        query = sa.select(kind.table).where(
            columns.tenant_id == tenant_id, columns.state.in_(states)
        )
        rows = (await connection.execute(query)).mappings()
        found += [_stored(kind, row) for row in rows]
    return found


async def due(connection: AsyncConnection, until: datetime, *, limit: int) -> list[DueVersion]:
    """Returns scheduled versions of any tenant whose time has come, the oldest first.

    Of versions for the same time the one that was written last comes last, and so prevails.
    """
    found: list[DueVersion] = []
    for name, kind in KINDS.items():
        columns = kind.table.c
        query = (
            sa.select(kind.table)
            .where(columns.state == VersionState.SCHEDULED, columns.effective_time <= until)
            .order_by(
                columns.effective_time,
                columns.tenant_id,
                *([columns[kind.key]] if kind.key else []),
                columns.version,
            )
            .limit(limit)
        )
        for row in (await connection.execute(query)).mappings():
            ref = VersionRef(name, row[kind.key] if kind.key else "", row["version"])
            found.append(DueVersion(row["tenant_id"], ref, row["revision"], row["effective_time"]))
    return sorted(found, key=lambda each: each.effective_time)[:limit]


async def highest(connection: AsyncConnection, tenant_id: str, name: DocumentKind, key: str) -> int:
    """Returns the highest version there is of a key, in whatever state; zero if there is none."""
    kind = KINDS[name]
    query = sa.select(sa.func.max(kind.table.c.version)).where(
        kind.table.c.tenant_id == tenant_id, kind.has_key(key or None)
    )
    return await connection.scalar(query) or 0


async def retired_codes(connection: AsyncConnection, tenant_id: str) -> frozenset[str]:
    """Returns the codes that any topology has retired that was ever active."""
    columns = tables.topologies.c
    query = sa.select(columns.document["retired_buckets"]).where(
        columns.tenant_id == tenant_id,
        columns.state.in_([VersionState.ACTIVE, VersionState.SUPERSEDED]),
    )
    return frozenset(
        retired["code"] for row in await connection.scalars(query) for retired in row or ()
    )


def _stored(kind: Kind[T], row: sa.RowMapping) -> StoredVersion[T]:
    value = read_stored(row["document"])
    assert isinstance(value, kind.value_type)
    return StoredVersion(
        tenant_id=row["tenant_id"],
        version=row["version"],
        state=VersionState(row["state"]),
        value=value,
        create_time=row["create_time"],
        revision=row["revision"],
        source=row["source"],
        author=row["author"],
        approver=row["approver"],
        comment=row["comment"],
        update_time=row["update_time"],
        effective_time=row["effective_time"],
        activate_time=row["activate_time"],
    )
