"""The plans of reads of events, and of giving positions: by key, whatever the statistics say."""

import re

import pytest

from tests.database import Database
from tests.storage.plans import AnyConnection, nodes_of, plan_of
from wallet_server.storage import events_read, sequencing

READS = {
    "OF_TENANT": (events_read.OF_TENANT, {"events_pkey": ("tenant_id", "position")}),
    "OF_PLAYER": (
        events_read.OF_PLAYER,
        {"events_player_idx": ("tenant_id", "player_id", "position")},
    ),
    "HEADS": (events_read.HEADS, {}),
    "START": (
        events_read.START,
        {"events_pkey": ("tenant_id", "position")},
    ),
}

FILL = """
WITH numbers AS (SELECT n FROM generate_series($1::int, $2::int) AS n), heads AS (
    INSERT INTO event_heads SELECT 'tenant-' || n, n, 1, now() FROM numbers WHERE n <= 200
), waiting AS (
    INSERT INTO outbox SELECT n % 1024, md5(n::text)::uuid, now(), '[]', '{}' FROM numbers
)
INSERT INTO events
SELECT 'tenant-' || n % 3, n, n % 1024, md5(n::text)::uuid, 'p' || n % 50, 'EUR', n, n, true,
    'COMMAND_ANSWERED', now(), now(), 'C', 'r', '', '{}'
FROM numbers
"""


async def indexes_of(connection: AnyConnection, sql: str) -> dict[str, str]:
    """Returns the conditions that rows of tables are found by, by index; there is no other way."""
    found: dict[str, str] = {}
    for node in nodes_of(await plan_of(connection, sql)):
        if node["Node Type"].startswith("Index"):
            found[node["Index Name"]] = node.get("Index Cond", "")
        else:
            assert node["Node Type"] in {"ModifyTable", "Tid Scan"} or "Relation Name" not in node
    return found


@pytest.mark.parametrize("name", READS)
async def test_reads_find_events_by_tenant_and_position(reader: AnyConnection, name: str) -> None:
    sql, wanted = READS[name]

    found = await indexes_of(reader, sql)

    assert found.keys() == {"event_heads_pkey", *wanted}
    assert "tenant_id = " in found["event_heads_pkey"]
    for index, columns in wanted.items():
        for column in columns:
            assert re.search(rf'\b{column}"? [<>=]', found[index]), (index, found[index])


async def test_pages_are_not_sorted_out_of_all_that_follows(reader: AnyConnection) -> None:
    """Under the limit there is an index in the order of positions, and nothing that sorts."""
    for sql, _ in (READS["OF_TENANT"], READS["OF_PLAYER"]):
        for node in nodes_of(await plan_of(reader, sql)):
            if node["Node Type"] == "Limit":
                assert [below["Node Type"] for below in nodes_of(node)] == ["Limit", "Index Scan"]


async def test_the_oldest_rows_are_taken_by_index_and_by_place(filled: Database) -> None:
    connection = await sequencing.open_sequencing_connection(
        filled.server_url, statement_timeout_seconds=10
    )
    try:
        take = await indexes_of(connection, sequencing.TAKE)
        assert take.keys() == {"outbox_time_idx", "leases_pkey"}
        assert "lease_name = " in take["leases_pkey"]
        assert len(await indexes_of(connection, sequencing.IS_WAITING)) == 1
        assert len(await indexes_of(connection, sequencing.WAITING)) == 1
    finally:
        await connection.close()
