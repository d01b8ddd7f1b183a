"""The statements of those who write chapters."""

import pytest

from tests.database import Database
from tests.storage.plans import nodes_of, plan_of
from wallet_server.storage import chapters
from wallet_server.storage.chapters import open_chapter_connection

FILL = """
INSERT INTO events
SELECT 'demo', n, 1, '00000000-0000-0000-0000-000000000001', 'p', 'EUR', n, n, true,
    'COMMAND_ANSWERED', now(), now(), 'C', 'r', '', '{}'
FROM generate_series(1, $1::int) AS n
"""


@pytest.mark.parametrize("analysed", [False, True])
@pytest.mark.parametrize("events_count", [0, 20_000])
async def test_ended_chapters_are_found_without_reading_the_events_between(
    database: Database, events_count: int, *, analysed: bool
) -> None:
    superuser = await database.connect_superuser()
    await superuser.execute(FILL, events_count)
    if analysed:
        await superuser.execute("ANALYZE events")
    connection = await open_chapter_connection(database.server_url, statement_timeout_seconds=30)

    plan = await plan_of(connection, chapters.ENDED)
    await connection.close()

    assert [node["Index Name"] for node in nodes_of(plan) if "Index Name" in node] == [
        "events_chapter_idx"
    ]


async def test_what_was_noted_never_goes_back(database: Database) -> None:
    connection = await open_chapter_connection(database.server_url, statement_timeout_seconds=30)
    await (await database.connect_superuser()).execute(
        "INSERT INTO event_heads VALUES ('demo', 9, 1, now())"
    )

    await chapters.note_written(connection, "demo", 7)
    await chapters.note_written(connection, "demo", 5)

    behind = await chapters.find_tenants_behind(connection)
    await connection.close()
    assert behind == [chapters.TenantBehind("demo", 9, 7)]
