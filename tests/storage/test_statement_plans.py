"""The plans of statements: events, entries and sums are found by key, whatever the statistics say."""

import re
from collections.abc import AsyncIterator

import pytest

from tests.database import Database
from tests.storage.plans import AnyConnection, nodes_of, plan_of
from wallet_server.storage import statements, statements_read
from wallet_server.storage.statements import open_statement_connection

EVENTS = ("tenant_id", "position")
ENTRIES = ("shard", "wallet_id", "sequence")
BETS = ("shard", "wallet_id", "provider_id", "bet_ref")
BALANCES = ("tenant_id", "asset_code", "account", "day")
ACCOUNTS = ("tenant_id", "asset_code", "account")
TOTALS = ("tenant_id", "day")

FOLLOWED = {
    "events_pkey": EVENTS,
    "entries_pkey": ENTRIES,
    "bets_pkey": BETS,
    "statement_balances_pkey": BALANCES,
}
COUNTED = {
    "wallets_pkey": ("shard", "wallet_id"),
    "entries_pkey": ENTRIES,
    "bets_pkey": BETS,
}

FILL = """
WITH numbers AS (SELECT n FROM generate_series($1::int, $2::int) AS n), heads AS (
    INSERT INTO event_heads SELECT 'tenant-' || n, n, 1, now() FROM numbers WHERE n <= 200
), told AS (
    INSERT INTO events
    SELECT 'tenant-' || n % 3, n, n % 1024, md5(n::text)::uuid, 'p' || n % 50, 'EUR', n, n, true,
        'COMMAND_ANSWERED', now(), now(), 'C', 'r', '', '{}'
    FROM numbers
), totals AS (
    INSERT INTO statement_totals
    SELECT 'tenant-' || n % 3, '2030-01-01'::date + n / 20, 'EUR', '', 'bkt:' || n % 20, 'C' || n,
        1, 1, 1
    FROM numbers
)
INSERT INTO statement_balances
SELECT 'tenant-' || n % 3, 'EUR', 'bkt:' || n % 20, '2030-01-01'::date + n, n FROM numbers
"""


@pytest.fixture
async def keeper(filled: Database) -> AsyncIterator[AnyConnection]:
    connection = await open_statement_connection(filled.server_url, statement_timeout_seconds=10)
    yield connection
    await connection.close()


async def found_by(connection: AnyConnection, statement: str) -> dict[str, list[set[str]]]:
    """Returns which columns of each index a statement looks rows up by, at each place."""
    found: dict[str, list[set[str]]] = {}
    for node in nodes_of(await plan_of(connection, statement)):
        assert node["Node Type"] not in {"Seq Scan", "Bitmap Heap Scan"} or (
            node["Relation Name"] == "outbox"  # All of it is looked through, once.
        )
        if "Index Name" in node:
            columns = set(re.findall(r"\b([a-z_]+)\b", node.get("Index Cond", "")))
            found.setdefault(node["Index Name"], []).append(columns)
    return found


@pytest.mark.parametrize(
    ("statement", "indexes"),
    [(statements.FOLLOW, FOLLOWED), (statements.COUNT_PAGE, COUNTED)],
    ids=["FOLLOW", "COUNT_PAGE"],
)
async def test_what_is_counted_is_found_by_key(
    keeper: AnyConnection, statement: str, indexes: dict[str, tuple[str, ...]]
) -> None:
    found = await found_by(keeper, statement)

    for index, columns in indexes.items():
        assert all(set(columns) <= each for each in found[index]), index


async def test_only_events_that_came_later_are_looked_through(keeper: AnyConnection) -> None:
    """Those of the player alone, unless statistics say that there is one event in all."""
    found = await found_by(keeper, statements.COUNT_PAGE)

    [places] = [found[index] for index in ("events_player_idx", "events_pkey") if index in found]
    assert all(set(EVENTS) <= each for each in places)


async def test_reads_find_balances_account_by_account(reader: AnyConnection) -> None:
    found = await found_by(reader, statements_read.BALANCES)

    places = found["statement_balances_pkey"]
    assert len(places) == 3
    assert all(set(ACCOUNTS) <= each for each in places)
    assert any(set(BALANCES) <= each for each in places)


async def test_reads_find_lines_by_their_days(reader: AnyConnection) -> None:
    found = await found_by(reader, statements_read.LINES)

    assert all(set(TOTALS) <= each for each in found["statement_totals_pkey"])
