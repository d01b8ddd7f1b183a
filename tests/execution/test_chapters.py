"""Chapters are written where events tell that they have ended, and say what entries say."""

from collections.abc import AsyncIterator

import pytest

from tests.database import Database
from tests.execution.vocabulary import WALLET, Caller, credit
from tests.servers import apply_shape
from tests.storage.journals import RememberingSimulation, put_journal
from wallet_server.core.accounts import bucket
from wallet_server.core.audit.difference import Check, Difference
from wallet_server.core.history.chapter import CHAPTER_COMMANDS, last_full
from wallet_server.core.history.sums import Holding
from wallet_server.core.ids import locate
from wallet_server.execution.chapter_verification import find_chapter_differences
from wallet_server.execution.chapters.background import CHAPTERS_LEASE
from wallet_server.execution.chapters.statistics import ChapterStatistics
from wallet_server.execution.chapters.writer import ChapterWriter, write_upto
from wallet_server.execution.held_back import HeldBack
from wallet_server.execution.lease import Lease
from wallet_server.server import Server, open_server
from wallet_server.settings import Settings
from wallet_server.storage.chapters import find_chapter, open_chapter_connection
from wallet_server.storage.engine import create_engine
from wallet_server.storage.verification import connect

BEHIND = Settings(
    listen_port=0,
    without_authentication=True,
    due_work_enabled=False,
    draining_enabled=False,
    sealing_enabled=False,
    sequencing_enabled=False,
    scheduling_enabled=False,
    statements_enabled=False,
    chapters_enabled=False,
)
"""Does nothing by itself: the tests have it done."""

CASH = bucket("sports_normal")


@pytest.fixture
async def server(database: Database) -> AsyncIterator[Server]:
    await apply_shape(database, WALLET.tenant_id, "ruby")
    async with open_server(BEHIND, database.server_url) as running:
        yield running


async def chapters_of(database: Database) -> list[int]:
    """Returns the commands with which the wallet's chapters end."""
    connection = await database.connect()
    rows = await connection.fetch(
        "SELECT sequence FROM wallet_chapters WHERE shard = $1 AND wallet_id = $2 ORDER BY sequence",
        *locate(WALLET),
    )
    return [row["sequence"] for row in rows]


async def go_on(server: Server, first: int, last: int) -> None:
    """Sends commands until the wallet has come to the last."""
    caller = Caller(server.executor)
    sent = [caller.start(f"r{number}", credit(number)) for number in range(first, last + 1)]
    for each in sent:
        await each


async def catch_up(server: Server) -> None:
    """Has events told, and chapters written."""
    await server.sequencing.catch_up()
    await server.chapters.catch_up()


async def test_a_chapter_is_written_when_its_last_command_is_told_of(
    server: Server, database: Database
) -> None:
    await Caller(server.executor).open()
    await go_on(server, 2, CHAPTER_COMMANDS - 1)
    await catch_up(server)
    assert await chapters_of(database) == []

    await go_on(server, CHAPTER_COMMANDS, CHAPTER_COMMANDS + 1)
    await catch_up(server)

    assert await chapters_of(database) == [CHAPTER_COMMANDS]
    connection = await open_chapter_connection(database.server_url, statement_timeout_seconds=30)
    chapter = await find_chapter(connection, WALLET, CHAPTER_COMMANDS + 1)
    await connection.close()
    held = sum(range(2, CHAPTER_COMMANDS + 1))
    assert chapter.holdings == {CASH: Holding("EUR", held)}


async def test_what_was_not_written_is_written_with_the_next(
    server: Server, database: Database
) -> None:
    await Caller(server.executor).open()
    await go_on(server, 2, 2 * CHAPTER_COMMANDS)
    await catch_up(server)
    await database.tamper("DELETE FROM wallet_chapters")

    await go_on(server, 2 * CHAPTER_COMMANDS + 1, 3 * CHAPTER_COMMANDS)
    await catch_up(server)

    assert await chapters_of(database) == [CHAPTER_COMMANDS * number for number in (1, 2, 3)]
    assert await differences(database) == []


