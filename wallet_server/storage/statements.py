"""Keeps the statements of tenants: follows events by their positions, or counts the ledger anew.

Whoever changes a tenant's statements has its row locked, so what several do at once comes to the
same as one after the other; and how far they are changes in the same transaction as they.
"""

from uuid import UUID

from wallet_server.core.ids import Location
from wallet_server.core.value import value
from wallet_server.storage.connections import STEADY_PLANS, Connection, open_behind
from wallet_server.storage.statement_lines import ADD, FROM_THE_LEDGER, LINES, PAGE_END

CONSUMER = "statements"
"""What `event_consumers` calls it."""

BEFORE_ALL = Location(-1, UUID(int=0))

PLANS = {
    # Rows are looked up by key. But what was added up has no index that would find it, and few
    # groups, which no statistics tell.
    **STEADY_PLANS,
    "enable_hashjoin": "on",
    "enable_sort": "off",
}

# Of tenants without events too: their ledgers may be older than these.
BEHIND = f"""
SELECT t.tenant_id FROM tenants AS t
LEFT JOIN statements AS s USING (tenant_id)
LEFT JOIN event_heads AS h USING (tenant_id)
LEFT JOIN event_consumers AS c ON c.consumer = '{CONSUMER}' AND c.tenant_id = t.tenant_id
WHERE s.state IS DISTINCT FROM 'KEPT' OR c.position IS NULL OR h.position > c.position
ORDER BY t.tenant_id
"""

LAG = f"""
SELECT coalesce(extract(epoch FROM clock_timestamp() - min(e.position_time)), 0)::float8
FROM event_heads AS h
JOIN event_consumers AS c ON c.consumer = '{CONSUMER}' AND c.tenant_id = h.tenant_id
CROSS JOIN LATERAL (
    SELECT x.position_time FROM events AS x
    WHERE x.tenant_id = h.tenant_id AND x.position = c.position + 1
    OFFSET 0
) AS e
WHERE h.position > c.position
"""

KNOWS_TIME_ZONE = "SELECT EXISTS (SELECT FROM pg_timezone_names WHERE name = $1)"

REGISTER = """
INSERT INTO statements (tenant_id, state, time_zone, place_shard, place_wallet_id)
VALUES ($1, 'BUILDING', $2, $3, $4)
ON CONFLICT (tenant_id) DO NOTHING
"""
LOCK = "SELECT FROM statements WHERE tenant_id = $1 FOR UPDATE"
FIND = f"""
SELECT s.state, s.time_zone, s.place_shard, s.place_wallet_id, c.position,
    coalesce(h.position, 0) AS last_position, coalesce(h.first_position, 1) AS first_position
FROM statements AS s
LEFT JOIN event_heads AS h USING (tenant_id)
LEFT JOIN event_consumers AS c ON c.consumer = '{CONSUMER}' AND c.tenant_id = s.tenant_id
WHERE s.tenant_id = $1
"""

MOVE = f"""
INSERT INTO event_consumers (consumer, tenant_id, position, update_time)
VALUES ('{CONSUMER}', $1, $2, clock_timestamp())
ON CONFLICT (consumer, tenant_id) DO UPDATE
SET position = excluded.position, update_time = excluded.update_time
"""

RESTART = """
UPDATE statements
SET state = 'BUILDING', time_zone = $2, place_shard = $3, place_wallet_id = $4, position_time = NULL
WHERE tenant_id = $1
"""
FORGET = (
    "DELETE FROM statement_totals WHERE tenant_id = $1",
    "DELETE FROM statement_balances WHERE tenant_id = $1",
)

COUNT_PAGE = f"""
WITH {FROM_THE_LEDGER}, lines AS MATERIALIZED ({LINES}), added AS ({ADD})
SELECT {PAGE_END}
"""
GO_ON = "UPDATE statements SET place_shard = $2, place_wallet_id = $3 WHERE tenant_id = $1"

BALANCE = """
INSERT INTO statement_balances (tenant_id, asset_code, account, day, balance)
SELECT tenant_id, asset_code, account, day,
    sum(sum(credits - debits)) OVER (PARTITION BY asset_code, account ORDER BY day)
FROM statement_totals WHERE tenant_id = $1
GROUP BY tenant_id, asset_code, account, day
"""
FINISH = f"""
UPDATE statements SET state = 'KEPT', place_shard = NULL, place_wallet_id = NULL, position_time = (
    SELECT e.position_time FROM event_consumers AS c
    JOIN events AS e ON e.tenant_id = c.tenant_id AND e.position = c.position
    WHERE c.consumer = '{CONSUMER}' AND c.tenant_id = $1
)
WHERE tenant_id = $1
"""

