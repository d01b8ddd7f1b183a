"""The plan that finds the last bets: pages of the table, and for the rest look-ups by key."""

import json

from tests.database import Database
from wallet_server.storage.readers import open_readers
from wallet_server.storage.recent_bets import OF_PAGES


async def test_only_the_pages_that_are_named_are_read(database: Database) -> None:
    readers = await open_readers(
        database.server_url, connections_max=1, statement_timeout_seconds=30
    )
    await readers.execute("SELECT 1")
    async with readers.acquire() as connection:
        await connection.execute(f"PREPARE of_pages AS {OF_PAGES}")
        text = await connection.fetchval(
            "EXPLAIN (FORMAT JSON) EXECUTE of_pages (5, 9, 'acme', 'demo', 10)"
        )
    await readers.close()

    waiting, scans = [json.loads(text)[0]["Plan"]], {}
    while waiting:
        node = waiting.pop()
        waiting += node.get("Plans", [])
        if "Relation Name" in node:
            scans[node["Relation Name"]] = node["Node Type"]
    assert scans == {
        "bets": "Tid Range Scan",
        "wallets": "Index Scan",
        "bet_terms": "Index Scan",
    }
