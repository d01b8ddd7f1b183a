"""Chapters that cannot be written keep nobody else's from being written, and stay to be written."""

from collections.abc import AsyncIterator

import pytest
from asyncpg import CheckViolationError

from tests.database import Database
from tests.execution.test_chapters import BEHIND
from tests.execution.vocabulary import TENANT, Caller, credit
from tests.servers import apply_shape
from wallet_server.core.history.chapter import CHAPTER_COMMANDS
from wallet_server.core.ids import WalletRef, locate
from wallet_server.execution.chapters.writer import ChapterWriter
from wallet_server.execution.held_back import HeldBack
from wallet_server.server import Server, open_server

ALPHA = "alpha"
"""A tenant whose turn is before that of the other."""

BROKEN, SOUND = WalletRef(TENANT, "broken", "EUR"), WalletRef(TENANT, "sound", "EUR")
HOUR_SECONDS = 3_600


@pytest.fixture
async def server(database: Database) -> AsyncIterator[Server]:
    for tenant_id in (ALPHA, TENANT):
        await apply_shape(database, tenant_id, "ruby")
    async with open_server(BEHIND, database.server_url) as running:
        yield running


async def play(server: Server, wallet: WalletRef, *, chapters: int = 1, before: int = 0) -> None:
    """Brings a wallet forward by whole chapters, from as many before, and has events told."""
    caller = Caller(server.executor, wallet)
    if not before:
        await caller.open()
    first, last = before * CHAPTER_COMMANDS, (before + chapters) * CHAPTER_COMMANDS
    sent = [caller.start(f"r{number}", credit(1)) for number in range(max(first, 1), last)]
    for each in sent:
        await each
    await server.sequencing.catch_up()


async def keep_from_chapters(database: Database, wallet: WalletRef) -> None:
    """Has every attempt to write a chapter of a wallet fail."""
    wallet_id = locate(wallet).wallet_id
    await database.tamper(
        f"ALTER TABLE wallet_chapters ADD CONSTRAINT broken CHECK (wallet_id <> '{wallet_id}')"
    )


async def let_go(database: Database) -> None:
    await database.tamper("ALTER TABLE wallet_chapters DROP CONSTRAINT broken")


async def chapters_of(database: Database, wallet: WalletRef) -> list[int]:
    """Returns the commands with which a wallet's chapters end."""
    connection = await database.connect()
    rows = await connection.fetch(
        "SELECT sequence FROM wallet_chapters WHERE shard = $1 AND wallet_id = $2 ORDER BY sequence",
        *locate(wallet),
    )
    await connection.close()
    return [row["sequence"] for row in rows]


async def test_a_wallet_whose_chapter_fails_is_not_in_the_way_of_others(
    server: Server, database: Database
) -> None:
    await keep_from_chapters(database, BROKEN)
    await play(server, BROKEN)
    await play(server, SOUND)

    with pytest.raises(CheckViolationError):
        await server.chapters.catch_up()

    assert await chapters_of(database, SOUND) == [CHAPTER_COMMANDS]
    await play(server, SOUND, before=1)
    with pytest.raises(CheckViolationError):
        await server.chapters.catch_up()
    assert await chapters_of(database, SOUND) == [CHAPTER_COMMANDS, 2 * CHAPTER_COMMANDS]
    assert await chapters_of(database, BROKEN) == []


async def test_a_tenant_whose_chapters_fail_is_not_in_the_way_of_others(
    server: Server, database: Database
) -> None:
    broken = WalletRef(ALPHA, "broken", "EUR")
    await keep_from_chapters(database, broken)
    await play(server, broken)
    await play(server, SOUND)

    with pytest.raises(CheckViolationError):
        await server.chapters.catch_up()

    assert await chapters_of(database, SOUND) == [CHAPTER_COMMANDS]
    writer = ChapterWriter(database.server_url)
    assert [each.tenant_id for each in await writer.tenants_behind()] == [ALPHA]
    writer.close_now()


async def test_what_failed_counts_as_behind_until_it_is_written(
    server: Server, database: Database
) -> None:
    await keep_from_chapters(database, BROKEN)
    await play(server, BROKEN)
    await play(server, SOUND)
    await database.tamper("UPDATE events SET position_time = position_time - interval '1 hour'")
    for _ in range(2):
        with pytest.raises(CheckViolationError):
            await server.chapters.catch_up()
        assert server.chapters.statistics.lag_seconds >= HOUR_SECONDS
    assert server.chapters.statistics.chapters == 1

    await let_go(database)
    await server.chapters.catch_up()

    assert await chapters_of(database, BROKEN) == [CHAPTER_COMMANDS]
    assert (server.chapters.statistics.chapters, server.chapters.statistics.lag_seconds) == (2, 0.0)


async def test_another_process_tries_again_what_failed(server: Server, database: Database) -> None:
    await keep_from_chapters(database, BROKEN)
    await play(server, BROKEN)
    await play(server, SOUND)
    with pytest.raises(CheckViolationError):
        await server.chapters.catch_up()
    await let_go(database)

    writer = ChapterWriter(database.server_url)
    [behind] = await writer.tenants_behind()
    with HeldBack() as held_back:
        assert await writer.write(behind, held_back) is None

    assert await chapters_of(database, BROKEN) == [CHAPTER_COMMANDS]
    assert await writer.tenants_behind() == []
    writer.close_now()
    await server.chapters.catch_up()
    assert server.chapters.statistics.lag_seconds == 0.0
