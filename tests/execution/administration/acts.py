"""An act that makes a tenant, one that moves it on, and what is on record of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from tests.database import Database
from wallet_server.core.administration.act import Act
from wallet_server.core.administration.audit_record import Resource, ResourceKind
from wallet_server.core.administration.change import Change
from wallet_server.core.administration.tenant import TenantSettings
from wallet_server.core.commands.actor import Actor
from wallet_server.core.refusals.administration import TenantExists
from wallet_server.execution.errors import RefusedError
from wallet_server.storage import tenants

NOW = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
ACT = Act(
    tenant_id="demo",
    request_id="r1",
    method="TenantAdmin.CreateTenant",
    actor=Actor("ada", ("owner", "admin")),
    credential_id="c1",
    peer="ipv4:192.0.2.1:50000",
    reason="because",
    correlation_id="k1",
)
DEMO = Resource(ResourceKind.TENANT, "demo", 1)
CONTENT = {"tenant_id": "demo", "display_name": "", "tags": ()}


async def create(connection: AsyncConnection, now: datetime) -> Sequence[Change]:
    """Makes a tenant, unless there is one."""
    if await tenants.find_epoch(connection, "demo") is not None:
        raise RefusedError(TenantExists("demo"))
    await tenants.insert(connection, "demo", now, TenantSettings())
    return [Change(DEMO, {"epoch": 1})]


async def raise_epoch(connection: AsyncConnection, now: datetime) -> Sequence[Change]:
    """Moves the tenant to its next epoch."""
    del now
    epoch = await tenants.find_epoch(connection, "demo")
    assert epoch is not None
    await tenants.raise_epoch(connection, "demo", epoch=epoch)
    after = replace(DEMO, revision=epoch + 1)
    return [Change(after, {"epoch": epoch + 1}, {"epoch": epoch})]


async def records(database: Database) -> list[dict[str, Any]]:
    """Returns all records: of what was carried out, then of what was refused."""
    connection = await database.connect()
    rows = await connection.fetch("SELECT * FROM audit_records ORDER BY outcome, request_id DESC")
    return [dict(row) for row in rows]
