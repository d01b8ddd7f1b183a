"""What an act leaves to be told: events of the tenant itself, as batches leave those of wallets."""

from collections.abc import Sequence
from datetime import datetime
from uuid import NAMESPACE_OID, uuid5

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from wallet_server.core.value import value
from wallet_server.storage.commits import NO_WALLETS_SHARD
from wallet_server.storage.json_text import from_json, to_json
from wallet_server.storage.outbox import TICK
from wallet_server.storage.tables import outbox, tenants


@value
class Act:
    """What caused events of a tenant: the method, and what the caller calls it."""

    method: str
    request_id: str
    correlation_id: str


async def insert_tenant_events(
    connection: AsyncConnection,
    tenant_id: str,
    act: Act,
    events: Sequence[tuple[str, object]],
    now: datetime,
) -> None:
    """Leaves events of a tenant to be told, in the transaction of the act that caused them.

    Each has a type and what is told of it. They are numbered on from the tenant's last, and are
    later than any before, whatever the clock of another server has said.
    """
    number = tenants.c.event_sequence + len(events)
    time = sa.func.greatest(sa.literal(now), tenants.c.outbox_time + TICK)
    last, time = (
        await connection.execute(
            sa.update(tenants)
            .where(tenants.c.tenant_id == tenant_id)
            .values(event_sequence=number, outbox_time=time)
            .returning(tenants.c.event_sequence, tenants.c.outbox_time)
        )
    ).one()
    first = last - len(events) + 1
    rows = [
        _row(tenant_id, act, first + place, time, each, is_first=place == 0)
        for place, each in enumerate(events)
    ]
    await connection.execute(
        sa.insert(outbox).values(
            shard=NO_WALLETS_SHARD,
            batch_id=uuid5(NAMESPACE_OID, f"{tenant_id}/{first}"),
            create_time=time,
            document=from_json(to_json(rows)),
        )
    )


def _row(
    tenant_id: str,
    act: Act,
    sequence: int,
    time: datetime,
    told: tuple[str, object],
    *,
    is_first: bool,
) -> tuple[object, ...]:
    event_type, payload = told
    return (
        *(None, None, tenant_id, None, None),
        *(sequence, 0, is_first, event_type, time),
        *(act.method, act.request_id, act.correlation_id, payload),
    )
