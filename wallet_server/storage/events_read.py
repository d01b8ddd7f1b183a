"""Reads events by position, as the sequencer has left them.

Each answer is of one snapshot: events, and how far their tenant is. `after` is a position; zero
means to begin with the first event that is kept. Whether what is asked for is kept no more, or not
reached yet, the head tells that comes with each page: `EventHead.has_removed`, `has_reached`. Then
the page is empty.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from asyncpg import Record

from wallet_server.core.events.event import EventType
from wallet_server.core.events.reading import (
    ALL_EVENTS,
    NO_EVENTS,
    EventFilter,
    EventHead,
    EventPage,
    EventStart,
)
from wallet_server.core.events.told import ToldEvent
from wallet_server.core.ids import WalletRef
from wallet_server.storage.readers import Readers

TYPES = {event_type.value: event_type for event_type in EventType}

POSITIONS_SCANNED_MAX = 10_000
"""How many events of a tenant one read looks at, though few may be of the types asked for."""

COLUMNS = """
    x.position, x.player_id, x.currency_code, x.sequence, x.wallet_sequence, x.is_first, x.type,
    x.event_time, x.command, x.request_id, x.correlation_id, x.document
"""

# A tenant without events has no head. OFFSET 0 keeps the look-up of events one by key.
OF_TENANT = f"""
SELECT h.position AS head_position, h.first_position, e.*
FROM event_heads AS h
LEFT JOIN LATERAL (
    SELECT {COLUMNS}
    FROM events AS x
    WHERE x.tenant_id = $1
        AND x.position > $2
        AND x.position <= least(greatest($2, h.first_position - 1), h.position) + $5
        AND (cardinality($3::text[]) = 0 OR x.type = ANY ($3::text[]))
    ORDER BY x.position
    LIMIT $4
) AS e ON $2 = 0 OR $2 >= h.first_position - 1
WHERE h.tenant_id = $1
ORDER BY e.position
"""

# Those of one player are found by an index of their own, however many others there are.
OF_PLAYER = f"""
SELECT h.position AS head_position, h.first_position, e.*
FROM event_heads AS h
LEFT JOIN LATERAL (
    SELECT {COLUMNS}
    FROM events AS x
    WHERE x.tenant_id = $1 AND x.player_id = $5 AND x.wallet_id IS NOT NULL
        AND x.position > $2
        AND (cardinality($3::text[]) = 0 OR x.type = ANY ($3::text[]))
        AND ($6 = '' OR x.currency_code = $6)
    ORDER BY x.position
    LIMIT $4
) AS e ON $2 = 0 OR $2 >= h.first_position - 1
WHERE h.tenant_id = $1
ORDER BY e.position
"""

HEADS = "SELECT tenant_id, position, first_position FROM event_heads WHERE tenant_id = ANY ($1)"
ALL_HEADS = "SELECT tenant_id, position, first_position FROM event_heads ORDER BY tenant_id"

# Times rise with positions, and positions have no gaps: it halves what is left until it is there.
# What is removed is a beginning: since the first that is left, or after the last that there was,
# nothing is gone.
START = """
WITH RECURSIVE search (low, high) AS (
    SELECT first_position, position + 1 FROM event_heads WHERE tenant_id = $1
    UNION ALL
    SELECT CASE WHEN probe.is_before THEN middle.position + 1 ELSE s.low END,
        CASE WHEN probe.is_before THEN s.high ELSE middle.position END
    FROM search AS s
    CROSS JOIN LATERAL (SELECT (s.low + s.high) / 2 AS position) AS middle
    CROSS JOIN LATERAL (
        SELECT x.position_time < $2 AS is_before FROM events AS x
        WHERE x.tenant_id = $1 AND x.position = middle.position
        OFFSET 0
    ) AS probe
    WHERE s.low < s.high
)
SELECT s.low - 1 AS before, h.position, h.first_position,
    coalesce(first.time, h.update_time + interval '1 microsecond') AS kept_time
FROM search AS s
CROSS JOIN event_heads AS h
LEFT JOIN LATERAL (
    SELECT x.position_time AS time FROM events AS x
    WHERE x.tenant_id = $1 AND x.position = h.first_position
    OFFSET 0
) AS first ON true
WHERE s.low >= s.high AND h.tenant_id = $1
"""


async def find_head(readers: Readers, tenant_id: str) -> EventHead:
    """Returns how far the events of a tenant are."""
    return (await find_heads(readers, [tenant_id])).get(tenant_id, NO_EVENTS)


async def find_heads(readers: Readers, tenant_ids: Collection[str]) -> Mapping[str, EventHead]:
    """Returns how far the events of tenants are, by tenant. Those without events are not there."""
    return heads_of(await readers.fetch(HEADS, list(tenant_ids)))


async def find_all_heads(readers: Readers) -> Mapping[str, EventHead]:
    """Returns how far the events of all tenants are that have any, by tenant."""
    return heads_of(await readers.fetch(ALL_HEADS))


async def read_events(
    readers: Readers,
    tenant_id: str,
    *,
    after: int,
    limit: int,
    wanted: EventFilter = ALL_EVENTS,
) -> EventPage:
    """Returns the next events of a tenant after a position, at most so many.

    Fewer than `limit` does not mean that there are no more: the page says how far it reaches.
    """
    types = [each.value for each in wanted.types]
    if wanted.player_id:
        rows = await readers.fetch(
            *(OF_PLAYER, tenant_id, after, types, limit),
            *(wanted.player_id, wanted.currency_code),
        )
    else:
        rows = await readers.fetch(OF_TENANT, tenant_id, after, types, limit, POSITIONS_SCANNED_MAX)
    head = EventHead(rows[0]["head_position"], rows[0]["first_position"]) if rows else NO_EVENTS
    events = [event_of(tenant_id, row) for row in rows if row["position"] is not None]
    if head.has_removed(after) or not head.has_reached(after):
        return EventPage((), after, head)
    if len(events) == limit:
        return EventPage(events, events[-1].position, head)
    reached = head.position
    if not wanted.player_id:
        reached = min(reached, max(after, head.first_position - 1) + POSITIONS_SCANNED_MAX)
    return EventPage(events, reached, head)


async def find_start(readers: Readers, tenant_id: str, time: datetime) -> EventStart:
    """Returns after which position reading begins of what got its position at a time or later.

    After that before the first event that is kept, if all of these did.
    """
    row = await readers.fetchrow(START, tenant_id, time)
    if row is None:
        return EventStart(0, NO_EVENTS, time)
    return EventStart(
        row["before"], EventHead(row["position"], row["first_position"]), row["kept_time"]
    )


def heads_of(rows: Collection[Record]) -> dict[str, EventHead]:
    """Returns heads by tenant."""
    return {row["tenant_id"]: EventHead(row["position"], row["first_position"]) for row in rows}


def event_of(tenant_id: str, row: Record) -> ToldEvent:
    """Returns the event of a row: its `COLUMNS`, behind those of the head.

    Raises:
        ValueError: Its type is none that this release knows.
    """
    # Taken apart as a whole, as looking for each column by its name takes twice as long.
    _, _, position, player_id, currency_code, sequence, wallet_sequence, is_first, name, *rest = row
    return ToldEvent(
        tenant_id,
        position,
        None if player_id is None else WalletRef(tenant_id, player_id, currency_code),
        sequence,
        wallet_sequence,
        is_first,
        TYPES.get(name) or EventType(name),
        *rest,
    )