# A command may be told of later than one of the day after: then what stood at the end of that day
# changes too. Rows are found by key whatever the statistics say (OFFSET 0), and changed where they
# were found, as nobody else changes those of a tenant that is locked.
FOLLOW = f"""
WITH told AS MATERIALIZED (
    SELECT shard, wallet_id, wallet_sequence FROM events
    WHERE tenant_id = $1 AND position > $3 AND position <= $4 AND is_first
        AND wallet_id IS NOT NULL
), entered AS (
    SELECT e.* FROM told AS k
    CROSS JOIN LATERAL (
        SELECT * FROM entries AS x
        WHERE x.shard = k.shard AND x.wallet_id = k.wallet_id AND x.sequence = k.wallet_sequence
        OFFSET 0
    ) AS e
), lines AS MATERIALIZED ({LINES}), added AS ({ADD}), changes AS MATERIALIZED (
    SELECT asset_code, account, day, sum(credits - debits) AS change
    FROM lines GROUP BY asset_code, account, day
), later AS MATERIALIZED (
    SELECT c.asset_code, c.account, b.day, b.place, sum(c.change) AS change
    FROM changes AS c
    CROSS JOIN LATERAL (
        SELECT x.day, x.ctid AS place FROM statement_balances AS x
        WHERE x.tenant_id = $1 AND x.asset_code = c.asset_code AND x.account = c.account
            AND x.day >= c.day
        OFFSET 0
    ) AS b
    GROUP BY c.asset_code, c.account, b.day, b.place
), raised AS (
    UPDATE statement_balances AS b SET balance = b.balance + k.change
    FROM later AS k
    WHERE b.ctid = k.place
), begun AS (
    INSERT INTO statement_balances (tenant_id, asset_code, account, day, balance)
    SELECT $1, k.asset_code, k.account, k.day, coalesce(last.balance, 0) + k.change
    FROM (
        SELECT asset_code, account, day,
            sum(change) OVER (PARTITION BY asset_code, account ORDER BY day) AS change
        FROM changes
    ) AS k
    LEFT JOIN LATERAL (
        SELECT b.balance FROM statement_balances AS b
        WHERE b.tenant_id = $1 AND b.asset_code = k.asset_code AND b.account = k.account
            AND b.day < k.day
        ORDER BY b.day DESC LIMIT 1
    ) AS last ON TRUE
    WHERE NOT EXISTS (
        SELECT FROM later AS l
        WHERE (l.asset_code, l.account, l.day) = (k.asset_code, k.account, k.day)
    )
)
UPDATE statements SET position_time = (
    SELECT position_time FROM events WHERE tenant_id = $1 AND position = $4
)
WHERE tenant_id = $1
"""


@value
class Kept:
    """How far the statements of a tenant are.

    `place` is the last wallet that was counted while they are made, None when they are. `position`
    is None where it was taken away; events before `first_position` are kept no more.
    """

    time_zone: str
    place: Location | None
    position: int | None
    last_position: int
    first_position: int


async def open_statement_connection(
    database_url: str, *, statement_timeout_seconds: float
) -> Connection:
    """Returns a connection that keeps statements."""
    return await open_behind(
        database_url,
        "statements",
        statement_timeout_seconds=statement_timeout_seconds,
        plans=PLANS,
    )


async def find_tenants_behind(connection: Connection) -> list[str]:
    """Returns the tenants whose statements have something to do."""
    return [row["tenant_id"] for row in await connection.fetch(BEHIND)]


async def knows_time_zone(connection: Connection, time_zone: str) -> bool:
    """Tells whether the database has a time zone."""
    return await connection.fetchval(KNOWS_TIME_ZONE, time_zone)


async def find_lag_seconds(connection: Connection) -> float:
    """Returns for how long the oldest event that is not counted has had its position."""
    return max(0.0, await connection.fetchval(LAG))


async def lock_statements(connection: Connection, tenant_id: str, *, time_zone: str) -> Kept:
    """Lets no other change a tenant's statements until the end of the transaction.

    Where there are none yet, they are to be made, in the time zone.
    """
    await connection.execute(REGISTER, tenant_id, time_zone, *BEFORE_ALL)
    await connection.fetchrow(LOCK, tenant_id)
    row = await connection.fetchrow(FIND, tenant_id)
    assert row is not None
    place = None
    if row["state"] == "BUILDING":
        place = Location(row["place_shard"], row["place_wallet_id"])
    return Kept(
        row["time_zone"], place, row["position"], row["last_position"], row["first_position"]
    )


async def start_anew(
    connection: Connection, tenant_id: str, *, time_zone: str, position: int
) -> None:
    """Forgets the statements of a tenant, which are to be made again up to a position."""
    for statement in FORGET:
        await connection.execute(statement, tenant_id)
    await connection.execute(RESTART, tenant_id, time_zone, *BEFORE_ALL)
    await connection.execute(MOVE, tenant_id, position)


async def count_wallets(
    connection: Connection,
    tenant_id: str,
    *,
    time_zone: str,
    position: int,
    after: Location,
    limit: int,
) -> Location | None:
    """Counts what is in the ledger of the next wallets, of all tenants so many, up to a position.

    Returns the last of them; None if no wallet was left.
    """
    row = await connection.fetchrow(COUNT_PAGE, tenant_id, time_zone, position, *after, limit)
    assert row is not None
    if row["end_shard"] is None:
        return None
    end = Location(row["end_shard"], row["end_wallet_id"])
    await connection.execute(GO_ON, tenant_id, *end)
    return end


async def finish_counting(connection: Connection, tenant_id: str) -> None:
    """Works out balances from what was counted of all wallets; from here on events are followed."""
    await connection.execute(BALANCE, tenant_id)
    await connection.execute(FINISH, tenant_id)


async def follow_events(
    connection: Connection, tenant_id: str, *, time_zone: str, after: int, through: int
) -> None:
    """Counts what events tell of that stand after a position, up to another."""
    await connection.execute(FOLLOW, tenant_id, time_zone, after, through)
    await connection.execute(MOVE, tenant_id, through)
