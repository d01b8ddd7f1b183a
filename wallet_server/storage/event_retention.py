"""Removes events that are past their time, the oldest of each tenant first.

What is kept begins at `event_heads.first_position`, and is without gaps: events and that number
change in one statement. Nothing is removed that a consumer has yet to read.
"""

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from wallet_server.core.value import value

# Of a consumer that has not come to a tenant yet, all is to be read.
HELD = """
    SELECT least(h.position, (
        SELECT min(coalesce(x.position, 0))
        FROM (SELECT DISTINCT consumer FROM event_consumers) AS c
        LEFT JOIN event_consumers AS x ON x.consumer = c.consumer AND x.tenant_id = h.tenant_id
    ))
"""

TENANTS = "SELECT tenant_id FROM event_heads WHERE first_position <= position ORDER BY tenant_id"

# Times of positions never fall, so that what is too old is a beginning of what is kept. The row of
# the head, which whoever gives positions waits for, is locked at the end, for a moment.
REMOVE = sa.text(f"""
WITH bounds AS (
    SELECT h.tenant_id, h.first_position,
        least(({HELD}), h.first_position + CAST(:events_max AS bigint) - 1) AS last_position
    FROM event_heads AS h
    WHERE h.tenant_id = :tenant_id
), removed AS (
    DELETE FROM events AS e
    USING bounds AS b
    WHERE e.tenant_id = b.tenant_id
        AND e.position BETWEEN b.first_position AND b.last_position
        AND e.position_time < clock_timestamp() - make_interval(secs => :seconds)
    RETURNING e.position
), told AS (
    UPDATE event_heads AS h
    SET first_position = greatest(h.first_position, r.last_position + 1)
    FROM (SELECT max(position) AS last_position FROM removed) AS r
    WHERE h.tenant_id = :tenant_id AND r.last_position IS NOT NULL
)
SELECT count(*) FROM removed
""")

# What is old enough to go, and whom it waits for.
HOLDERS = sa.text("""
SELECT h.tenant_id, c.consumer, coalesce(x.position, 0) AS position
FROM event_heads AS h
CROSS JOIN (SELECT DISTINCT consumer FROM event_consumers) AS c
LEFT JOIN event_consumers AS x ON x.consumer = c.consumer AND x.tenant_id = h.tenant_id
JOIN events AS e ON e.tenant_id = h.tenant_id AND e.position = h.first_position
WHERE coalesce(x.position, 0) < h.first_position
    AND e.position_time < clock_timestamp() - make_interval(secs => :seconds)
ORDER BY h.tenant_id, c.consumer
""")

FORGET = sa.text("DELETE FROM event_consumers WHERE consumer = :consumer")


@value
class Holder:
    """A consumer that has yet to read what is old enough to go: `position` is what it has read."""

    tenant_id: str
    consumer: str
    position: int


async def find_tenants(connection: AsyncConnection) -> list[str]:
    """Returns the tenants that have events."""
    return list(await connection.scalars(sa.text(TENANTS)))


async def remove_events(
    connection: AsyncConnection, tenant_id: str, *, older_than_seconds: float, events_max: int
) -> int:
    """Removes the oldest events of a tenant, at most so many. Returns how many."""
    values = {"tenant_id": tenant_id, "seconds": older_than_seconds, "events_max": events_max}
    count: int = (await connection.execute(REMOVE, values)).scalar_one()
    return count


async def find_holders(connection: AsyncConnection, *, older_than_seconds: float) -> list[Holder]:
    """Returns the consumers for whom events are kept that are old enough to go."""
    rows = await connection.execute(HOLDERS, {"seconds": older_than_seconds})
    return [Holder(*row) for row in rows]


async def forget_consumer(connection: AsyncConnection, consumer: str) -> int:
    """Keeps nothing any more for a consumer that is gone. Returns of how many tenants it read."""
    return (await connection.execute(FORGET, {"consumer": consumer})).rowcount
