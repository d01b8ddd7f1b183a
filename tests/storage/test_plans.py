"""The plans of the hot statements: look-ups by key, whatever the statistics say.

Under SERIALIZABLE a plan that scans a table locks all of it. So this is not about speed.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from tests.database import Database
from tests.storage.plans import (
    FILL_WALLETS,
    STATES,
    AnyConnection,
    State,
    fill,
    nodes_of,
    plan_of,
)
from wallet_server.storage import answers_read, chapters, entries, history, terms, wallets
from wallet_server.storage.connections import STEADY_PLANS, open_loader, open_recorder
from wallet_server.storage.load_statement import LOAD
from wallet_server.storage.readers import open_readers
from wallet_server.storage.record_statement import RECORD, RECORD_USUAL

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
    "ABOUT": history.ABOUT,
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
    "state",
    [*STATES.values(), (0, 0), (1, 0), (3, 0), (50, 0)],
    ids=[*STATES, "0", "1", "3", "50"],
)
async def test_the_hot_statements_look_up_by_key(database: Database, state: State) -> None:
    await fill(await database.connect_superuser(), state, FILL_WALLETS)

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
