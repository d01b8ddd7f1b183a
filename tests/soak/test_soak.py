"""Two server processes on one database, many callers on few wallets, and a SIGKILL."""

import asyncio
import random
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import grpc.aio
import pytest

from tests.database import Connection, Database
from tests.events import find_disorder, find_loss
from tests.soak.callers import TENANT, Call, Caller, Log, ask, opening_calls
from tests.soak.checker import find_differences
from tests.soak.server_process import ServerProcess, run_verify, running_servers
from wallet.v1.wallet_commands_pb2_grpc import WalletCommandsStub
from wallet_server.execution.activation import apply_documents
from wallet_server.shapes import load_shape
from wallet_server.storage.engine import create_engine

RETRY_SECONDS_MAX = 20
PAUSE_SECONDS = 0.05
LATE_RETRIES_MAX = 500
TELLING_SECONDS_MAX = 30


@dataclass(frozen=True)
class Load:
    """How much goes on, and for how long."""

    callers_count: int
    wallets_count: int
    seconds: float
    kills: bool


@pytest.fixture
async def database_url(database: Database) -> str:
    engine = create_engine(database.server_url)
    await apply_documents(engine, TENANT, load_shape("ruby"), datetime.now(UTC))
    await engine.dispose()
    return database.server_url


@asynccontextmanager
async def stubs_of(servers: Sequence[ServerProcess]) -> AsyncGenerator[list[WalletCommandsStub]]:
    """Connects to each server."""
    async with AsyncExitStack() as closing:
        channels = [
            await closing.enter_async_context(grpc.aio.insecure_channel(server.target))
            for server in servers
        ]
        yield [WalletCommandsStub(channel) for channel in channels]


async def insist(stub: WalletCommandsStub, call: Call, log: Log) -> None:
    """Sends a request until it is answered, and compares with what was told before."""
    async with asyncio.timeout(RETRY_SECONDS_MAX):
        while (told := await ask(stub, call)) is None:
            await asyncio.sleep(PAUSE_SECONDS)
    assert log.told.setdefault(call.key, told) == told, call.key


async def play(
    servers: Sequence[ServerProcess], stubs: Sequence[WalletCommandsStub], load: Load
) -> Log:
    """Has callers play, and kills a server in the middle."""
    log = Log()
    players = [f"player-{number}" for number in range(load.wallets_count)]
    for calls in zip(*(opening_calls(player_id) for player_id in players), strict=True):
        log.sent.update((call.key, call) for call in calls)
        await asyncio.gather(*(insist(stubs[0], call, log) for call in calls))
    callers = [
        Caller(f"caller-{number}", rotated(stubs, number), players, log, random.Random(number))
        for number in range(load.callers_count)
    ]
    is_over = asyncio.Event()
    playing = [asyncio.create_task(caller.play(is_over)) for caller in callers]
    await asyncio.sleep(load.seconds / 2)
    if load.kills:
        await servers[0].kill()
    await asyncio.sleep(load.seconds / 2)
    is_over.set()
    await asyncio.gather(*playing)
    return log


def rotated(stubs: Sequence[WalletCommandsStub], number: int) -> list[WalletCommandsStub]:
    """Returns the servers, another one first for every other caller."""
    first = number % len(stubs)
    return [*stubs[first:], *stubs[:first]]


async def soak(database: Database, database_url: str, folder: Path, load: Load) -> Log:
    """Plays, and checks that everything is in the ledger as callers were told."""
    async with running_servers(database_url, 2, folder) as servers, stubs_of(servers) as stubs:
        log = await play(servers, stubs, load)
        print(
            f"{len(log.told)} of {len(log.sent)} acknowledged, {log.unanswered_count} unanswered"
            f" calls, {log.batches_count} batches, {len(log.told) / load.seconds:.0f}/s"
        )
        connection = await database.connect_superuser()
        assert await find_differences(connection, log) == []
        left = stubs[1:] if load.kills else stubs
        again = [*log.unacknowledged, *list(log.sent.values())[:LATE_RETRIES_MAX]]
        for stub in (*left, *left):  # Whatever became of it, there is one answer from now on.
            await asyncio.gather(*(insist(stub, call, log) for call in again))
        assert log.unacknowledged == []
        assert await find_differences(connection, log) == []
        await expect_all_told(connection)
    code, printed = await run_verify(database_url)
    assert code == 0, printed
    print(printed.splitlines()[0])
    return log


async def expect_all_told(connection: Connection) -> None:
    """Waits until all events have positions, and checks that none is missing or out of order."""
    async with asyncio.timeout(TELLING_SECONDS_MAX):
        while await connection.fetchval("SELECT EXISTS (SELECT FROM outbox)"):
            await asyncio.sleep(PAUSE_SECONDS)
    assert await find_disorder(connection) == []
    assert await find_loss(connection) == []


async def test_two_servers_share_wallets(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    load = Load(callers_count=20, wallets_count=5, seconds=1.5, kills=False)

    log = await soak(database, database_url, tmp_path, load)

    assert log.unanswered_count == 0
    assert log.batches_count > 10
    assert len(log.told) > 100


async def test_a_server_dies_under_load(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    load = Load(callers_count=20, wallets_count=5, seconds=2.5, kills=True)

    log = await soak(database, database_url, tmp_path, load)

    assert log.unanswered_count > 0  # Else nothing was on its way when the server died.


@pytest.mark.soak
@pytest.mark.timeout(600)
async def test_a_server_dies_under_much_load(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    load = Load(callers_count=200, wallets_count=50, seconds=30, kills=True)

    log = await soak(database, database_url, tmp_path, load)

    assert log.unanswered_count > 0
    assert len(log.told) > 5_000
