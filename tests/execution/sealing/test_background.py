"""Servers seal by themselves, one of them at a time, and tell of the heads."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.database import Database
from tests.execution.conftest import StartExecutor, now
from tests.execution.ledger import wait_until
from tests.execution.vocabulary import Caller, credit
from wallet_server.execution.lease import Lease
from wallet_server.execution.sealing.background import Sealing
from wallet_server.execution.sealing.heads import read_heads
from wallet_server.execution.sealing.keys import SigningKey
from wallet_server.execution.sealing.sealer import Sealer
from wallet_server.execution.sealing.statistics import SealingStatistics
from wallet_server.execution.settings import SealingSettings
from wallet_server.storage.engine import create_engine

SELDOM = SealingSettings(chain_heads_interval_seconds=3600)
OFTEN = SealingSettings(sealing_interval_seconds=0.01, chain_heads_interval_seconds=0.01)

Make = Callable[..., Awaitable[Sealing]]


@pytest.fixture
async def make(database: Database, key: SigningKey) -> AsyncIterator[Make]:
    """Makes what seals, as servers have it."""
    async with AsyncExitStack() as closing:

        async def sealing(
            settings: SealingSettings = SELDOM, heads_file: Path | None = None
        ) -> Sealing:
            engine = create_engine(database.server_url, connections_max=2)
            closing.push_async_callback(engine.dispose)
            sealer = Sealer(engine, key, now, commits_max=settings.sealing_commits_max)
            lease = Lease(engine, "sealing", seconds=600)
            made = Sealing(sealer, lease, settings, heads_file=heads_file)
            closing.push_async_callback(made.finish)
            return made

        yield sealing


async def waiting_count(database: Database) -> int:
    connection = await database.connect()
    count: int = await connection.fetchval("SELECT count(*) FROM commits")
    return count


async def wait_until_sealed(database: Database) -> None:
    async def is_sealed() -> bool:
        return await waiting_count(database) == 0

    await wait_until(is_sealed)


async def test_all_that_waits_is_sealed(
    database: Database, start_executor: StartExecutor, make: Make
) -> None:
    caller = Caller(await start_executor())
    await caller.open(balance=100)
    sealing = await make(replace(SELDOM, sealing_commits_max=1))

    await sealing.catch_up()

    assert await waiting_count(database) == 0
    assert sealing.head is not None
    assert sealing.head.number >= 3  # The configuration, and two commands.


async def test_one_process_seals_at_a_time(
    database: Database, start_executor: StartExecutor, make: Make
) -> None:
    caller = Caller(await start_executor())
    await caller.open()
    first, second = await make(), await make()
    await first.catch_up()
    await caller.send("more", credit())

    await second.catch_up()
    assert await waiting_count(database) == 1

    await first.finish()
    await second.catch_up()
    assert await waiting_count(database) == 0
    assert first.head is not None
    assert second.head is not None
    assert second.head.number == first.head.number + 1


async def test_what_waits_is_seen_by_whoever_seals_and_by_others(
    database: Database, start_executor: StartExecutor, make: Make
) -> None:
    caller = Caller(await start_executor())
    await caller.open()
    first, second = await make(), await make()
    await first.catch_up()
    await caller.send("more", credit())

    await second.catch_up()  # It is the first one's turn.
    await second.look()
    await first.look()

    assert (second.statistics.waiting_commits, first.statistics.waiting_commits) == (1, 1)
    assert first.statistics.blocks > 0
    assert second.statistics.blocks == 0

    await first.catch_up()
    await second.look()
    assert second.statistics == SealingStatistics()


async def test_a_commit_waits_since_it_was_decided(
    database: Database, start_executor: StartExecutor
) -> None:
    """By the same clock that commands are decided by."""
    decided = datetime(2026, 3, 1, 12, tzinfo=UTC)
    waits = iter(decided + timedelta(seconds=seconds) for seconds in (-1, 40, 90))
    caller = Caller(await start_executor(now=lambda: decided))
    connection = await database.connect_superuser()
    await connection.execute("DELETE FROM commits")  # Of the tenant's configuration.
    await caller.open()
    engine = create_engine(database.server_url)
    sealer = Sealer(engine, None, lambda: next(waits), commits_max=10)

    assert await sealer.look() == (1, 0.0)
    assert await sealer.look() == (1, 40.0)
    await sealer.seal()
    assert await sealer.look() == (0, 0.0)
    await engine.dispose()


async def test_it_seals_again_and_again_until_it_is_finished(
    database: Database, start_executor: StartExecutor, make: Make
) -> None:
    caller = Caller(await start_executor())
    sealing = await make(OFTEN)
    sealing.start()
    for request in ("one", "two"):
        await caller.open() if request == "one" else await caller.send(request, credit())
        await wait_until_sealed(database)

    await sealing.finish()
    await caller.send("three", credit())

    assert await waiting_count(database) == 1


async def test_heads_are_written_down_now_and_then_and_at_the_end(
    start_executor: StartExecutor, make: Make, tmp_path: Path
) -> None:
    caller = Caller(await start_executor())
    await caller.open()
    path = tmp_path / "heads.jsonl"
    sealing = await make(SELDOM, path)

    await sealing.catch_up()
    (first,) = read_heads(path)
    await caller.send("more", credit())
    await sealing.catch_up()
    assert read_heads(path) == [first]  # It is too soon for another.

    await sealing.finish()
    assert read_heads(path) == [first, sealing.head]


async def test_a_file_that_cannot_be_written_is_told_and_stops_nothing(
    database: Database,
    start_executor: StartExecutor,
    make: Make,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await Caller(await start_executor()).open()
    sealing = await make(SELDOM, tmp_path / "no such directory" / "heads.jsonl")

    await sealing.catch_up()

    assert await waiting_count(database) == 0
    assert "a head of the chain was not written down" in caplog.text


async def test_a_chain_that_became_shorter_is_told(
    database: Database,
    start_executor: StartExecutor,
    make: Make,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caller = Caller(await start_executor())
    await caller.open()
    sealing = await make()
    await sealing.catch_up()
    superuser = await database.connect_superuser()
    await superuser.execute("DELETE FROM chain_blocks")
    await caller.send("more", credit())

    with caplog.at_level(logging.ERROR):
        await sealing.catch_up()

    assert "the chain is shorter than it was" in caplog.text


async def test_what_fails_is_tried_again(
    database: Database,
    start_executor: StartExecutor,
    make: Make,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caller = Caller(await start_executor())
    await caller.open()
    superuser = await database.connect_superuser()
    await superuser.execute("ALTER TABLE chain_blocks RENAME TO away")
    sealing = await make(replace(OFTEN, sealing_pause_seconds_max=0.01))
    sealing.start()

    async def is_told() -> bool:
        return "sealing failed" in caplog.text

    await wait_until(is_told)
    assert await waiting_count(database) > 0

    await superuser.execute("ALTER TABLE away RENAME TO chain_blocks")
    await wait_until_sealed(database)
