"""What an administrative act leaves to be told: the events of a tenant itself.

They are in a row of the outbox, as those of a batch are, but for what says which wallet they are
about.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from wallet_server.core.administration.act import Act
from wallet_server.core.events.event import Done
from wallet_server.storage.json_text import from_json, to_json
from wallet_server.storage.outbox import TICK
from wallet_server.storage.tables import outbox, tenants

TENANTS_SHARD = 0
"""Where rows lie that are of no wallet: as the commits of acts do."""


async def insert(
    connection: AsyncConnection, act: Act, done: Sequence[Done], batch_id: UUID, now: datetime
) -> None:
    """Leaves what an act has done, in its transaction, numbered on from the tenant's last event.

    What is told happened when it is told to, but later than all that the tenant had before.
    """
    if not done:
        return
    columns = tenants.c
    row = (
        await connection.execute(
            sa.update(tenants)
            .where(columns.tenant_id == act.tenant_id)
            .values(
                event_sequence=columns.event_sequence + len(done),
                outbox_time=sa.func.greatest(now, columns.outbox_time + TICK),
            )
            .returning(columns.event_sequence, columns.outbox_time)
        )
    ).one()
    first = row.event_sequence - len(done) + 1
    headers = [
        [
            *(None, None, act.tenant_id, None, None, first + place, 0, place == 0),
            *(event_type, row.outbox_time, act.method, act.request_id, act.correlation_id),
        ]
        for place, (event_type, _) in enumerate(done)
    ]
    documents = [payload for _, payload in done]
    await connection.execute(
        sa.insert(outbox).values(
            shard=TENANTS_SHARD,
            batch_id=batch_id,
            create_time=row.outbox_time,
            headers=from_json(to_json(headers)),
            documents=from_json(to_json(documents)),
        )
    )