async def test_several_may_write_the_same(server: Server, database: Database) -> None:
    await Caller(server.executor).open()
    await go_on(server, 2, CHAPTER_COMMANDS)
    await server.sequencing.catch_up()
    first, second = ChapterWriter(database.server_url), ChapterWriter(database.server_url)
    [behind], [as_far_behind] = await first.tenants_behind(), await second.tenants_behind()

    with HeldBack() as held_back:
        assert await first.write(behind, held_back) is None
        assert await second.write(as_far_behind, held_back) is None

    assert await chapters_of(database) == [CHAPTER_COMMANDS]
    assert await first.tenants_behind() == []
    first.close_now()
    second.close_now()


async def test_what_was_written_is_counted_and_nothing_is_behind_then(
    server: Server, database: Database
) -> None:
    await Caller(server.executor).open()
    await go_on(server, 2, 2 * CHAPTER_COMMANDS)

    await catch_up(server)

    assert server.chapters.statistics == ChapterStatistics(chapters=2, lag_seconds=0.0)
    await go_on(server, 2 * CHAPTER_COMMANDS + 1, 3 * CHAPTER_COMMANDS)
    await catch_up(server)
    assert server.chapters.statistics.chapters == 3


async def test_the_lag_is_that_of_the_oldest_event_that_was_not_looked_at(
    server: Server, database: Database
) -> None:
    await Caller(server.executor).open()
    await server.sequencing.catch_up()
    await database.tamper("UPDATE events SET position_time = position_time - interval '1 hour'")
    writer = ChapterWriter(database.server_url)

    assert 3600 <= await writer.lag_seconds() < 7200
    await server.chapters.catch_up()
    assert await writer.lag_seconds() == 0
    writer.close_now()


async def test_where_the_next_event_was_removed_the_first_that_is_kept_counts(
    server: Server, database: Database
) -> None:
    await Caller(server.executor).open()
    await go_on(server, 2, 10)
    await server.sequencing.catch_up()
    await database.tamper("UPDATE events SET position_time = position_time - interval '1 hour'")
    await database.tamper("DELETE FROM events WHERE position < 15")
    await database.tamper("UPDATE event_heads SET first_position = 15")
    writer = ChapterWriter(database.server_url)

    assert 3600 <= await writer.lag_seconds() < 7200
    writer.close_now()


async def test_a_process_without_the_lease_tells_of_no_lag(
    server: Server, database: Database
) -> None:
    server.chapters.statistics.lag_seconds = 5.0
    engine = create_engine(database.server_url)
    assert await Lease(engine, CHAPTERS_LEASE, seconds=600).take()
    await engine.dispose()

    await server.chapters.catch_up()

    assert server.chapters.statistics.lag_seconds == 0.0


# --- What `verify` says


async def differences(database: Database) -> list[Difference]:
    """Returns where chapters say otherwise than entries."""
    async with connect(database.server_url) as connection:
        return [each async for each in find_chapter_differences(connection, None)]


@pytest.fixture(scope="module")
def simulation() -> RememberingSimulation:
    played = RememberingSimulation(3)
    played.run(9_000)
    return played


@pytest.fixture
async def written(database: Database, simulation: RememberingSimulation) -> Database:
    """A database with a simulated wallet and its chapters."""
    wallet = simulation.longest()
    await put_journal(await database.connect_superuser(), wallet, simulation.journal(wallet.ref))
    connection = await open_chapter_connection(database.server_url, statement_timeout_seconds=30)
    await write_upto(connection, wallet.ref, last_full(wallet.sequence))
    await connection.close()
    return database


async def test_chapters_say_what_entries_say(written: Database) -> None:
    assert await differences(written) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE wallet_chapters SET sums = '[]' WHERE sequence = 500",
        "UPDATE wallet_chapters SET holdings = '[]' WHERE sequence = 500",
        "DELETE FROM wallet_chapters WHERE sequence = 500",
        "UPDATE wallet_chapters SET sequence = 501 WHERE sequence = 500",
        "UPDATE entries SET command = 'Another' WHERE sequence < 400",
    ],
    ids=["the sums", "the holdings", "a chapter that is gone", "its number", "the entries"],
)
async def test_what_was_altered_is_found(written: Database, statement: str) -> None:
    await (await written.connect_superuser()).execute(statement)

    found = await differences(written)

    assert {each.check for each in found} == {Check.CHAPTER}
