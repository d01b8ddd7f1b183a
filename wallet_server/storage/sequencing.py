"""Gives events their positions: takes rows of the outbox away, and adds what they tell to `events`.

The oldest rows are taken first. The time of a row is later than that of any row before of the same
wallet, or of the same tenant's acts, and whoever sees a row sees all of those: so what is taken
leaves nothing behind that should come before. Docs/decisions/0059 has the whole argument.
"""

from wallet_server.core.value import value
from wallet_server.storage.connections import INDEX_PLANS, Connection, open_behind

PLANS = {**INDEX_PLANS, "work_mem": "32MB"}

IS_WAITING = "SELECT EXISTS (SELECT FROM outbox)"

# One statement is one transaction. Whoever has the lease holds its row until the end, if there is
# anything to do. Positions go on from the head of each tenant, whose row is locked from there on.
# Rows of one time have no wallet in common, and so may be taken in any order. Only headers are
# taken apart: what events tell stays as it is.
TAKE = """
WITH waiting AS MATERIALIZED (
    SELECT FROM outbox LIMIT 1
), held AS MATERIALIZED (
    SELECT FROM leases
    WHERE lease_name = $2 AND holder = $3 AND EXISTS (SELECT FROM waiting)
    FOR UPDATE
), taken AS (
    DELETE FROM outbox
    WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM outbox WHERE EXISTS (SELECT FROM held) ORDER BY create_time LIMIT $1
    ))
    RETURNING create_time, shard, batch_id, headers, documents
), told AS MATERIALIZED (
    SELECT e.r, e.document, e.r ->> 2 AS tenant_id,
        row_number() OVER (
            PARTITION BY e.r ->> 2 ORDER BY t.create_time, t.shard, t.batch_id, e.place
        ) AS number
    FROM taken AS t
    CROSS JOIN LATERAL ROWS FROM (jsonb_array_elements(t.headers), unnest(t.documents))
        WITH ORDINALITY AS e (r, document, place)
), counts AS MATERIALIZED (
    SELECT tenant_id, max(number) AS count FROM told GROUP BY tenant_id
), heads AS (
    INSERT INTO event_heads AS h (tenant_id, position, first_position, update_time)
    SELECT tenant_id, count, 1, clock_timestamp() FROM counts ORDER BY tenant_id
    ON CONFLICT (tenant_id) DO UPDATE
    SET position = h.position + excluded.position,
        update_time = greatest(h.update_time, excluded.update_time)
    RETURNING h.tenant_id, h.position, h.update_time
), added AS (
    INSERT INTO events (tenant_id, position, shard, wallet_id, player_id, currency_code, sequence,
        wallet_sequence, is_first, type, event_time, position_time, command, request_id,
        correlation_id, document)
    SELECT t.tenant_id, h.position - c.count + t.number, (r ->> 0)::smallint, (r ->> 1)::uuid,
        r ->> 3, r ->> 4, (r ->> 5)::bigint, (r ->> 6)::bigint, (r ->> 7)::boolean, r ->> 8,
        (r ->> 9)::timestamptz, h.update_time, r ->> 10, r ->> 11, r ->> 12, t.document
    FROM told AS t
    JOIN counts AS c USING (tenant_id)
    JOIN heads AS h USING (tenant_id)
    RETURNING 1
)
SELECT EXISTS (SELECT FROM waiting) AS is_waiting, EXISTS (SELECT FROM held) AS is_held,
    (SELECT count(*) FROM taken) AS rows_count, (SELECT count(*) FROM added) AS events_count
"""

WAITING = """
SELECT count(*) AS rows_count,
    coalesce(extract(epoch FROM clock_timestamp() - min(create_time)), 0)::float8 AS age_seconds
FROM (SELECT create_time FROM outbox ORDER BY create_time LIMIT $1) AS o
"""

ROWS_COUNTED_MAX = 100_000
"""Of more that wait it is only told that there are so many."""


@value
class Taken:
    """What was taken: how many rows of the outbox, and how many events they had."""

    rows_count: int
    events_count: int


@value
class Backlog:
    """What waits: how many rows, up to a limit, and for how long the oldest does, in seconds."""

    rows_count: int
    age_seconds: float


async def open_sequencing_connection(
    database_url: str, *, statement_timeout_seconds: float
) -> Connection:
    """Returns a connection that gives positions."""
    return await open_behind(
        database_url,
        "sequencing",
        statement_timeout_seconds=statement_timeout_seconds,
        plans=PLANS,
    )


async def is_anything_waiting(connection: Connection) -> bool:
    """Tells whether there is anything to take. It costs much less than taking nothing."""
    return await connection.fetchval(IS_WAITING)


async def take_rows(
    connection: Connection, *, lease_name: str, holder: str, rows_max: int
) -> Taken | None:
    """Takes the oldest rows of the outbox, and gives their events positions; all or nothing.

    None if the holder has not got the lease any more; then nothing is done. Where nothing waits,
    the lease is not looked at.
    """
    row = await connection.fetchrow(TAKE, rows_max, lease_name, holder)
    assert row is not None
    if row["is_waiting"] and not row["is_held"]:
        return None
    return Taken(row["rows_count"], row["events_count"])


async def find_backlog(connection: Connection) -> Backlog:
    """Returns what waits in the outbox."""
    row = await connection.fetchrow(WAITING, ROWS_COUNTED_MAX)
    assert row is not None
    return Backlog(row["rows_count"], max(0.0, row["age_seconds"]))
