"""How far those are who read all events to keep something of their own in step.

Each has a name, and a position by tenant: all events up to it are dealt with. Retention removes
none after it.
"""

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from wallet_server.storage.readers import Readers

FIND = "SELECT tenant_id, position FROM event_consumers WHERE consumer = $1"

# The database's clock has given positions their times.
OLDEST_WAITING = """
    SELECT coalesce(extract(epoch FROM clock_timestamp() - min(x.position_time)), 0)::float8
    FROM unnest($1::text[], $2::bigint[]) AS c (tenant_id, position)
    JOIN events AS x ON x.tenant_id = c.tenant_id AND x.position = c.position + 1
"""

SAVE = sa.text("""
    INSERT INTO event_consumers AS c (consumer, tenant_id, position, update_time)
    SELECT :consumer, n.tenant_id, n.position, clock_timestamp()
    FROM unnest(CAST(:tenant_ids AS text[]), CAST(:positions AS bigint[]))
        AS n (tenant_id, position)
    ORDER BY n.tenant_id
    ON CONFLICT (consumer, tenant_id) DO UPDATE
    SET position = excluded.position, update_time = excluded.update_time
""")


async def find_positions(readers: Readers, consumer: str) -> dict[str, int]:
    """Returns how far a consumer is, by tenant."""
    rows = await readers.fetch(FIND, consumer)
    return {row["tenant_id"]: row["position"] for row in rows}


async def find_oldest_waiting(readers: Readers, positions: Mapping[str, int]) -> float:
    """Returns for how many seconds the first event after any of the positions has had its own."""
    seconds: float = await readers.fetchval(
        OLDEST_WAITING, list(positions), list(positions.values())
    )
    return max(seconds, 0.0)


async def save_positions(engine: AsyncEngine, consumer: str, positions: Mapping[str, int]) -> None:
    """Notes how far a consumer is."""
    values = {
        "consumer": consumer,
        "tenant_ids": list(positions),
        "positions": list(positions.values()),
    }
    async with engine.begin() as connection:
        await connection.execute(SAVE, values)
