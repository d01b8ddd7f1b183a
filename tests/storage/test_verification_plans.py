"""The plans of what `verify` reads of a chunk of wallets: by key, whatever the statistics say."""

import re
from collections.abc import AsyncIterator

import pytest

from tests.database import Connection, Database
from tests.storage.plans import FILL_WALLETS, STATES, AnyConnection, fill, nodes_of, plan_of
from wallet_server.storage import verification as storage
from wallet_server.storage import verification_statements as statements

OF_WALLET = {"shard", "wallet_id"}
OF_PLAYER = {"tenant_id", "player_id", "position"}
BY_KEY = {
    "answers_pkey": OF_WALLET,
    "bet_terms_pkey": {"tenant_id", "terms_id"},
    "bets_pkey": OF_WALLET,
    "entries_pkey": OF_WALLET,
    "events_player_idx": OF_PLAYER,
    "players_pkey": {"shard", "tenant_id", "player_id"},
    "wallet_items_pkey": OF_WALLET,
    "wallets_pkey": OF_WALLET,
}
READ = {
    "WALLETS": {"wallets", "players"},
    "ANSWERS": {"wallets", "answers", "bets", "bet_terms"},
    "ENTRIES": {"entries"},
    "EVENTS": {"wallets", "events"},
    "DECLINED_BETS": {"wallets", "bets", "bet_terms"},
    "BETS": {"wallets", "bets", "bet_terms"},
    "BET_ANSWERS": {"wallets", "answers", "bets", "bet_terms"},
    "BET_ENTRIES": {"entries"},
    "ITEMS": {"wallet_items"},
    "ROUND_MEMBERS": {"bets"},
}
"""The tables that each statement finds rows of by key."""

FILL_EVENTS = """
INSERT INTO events
SELECT 'demo', n, n % 1024, md5(n::text)::uuid, n::text, 'EUR', n, n, true,
    'COMMAND_ANSWERED', now(), now(), 'C', 'r', '', '{}'
FROM generate_series($1::int, $2::int) AS n
"""


@pytest.fixture(params=STATES.values(), ids=list(STATES))
async def reader(database: Database, request: pytest.FixtureRequest) -> AsyncIterator[Connection]:
    """A connection of `verify` to a database whose statistics say what they like."""
    await fill(await database.connect_superuser(), request.param, FILL_WALLETS, FILL_EVENTS)
    async with storage.connect(database.server_url) as connection:
        yield connection


async def lookups(connection: AnyConnection, sql: str) -> dict[str, str]:
    """Returns the conditions that rows are found by, by index. The outbox alone is read whole."""
    found: dict[str, str] = {}
    for node in nodes_of(await plan_of(connection, sql)):
        if node["Node Type"].startswith("Index"):
            found[node["Index Name"]] = node.get("Index Cond", "")
        else:
            assert node.get("Relation Name", "outbox") == "outbox", node
    return found


async def test_chunks_are_read_by_key(reader: Connection) -> None:
    for name, read in READ.items():
        statement: str = getattr(statements, name)

        async with (
            storage.snapshot(reader, statements.CHUNK_PLANS),
            storage.planned(reader, statements.PLANS_OF.get(statement, {})),
        ):
            found = await lookups(reader, statement)

        tables = {re.sub("_(pkey|[a-z]+_idx)$", "", index) for index in found}
        assert tables == read, name
        for index, condition in found.items():
            columns = set(re.findall(r"\b([a-z_]+)\b", condition))
            assert columns >= BY_KEY[index], (name, index, condition)


async def test_settings_hold_for_a_chunk_alone(database: Database) -> None:
    async def sorts_and_scans() -> list[str]:
        return [await connection.fetchval(f"SHOW {name}") for name in names]

    names = ("enable_sort", "enable_seqscan")
    async with storage.connect(database.server_url) as connection:
        async with storage.snapshot(connection, statements.CHUNK_PLANS):
            assert await sorts_and_scans() == ["on", "off"]
            async with storage.planned(connection, statements.PLANS_OF[statements.EVENTS]):
                assert await sorts_and_scans() == ["off", "off"]
            assert await sorts_and_scans() == ["on", "off"]
        assert await sorts_and_scans() == ["on", "on"]
