"""Gives events their positions: takes rows of the outbox away, and adds what they tell to `events`.

The oldest rows are taken first. The time of a row is later than that of any row before of the same
wallet, or of the same tenant's acts, and whoever sees a row sees all of those: so what is taken
leaves nothing behind that should come before. Docs/decisions/0059 has the whole argument.
"""

import asyncpg
from asyncpg.connect_utils import SessionAttribute

from wallet_server.core.value import value
from wallet_server.storage.connections import REPLY_GRACE_SECONDS, Connection, QueryLog
from wallet_server.storage.engine import normalize_url

PLANS = {
    # The outbox is mostly empty, and its statistics say so when it is not.
    "enable_seqscan": "off",
    "enable_bitmapscan": "off",
    "plan_cache_mode": "force_generic_plan",
    "jit": "off",
    "work_mem": "32MB",
    "max_parallel_workers_per_gather": "0",
}

# Whoever has the lease holds its row until the end of the transaction. The statement after it reads
# a snapshot of its own, and so all that a sequencer before has done.
LOCK = """
SELECT FROM leases WHERE lease_name = $1 AND holder = $2 FOR UPDATE
"""

IS_WAITING = "SELECT EXISTS (SELECT FROM outbox)"

# Positions go on from the head of each tenant, whose row is locked from there on. Rows of one time
# have no wallet in common, and so may be taken in any order. OFFSET 0 has each event taken apart
# once, as JSONB: to look for each of its values in JSON takes three times as long. What it tells
# stays as it was written.
TAKE = """
WITH taken AS (
    DELETE FROM outbox
    WHERE ctid = ANY (ARRAY(SELECT ctid FROM outbox ORDER BY create_time LIMIT $1))
    RETURNING create_time, shard, batch_id, document
), told AS (
    SELECT x.r, e.event -> 13 AS document, x.r ->> 2 AS tenant_id,
        row_number() OVER (
            PARTITION BY x.r ->> 2 ORDER BY t.create_time, t.shard, t.batch_id, e.place
        ) AS number,
        count(*) OVER (PARTITION BY x.r ->> 2) AS count
    FROM taken AS t
    CROSS JOIN LATERAL json_array_elements(t.document) WITH ORDINALITY AS e (event, place)
    CROSS JOIN LATERAL (SELECT e.event::jsonb AS r OFFSET 0) AS x
), heads AS (
    INSERT INTO event_heads AS h (tenant_id, position, first_position, update_time)
    SELECT tenant_id, count(*), 1, clock_timestamp()
    FROM told
    GROUP BY tenant_id
    ORDER BY tenant_id
    ON CONFLICT (tenant_id) DO UPDATE
    SET position = h.position + excluded.position,
        update_time = greatest(h.update_time, excluded.update_time)
    RETURNING h.tenant_id, h.position, h.update_time
), added AS (
    INSERT INTO events (tenant_id, position, shard, wallet_id, player_id, currency_code, sequence,
        wallet_sequence, is_first, type, event_time, position_time, command, request_id,
        correlation_id, document)
    SELECT t.tenant_id, h.position - t.count + t.number, (r ->> 0)::smallint, (r ->> 1)::uuid,
        r ->> 3, r ->> 4, (r ->> 5)::bigint, (r ->> 6)::bigint, (r ->> 7)::boolean, r ->> 8,
        (r ->> 9)::timestamptz, h.update_time, r ->> 10, r ->> 11, r ->> 12, t.document
    FROM told AS t
    JOIN heads AS h USING (tenant_id)
    RETURNING 1
)
SELECT (SELECT count(*) FROM taken) AS rows_count, (SELECT count(*) FROM added) AS events_count
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
    database_url: str, *, statement_timeout_seconds: float, query_log: QueryLog | None = None
) -> Connection:
    """Returns a connection that gives positions. A log is told of every statement."""
    connection = await asyncpg.connect(
        normalize_url(database_url),
        server_settings={
            **PLANS,
            "application_name": "wallet-server-sequencing",
            "default_transaction_isolation": "read committed",
            "statement_timeout": f"{int(statement_timeout_seconds * 1000)}ms",
        },
        target_session_attrs=SessionAttribute.primary,
        timeout=statement_timeout_seconds,
        command_timeout=statement_timeout_seconds + REPLY_GRACE_SECONDS,
    )
    if query_log is not None:
        connection.add_query_logger(query_log)
    return connection


async def is_anything_waiting(connection: Connection) -> bool:
    """Tells whether there is anything to take."""
    return await connection.fetchval(IS_WAITING)


async def take_rows(
    connection: Connection, *, lease_name: str, holder: str, rows_max: int
) -> Taken | None:
    """Takes the oldest rows of the outbox, and gives their events positions; all or nothing.

    None if the holder has not got the lease any more; then nothing is done.
    """
    async with connection.transaction():
        if await connection.fetchrow(LOCK, lease_name, holder) is None:
            return None
        row = await connection.fetchrow(TAKE, rows_max)
        assert row is not None
        return Taken(row["rows_count"], row["events_count"])


async def find_backlog(connection: Connection) -> Backlog:
    """Returns what waits in the outbox."""
    row = await connection.fetchrow(WAITING, ROWS_COUNTED_MAX)
    assert row is not None
    return Backlog(row["rows_count"], max(0.0, row["age_seconds"]))
