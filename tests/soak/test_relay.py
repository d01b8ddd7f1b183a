"""Server, relay and NATS are killed at random under load: consumers hear of all that was committed."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from tests.database import Database
from tests.events import find_disorder, find_loss
from tests.soak.callers import Caller, Log, opening_calls
from tests.soak.relayed import Installation, Told, find_differences, read_committed
from tests.soak.server_process import run_verify
from tests.soak.test_soak import insist
from wallet_server.execution.activation import apply_documents
from wallet_server.shapes import load_shape
from wallet_server.storage.engine import create_engine

TENANT = "demo"
PLAYERS = [f"player-{number}" for number in range(20)]
CALLERS_COUNT = 20
SETTLE_SECONDS_MAX = 120


@pytest.fixture
async def installation(database: Database) -> AsyncIterator[Installation]:
    engine = create_engine(database.server_url)
    await apply_documents(engine, TENANT, load_shape("ruby"), datetime.now(UTC))
    await engine.dispose()
    with tempfile.TemporaryDirectory(prefix="wallet-test-") as folder:
        made = Installation(database.server_url, Path(folder), Random(7))
        await made.start()
        yield made
        await made.stop()


async def open_wallets(installation: Installation, log: Log) -> None:
    """Opens the wallets, before anything is killed."""
    for calls in zip(*(opening_calls(player_id) for player_id in PLAYERS), strict=True):
        log.sent.update((call.key, call) for call in calls)
        await asyncio.gather(*(insist(installation.stubs[0], call, log) for call in calls))


async def play(installation: Installation, told: Told, seconds: float) -> Log:
    """Has callers play while programs are killed, and then waits until all was told."""
    log, is_over = Log(), asyncio.Event()
    await open_wallets(installation, log)
    callers = [
        Caller(f"caller-{number}", installation.stubs, PLAYERS, log, Random(number))
        for number in range(CALLERS_COUNT)
    ]
    playing = [asyncio.create_task(caller.play(is_over)) for caller in callers]
    killing = asyncio.create_task(installation.kill_again_and_again(is_over))
    await asyncio.sleep(seconds)
    is_over.set()
    await asyncio.gather(killing, *playing)
    return log


async def wait_until_positioned(database: Database) -> int:
    """Waits until all that was committed has positions. Returns how many events there are."""
    connection = await database.connect()
    async with asyncio.timeout(SETTLE_SECONDS_MAX):
        while await connection.fetchval("SELECT EXISTS (SELECT FROM outbox)"):
            await asyncio.sleep(0.05)
    return await connection.fetchval("SELECT count(*) FROM events")


async def soak(installation: Installation, database: Database, seconds: float) -> Told:
    """Plays, and holds what a consumer was told against what was committed."""
    told = Told()
    listening = asyncio.create_task(told.listen(installation.nats.url))
    log = await play(installation, told, seconds)
    count = await wait_until_positioned(database)
    async with asyncio.timeout(SETTLE_SECONDS_MAX):
        await told.wait_for(count)
    listening.cancel()
    connection = await database.connect_superuser()
    print(
        f"{len(log.told)} answers, {log.unanswered_count} calls without, {count} events,"
        f" {len(told.events) - count} of them told again, kills: {installation.kills}"
    )
    assert list(find_differences(told.events, await read_committed(connection))) == []
    assert await find_disorder(connection) == []
    assert await find_loss(connection) == []
    code, printed = await run_verify(database.server_url)
    assert code == 0, printed
    return told


@pytest.mark.timeout(300)
async def test_all_that_was_committed_is_told_whatever_dies(
    installation: Installation, database: Database
) -> None:
    told = await soak(installation, database, seconds=8)

    assert sum(installation.kills.values()) > 2
    assert len(told.ids) > 100


@pytest.mark.soak
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("repetition", range(3))
async def test_all_that_was_committed_is_told_whatever_dies_for_long(
    installation: Installation, database: Database, repetition: int
) -> None:
    installation.random.seed(repetition)

    told = await soak(installation, database, seconds=60)

    assert all(installation.kills.get(each, 0) > 3 for each in ("server", "relay", "nats"))
    assert len(told.ids) > 1_000
