"""Drains, with where their jobs are."""

from dataclasses import fields
from datetime import datetime
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from wallet_server.core.administration.drain import Drain, DrainState
from wallet_server.storage.tables import drains

COLUMNS = tuple(drains.c[field.name] for field in fields(Drain))
CHANGED = ("state", "revision", "approver", "update_time")
PROGRESS = ("update_time", "wallets_count", "failed_count", "totals", "trouble")
STEP = sa.func.coalesce(sa.cast(drains.c.place.op("->>")("step"), sa.BigInteger), 0)

Place: TypeAlias = tuple[datetime, str]
"""When a drain was asked for, and its name: drains are listed by these, newest first."""


async def find(connection: AsyncConnection, tenant_id: str, drain_id: str) -> Drain | None:
    """Returns a drain; None if the tenant has none of that name."""
    return await _one(connection, drains.c.tenant_id == tenant_id, drains.c.drain_id == drain_id)


async def find_open(connection: AsyncConnection, tenant_id: str, bucket: str) -> Drain | None:
    """Returns the drain of a bucket that is not over; None if there is none."""
    is_open = drains.c.state.in_((DrainState.PENDING, DrainState.RUNNING))
    return await _one(
        connection, drains.c.tenant_id == tenant_id, drains.c.bucket == bucket, is_open
    )


async def page(
    connection: AsyncConnection, tenant_id: str, *, before: Place | None, limit: int
) -> list[Drain]:
    """Returns the newest drains of a tenant, of those before a place."""
    query = sa.select(*COLUMNS).where(drains.c.tenant_id == tenant_id)
    key = (drains.c.create_time, drains.c.drain_id)
    if before is not None:
        query = query.where(sa.tuple_(*key) < sa.tuple_(*map(sa.literal, before)))
    query = query.order_by(*(each.desc() for each in key)).limit(limit)
    return [drain_of(row) for row in (await connection.execute(query)).mappings()]


async def running(connection: AsyncConnection) -> list[tuple[Drain, dict[str, Any] | None]]:
    """Returns the drains of all tenants that are under way, each with where its job is."""
    query = sa.select(*COLUMNS, drains.c.place).where(drains.c.state == DrainState.RUNNING)
    rows = await connection.execute(query.order_by(drains.c.create_time, drains.c.drain_id))
    return [
        (drain_of({name: row[name] for name in row if name != "place"}), row["place"])
        for row in map(dict, rows.mappings())
    ]


async def insert(connection: AsyncConnection, drain: Drain) -> None:
    """Keeps a new drain."""
    row = {field.name: getattr(drain, field.name) for field in fields(Drain)}
    await connection.execute(sa.insert(drains).values({**row, "totals": dict(drain.totals)}))


async def update(connection: AsyncConnection, drain: Drain) -> None:
    """Keeps a drain as an act has left it, one revision on."""
    result = await connection.execute(
        sa.update(drains)
        .where(
            drains.c.tenant_id == drain.tenant_id,
            drains.c.drain_id == drain.drain_id,
            drains.c.revision == drain.revision - 1,
        )
        .values({name: getattr(drain, name) for name in CHANGED})
    )
    assert result.rowcount == 1


async def note_progress(
    connection: AsyncConnection, drain: Drain, place: dict[str, Any], *, step: int
) -> bool:
    """Keeps how far the job of a drain is, if it was at a step and is still under way.

    Tells whether it was: else another process has gone on, or somebody has ended it.
    """
    values = {name: getattr(drain, name) for name in PROGRESS}
    result = await connection.execute(
        sa.update(drains)
        .where(
            drains.c.tenant_id == drain.tenant_id,
            drains.c.drain_id == drain.drain_id,
            drains.c.state == DrainState.RUNNING,
            sa.literal(step) == STEP,
        )
        .values({**values, "totals": dict(drain.totals), "place": place})
    )
    return result.rowcount == 1


async def _one(connection: AsyncConnection, *conditions: sa.ColumnElement[bool]) -> Drain | None:
    query = sa.select(*COLUMNS).where(*conditions)
    row = (await connection.execute(query)).mappings().one_or_none()
    return None if row is None else drain_of(row)


def drain_of(row: "sa.RowMapping | dict[str, Any]") -> Drain:
    """Returns the drain of a row."""
    values: dict[str, Any] = {**row, "state": DrainState(row["state"])}
    return Drain(**values)
