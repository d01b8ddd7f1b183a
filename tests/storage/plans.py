"""How Postgres finds rows, whatever its statistics say of the tables."""

import json
import re
from collections.abc import Iterator
from typing import Any, TypeAlias

import asyncpg
from asyncpg.pool import PoolConnectionProxy

AnyConnection: TypeAlias = "asyncpg.Connection[Any] | PoolConnectionProxy[Any]"

State: TypeAlias = tuple[int | None, int]
"""How many rows tables had when they were analysed, if ever, and how many more they got."""

STATES: dict[str, State] = {
    "never analysed": (None, 0),
    "0 then 20000": (0, 20_000),
    "1 then 20000": (1, 20_000),
    "20000": (20_000, 0),
}

FILL_WALLETS = """
WITH numbers AS (
    SELECT n, (n % 1024)::smallint AS shard, md5(n::text)::uuid AS wallet_id
    FROM generate_series($1::int, $2::int) AS n
), tenants_ AS (
    INSERT INTO tenants SELECT 'tenant-' || n, 1, now() FROM numbers WHERE n <= 100
), players_ AS (
    INSERT INTO players SELECT shard, 'demo', n::text, 'ACTIVE', now() FROM numbers
), wallets_ AS (
    INSERT INTO wallets
    SELECT shard, wallet_id, 'demo', n::text, 'EUR', 1, now(), now(),
        '{bkt:a}', '{5}', '{}', '{}', '{}'
    FROM numbers
), answers_ AS (
    INSERT INTO answers
    SELECT shard, wallet_id, 'r', 1, 'C', '\\x01', now(), 'APPLIED', NULL, '{}', NULL, '',
        'acme', 'b'
    FROM numbers
), terms_ AS (
    INSERT INTO bet_terms SELECT 'demo', wallet_id, '{}' FROM numbers
), bets_ AS (
    INSERT INTO bets
    SELECT shard, wallet_id, 'acme', 'b', 'AUTHORIZED', 1, 1, 5, now(), NULL, NULL, wallet_id,
        '{5}', NULL, NULL
    FROM numbers
), items_ AS (
    INSERT INTO wallet_items
    SELECT shard, wallet_id, 'COUPON', 'c', 'ACTIVE', n % 2 = 0, 1, 1, now(), now(), '{}'
    FROM numbers
)
INSERT INTO entries
SELECT shard, wallet_id, 1, 0, 'EUR', '{bkt:a,H:CASH}', '{5,-5}', '{5,NULL}', now(), 'r', 'C',
    NULL, NULL, ''
FROM numbers
"""
"""Adds wallets from one number to another, with one row in each table."""


async def fill(connection: "asyncpg.Connection[Any]", state: State, *statements: str) -> None:
    """Brings tables into a state, by statements that each add rows from one number to another."""
    analysed_rows, more_rows = state
    rows = analysed_rows or 0
    for statement in statements:
        await connection.execute(statement, 1, rows)
    if analysed_rows is not None:
        await connection.execute("ANALYZE")
    for statement in statements:
        await connection.execute(statement, rows + 1, rows + more_rows)


def nodes_of(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yields a plan's nodes, those of its CTEs and subqueries included."""
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes_of(below)


async def plan_of(connection: AnyConnection, sql: str) -> dict[str, Any]:
    """Returns the plan that the connection uses for a statement, whatever its parameters are."""
    count = max((int(number) for number in re.findall(r"\$(\d+)", sql)), default=0)
    await connection.execute(f"PREPARE statement AS {sql}")
    nothing = f"({', '.join(['NULL'] * count)})" if count else ""
    (row,) = await connection.fetch(f"EXPLAIN (VERBOSE, FORMAT JSON) EXECUTE statement {nothing}")
    await connection.execute("DEALLOCATE statement")
    return json.loads(row[0])[0]["Plan"]
