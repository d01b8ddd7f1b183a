"""What is wrong with the positions of events, tenant by tenant, as rows that say it."""

from collections.abc import AsyncIterator

import asyncpg

from wallet_server.storage.verification import Connection

# Positions are dense from the first that is kept to the head.
POSITIONS = """
    WITH positions AS (
        SELECT tenant_id, count(*) AS count, min(position) AS lowest, max(position) AS highest
        FROM events
        WHERE $1::text IS NULL OR tenant_id = $1
        GROUP BY tenant_id
    )
    SELECT coalesce(h.tenant_id, p.tenant_id) AS tenant_id,
        format(
            '%s events from position %s to %s, and a head that says %s to %s', coalesce(p.count, 0),
            coalesce(p.lowest, 0), coalesce(p.highest, 0), coalesce(h.first_position, 0),
            coalesce(h.position, 0)
        ) AS message
    FROM positions AS p
    FULL JOIN (
        SELECT * FROM event_heads WHERE $1::text IS NULL OR tenant_id = $1
    ) AS h ON h.tenant_id = p.tenant_id
    WHERE h.tenant_id IS NULL
        OR coalesce(p.count, 0) <> h.position - h.first_position + 1
        OR p.lowest <> h.first_position
        OR p.highest <> h.position
"""

# The events of a tenant itself are numbered as those of a wallet are.
OF_TENANTS = """
    WITH told AS (
        SELECT tenant_id, position, sequence FROM events
        WHERE wallet_id IS NULL AND ($1::text IS NULL OR tenant_id = $1)
        UNION ALL
        SELECT r ->> 2, NULL, (r ->> 5)::bigint
        FROM outbox CROSS JOIN LATERAL jsonb_array_elements(headers) AS of_act (r)
        WHERE r ->> 1 IS NULL AND ($1::text IS NULL OR r ->> 2 = $1)
    ), in_order AS (
        SELECT tenant_id, sequence,
            lag(sequence) OVER (PARTITION BY tenant_id ORDER BY position, sequence) AS before
        FROM told
    ), wrong AS (
        SELECT tenant_id, format('event %s comes after %s', sequence, before) AS message
        FROM in_order WHERE sequence <> before + 1
        UNION ALL
        SELECT t.tenant_id,
            format('the last event is %s, the tenant''s %s', coalesce(max(sequence), 0),
                t.event_sequence)
        FROM tenants AS t
        LEFT JOIN told USING (tenant_id)
        LEFT JOIN event_heads AS h USING (tenant_id)
        WHERE $1::text IS NULL OR t.tenant_id = $1
        GROUP BY t.tenant_id, t.event_sequence, h.first_position
        HAVING coalesce(max(sequence), 0) <> t.event_sequence
            AND (count(sequence) > 0 OR coalesce(h.first_position, 1) = 1)
    )
    SELECT * FROM wrong ORDER BY tenant_id
"""

CURSORS = """
    SELECT c.tenant_id, c.consumer,
        format('it is at %s, and the last event at %s', c.position, coalesce(h.position, 0))
            AS message
    FROM event_consumers AS c
    LEFT JOIN event_heads AS h USING (tenant_id)
    WHERE c.position > coalesce(h.position, 0) AND ($1::text IS NULL OR c.tenant_id = $1)
"""


async def load_position_problems(
    connection: Connection, tenant_id: str | None
) -> AsyncIterator[asyncpg.Record]:
    """Yields the tenants whose positions are not dense up to their head, and how."""
    async for row in connection.cursor(POSITIONS, tenant_id):
        yield row


async def load_tenant_event_problems(
    connection: Connection, tenant_id: str | None
) -> AsyncIterator[asyncpg.Record]:
    """Yields the tenants whose own events are not numbered as they should be, and how."""
    async for row in connection.cursor(OF_TENANTS, tenant_id):
        yield row


async def load_cursor_problems(
    connection: Connection, tenant_id: str | None
) -> AsyncIterator[asyncpg.Record]:
    """Yields the consumers that are further than there are events, and how far."""
    async for row in connection.cursor(CURSORS, tenant_id):
        yield row
