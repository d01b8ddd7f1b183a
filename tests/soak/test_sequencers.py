"""Processes that give positions are killed again and again, while servers go on."""

import asyncio
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.loaded import LoadedProcess, start_logging
from tests.database import Connection, Database
from tests.events import find_disorder, find_loss
from tests.soak import sequencer_process
from tests.soak.callers import TENANT
from tests.soak.server_process import ROOT, environment_of
from wallet_server.core.commands import AdjustBalance, Amount, OpenWallet
from wallet_server.core.ids import WalletRef
from wallet_server.execution.activation import apply_documents
from wallet_server.execution.configuration_cache import ConfigurationCache
from wallet_server.execution.executor import Executor
from wallet_server.execution.settings import EngineSettings
from wallet_server.execution.submission import Submission
from wallet_server.shapes import load_shape
from wallet_server.storage.engine import create_engine

PROCESSES_COUNT = 3
WALLETS = [WalletRef(TENANT, f"player-{number}", "EUR") for number in range(30)]
CREDIT = AdjustBalance("sports_normal", Amount("EUR", 1), "SOAK")
POLL_SECONDS = 0.02
TELLING_SECONDS_MAX = 60


def start(url: str, folder: Path, number: int) -> LoadedProcess:
    log = folder / f"sequencer-{number}.log"
    return start_logging(sequencer_process.main, (), environment_of(url), ROOT, log)


async def start_executor(url: str, skew: timedelta) -> Executor:
    executor = Executor(
        url, ConfigurationCache(), EngineSettings(), lambda: datetime.now(UTC) + skew
    )
    await executor.start()
    return executor


async def play(executors: Sequence[Executor], is_over: asyncio.Event) -> None:
    """Credits wallets, some at a time, now by this server and now by another."""
    await executors[0].submit_all([Submission(ref, "open", OpenWallet()) for ref in WALLETS])
    draw, number = random.Random(1), 0
    while not is_over.is_set():
        number += 1
        await executors[number % len(executors)].submit_all(
            [Submission(ref, f"{number}", CREDIT) for ref in draw.sample(WALLETS, 5)]
        )


async def kill_again_and_again(url: str, folder: Path, kills_count: int) -> None:
    """Kills one process after the other, and starts it anew; all of them in the end."""
    draw = random.Random(2)
    processes = [start(url, folder, number) for number in range(PROCESSES_COUNT)]
    for _ in range(kills_count):
        await asyncio.sleep(draw.uniform(0.05, 0.6))
        number = draw.randrange(PROCESSES_COUNT)
        processes[number].kill()
        await processes[number].wait()
        processes[number] = start(url, folder, number)
    for process in processes:
        process.kill()
        await process.wait()


async def wait_until_told(connection: Connection) -> None:
    async with asyncio.timeout(TELLING_SECONDS_MAX):
        while await connection.fetchval("SELECT EXISTS (SELECT FROM outbox)"):
            await asyncio.sleep(POLL_SECONDS)


@pytest.mark.parametrize("kills_count", [8, pytest.param(150, marks=pytest.mark.soak)])
@pytest.mark.timeout(600)
async def test_no_event_is_lost_or_moved_by_whoever_is_killed(
    database: Database, tmp_path: Path, kills_count: int
) -> None:
    url = database.server_url
    engine = create_engine(url)
    await apply_documents(engine, TENANT, load_shape("ruby"), datetime.now(UTC))
    await engine.dispose()
    hour = timedelta(hours=1)
    executors = [await start_executor(url, skew) for skew in (hour, -hour, 0 * hour)]
    is_over = asyncio.Event()
    playing = asyncio.create_task(play(executors, is_over))

    await kill_again_and_again(url, tmp_path, kills_count)
    is_over.set()
    await playing
    for executor in executors:
        await executor.drain()
    last = start(url, tmp_path, PROCESSES_COUNT)
    connection = await database.connect_superuser()
    await wait_until_told(connection)
    last.kill()
    await last.wait()

    events: int = await connection.fetchval("SELECT count(*) FROM events")
    print(f"{events} events, {kills_count} processes killed")
    assert events > 10 * len(WALLETS)
    assert await find_disorder(connection) == []
    assert await find_loss(connection) == []
