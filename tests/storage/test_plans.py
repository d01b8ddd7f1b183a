"""The plans of the hot statements: look-ups by key, whatever the statistics say.

Under SERIALIZABLE a plan that scans a table locks all of it. So this is not about speed.
"""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

import asyncpg
import pytest
from asyncpg.pool import PoolConnectionProxy

from tests.database import Database
from wallet_server.storage import answers_read, chapters, entries, history, terms, wallets
from wallet_server.storage.connections import STEADY_PLANS, open_loader, open_recorder
from wallet_server.storage.load_statement import LOAD
from wallet_server.storage.readers import open_readers
from wallet_server.storage.record_statement import RECORD, RECORD_USUAL

AnyConnection: TypeAlias = "asyncpg.Connection[Any] | PoolConnectionProxy[Any]"

STATEMENTS = {
    "LOAD": LOAD.sql,
    "RECORD": RECORD.sql,
    "RECORD_USUAL": RECORD_USUAL.sql,
    "OF_COMMANDS": entries.OF_COMMANDS,
    "OLDEST_FIRST": entries.OLDEST_FIRST,
    "NEWEST_FIRST": entries.NEWEST_FIRST,
    "ADD_TERMS": terms.ADD,
    "WALLET": wallets.WALLET,
    "BET": wallets.BET,
    "OF_REQUESTS": answers_read.OF_REQUESTS,
    "EPOCH": wallets.EPOCH,
    "SUMS": history.SUMS,
    "LAST_TIME": history.LAST_TIME,
    "LAST_AT": history.LAST_AT,
    "RESULTS": history.RESULTS,
    "LAST_CHAPTER": chapters.LAST,
    "COVERED": chapters.COVERED,
    "SUMS_OF_CHAPTERS": chapters.SUMS,
}

# What a look-up by key consists of, and what carries its rows on.
LOOKUPS = {"Index Scan", "Index Only Scan", "Tid Scan"}
CARRIERS = {
    "Aggregate",
    "Append",
    "CTE Scan",
    "Function Scan",
    "Incremental Sort",
    "Limit",
    "Memoize",
    "ModifyTable",
    "Nested Loop",
    "Recursive Union",
    "Result",
    "Sort",
    "Subquery Scan",
    "WorkTable Scan",
}

# By how many rows the tables have; each row is a wallet with one row in each table.
FILL = """
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


def nodes_of(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yields a plan's nodes, those of its CTEs and subqueries included."""
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes_of(below)


def find_scans(plan: dict[str, Any]) -> Iterator[str]:
    """Yields what is not a look-up by the key that spreads the table over machines."""
    for node in nodes_of(plan):
        kind, table = node["Node Type"], node.get("Relation Name", "")
        if kind not in LOOKUPS | CARRIERS:
            yield f"{kind} {table}"
        if kind.startswith("Index"):
            condition = node.get("Index Cond", "")
            wanted = ("shard", "wallet_id")
            if node["Index Name"].startswith(("players", "tenants", "bet_terms")):
                wanted = ("tenant_id",)
            for column in wanted:
                if not re.search(rf"\b{column} = ", condition):
                    yield f"{kind} {node['Index Name']} without {column}: {condition}"


async def plan_of(connection: AnyConnection, sql: str) -> dict[str, Any]:
    """Returns the plan that the connection uses for a statement, whatever its parameters are."""
    count = max((int(number) for number in re.findall(r"\$(\d+)", sql)), default=0)
    await connection.execute(f"PREPARE statement AS {sql}")
    nothing = f"({', '.join(['NULL'] * count)})" if count else ""
    (row,) = await connection.fetch(f"EXPLAIN (VERBOSE, FORMAT JSON) EXECUTE statement {nothing}")
    await connection.execute("DEALLOCATE statement")
    return json.loads(row[0])[0]["Plan"]


async def find_all_scans(connection: AnyConnection, names: Sequence[str]) -> list[str]:
    """Returns what is wrong with the plans of statements."""
    return [
        f"{name}: {scan}"
        for name in names
        for scan in find_scans(await plan_of(connection, STATEMENTS[name]))
    ]


async def find_scans_of_lanes(database: Database) -> list[str]:
    """Returns what is wrong with any plan on connections that are opened now."""
    loader = await open_loader(database.server_url, statement_timeout_seconds=10)
    recorder = await open_recorder(
        database.server_url, statement_timeout_seconds=10, lock_timeout_seconds=10
    )
    try:
        return [
            *await find_all_scans(loader, ["LOAD", "OF_COMMANDS", "OF_REQUESTS", "ADD_TERMS"]),
            *await find_all_scans(recorder, ["RECORD", "RECORD_USUAL"]),
        ]
    finally:
        await loader.close()
        await recorder.close()


async def find_scans_of_readers(database: Database) -> list[str]:
    """Returns what is wrong with any plan of reads."""
    pool = await open_readers(database.server_url, connections_max=1, statement_timeout_seconds=10)
    async with pool, pool.acquire() as connection:
        of_lanes = {"LOAD", "RECORD", "RECORD_USUAL", "ADD_TERMS"}
        return await find_all_scans(
            connection, [name for name in STATEMENTS if name not in of_lanes]
        )


@pytest.mark.parametrize(
    ("analysed_rows", "more_rows"),
    [(None, 0), (0, 0), (1, 0), (3, 0), (50, 0), (0, 20_000), (1, 20_000), (20_000, 0)],
    ids=["never analysed", "0", "1", "3", "50", "0 then 20000", "1 then 20000", "20000"],
)
async def test_the_hot_statements_look_up_by_key(
    database: Database, analysed_rows: int | None, more_rows: int
) -> None:
    connection: asyncpg.Connection[Any] = await database.connect_superuser()
    rows = analysed_rows or 0
    await connection.execute(FILL, 1, rows)
    if analysed_rows is not None:
        await connection.execute("ANALYZE")
    await connection.execute(FILL, rows + 1, rows + more_rows)

    assert await find_scans_of_lanes(database) == []
    assert await find_scans_of_readers(database) == []


async def test_a_scan_would_be_noticed(database: Database) -> None:
    connection = await database.connect()
    await connection.execute("SET plan_cache_mode = force_generic_plan")

    plan = await plan_of(connection, "SELECT * FROM wallets WHERE player_id = $1")
    assert list(find_scans(plan)) == ["Seq Scan wallets"]

    for name, value in STEADY_PLANS.items():
        await connection.execute(f"SET {name} = '{value}'")
    plan = await plan_of(connection, "SELECT * FROM wallets WHERE wallet_id = $1")
    assert any("without shard" in scan for scan in find_scans(plan))


@pytest.mark.parametrize("name", ["LOAD", "RECORD", "RECORD_USUAL"])
async def test_one_plan_is_made_for_all_parameters(database: Database, name: str) -> None:
    recorder = await open_recorder(
        database.server_url, statement_timeout_seconds=10, lock_timeout_seconds=10
    )

    plan = await plan_of(recorder, STATEMENTS[name])
    await recorder.close()

    calls = [node.get("Function Call", "") for node in nodes_of(plan)]
    assert any(re.search(r"jsonb_array_elements\(\$\d+", call) for call in calls), calls
