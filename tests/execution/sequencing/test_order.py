"""Whatever servers and clocks do: no event is lost or told twice, and each wallet's are in order."""

import asyncio
import random
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import asyncpg
import pytest

from tests.database import Database
from tests.events import find_disorder, find_loss
from tests.execution.conftest import StartExecutor, now
from tests.execution.ledger import wait_until
from tests.execution.sequencing import dying_process
from tests.execution.sequencing.conftest import SELDOM, Make
from tests.execution.vocabulary import Caller, credit, wallets_of
from wallet_server.core.commands import OpenWallet
from wallet_server.core.ids import WalletRef
from wallet_server.execution.executor import Executor
from wallet_server.execution.sequencing import sequencer
from wallet_server.execution.sequencing.background import Sequencing
from wallet_server.execution.submission import Submission
from wallet_server.storage.connections import Connection
from wallet_server.storage.sequencing import Taken

HOUR = timedelta(hours=1)
STOLEN = replace(
    SELDOM,
    sequencing_idle_seconds_max=0.002,
    sequencing_lease_seconds=0.004,
    sequencing_standby_seconds=0.002,
    sequencing_batches_max=3,
)
"""Leases that end at once: processes take them from each other all the time."""


async def send_batches(executors: Sequence[Executor], wallets: list[WalletRef], seed: int) -> None:
    """Sends batches of overlapping wallets, by one executor after the other."""
    draw = random.Random(seed)
    for number in range(60):
        chosen = draw.sample(wallets, draw.randint(1, 4))
        await executors[number % len(executors)].submit_all(
            [Submission(ref, f"{number}-{ref.player_id}", credit(), "", None) for ref in chosen]
        )


async def expect_all_told(database: Database) -> None:
    connection = await database.connect()
    assert await connection.fetchval("SELECT count(*) FROM outbox") == 0
    assert await find_disorder(connection) == []
    assert await find_loss(connection) == []


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("batches_max", [1, 5])
async def test_clocks_that_differ_by_hours_do_not_change_the_order_of_a_backlog(
    database: Database, start_executor: StartExecutor, make: Make, batches_max: int, seed: int
) -> None:
    executors = [
        await start_executor(now=lambda skew=skew: now() + skew) for skew in (HOUR, 0 * HOUR, -HOUR)
    ]
    wallets = wallets_of(6)
    for number, wallet in enumerate(wallets):
        await Caller(executors[number % 3]).send("open", OpenWallet(), wallet)
    await send_batches(executors, wallets, seed)
    connection = await database.connect()
    waiting: int = await connection.fetchval("SELECT count(*) FROM outbox")
    assert waiting >= 60

    sequencing = await make(replace(SELDOM, sequencing_batches_max=batches_max))
    await sequencing.catch_up()

    await expect_all_told(database)


@pytest.mark.parametrize("seed", range(3))
async def test_processes_that_take_the_lease_from_each_other_lose_nothing(
    database: Database, start_executor: StartExecutor, make: Make, seed: int
) -> None:
    processes: list[Sequencing] = [await make(STOLEN) for _ in range(4)]
    executors = [await start_executor(), await start_executor(now=lambda: now() - HOUR)]
    for process in processes:
        process.start()
    wallets = wallets_of(8)
    await Caller(executors[0]).open(*wallets)

    await asyncio.gather(
        send_batches(executors, wallets[:5], seed),
        send_batches(executors[::-1], wallets[3:], seed + 100),
        return_exceptions=True,
    )

    connection = await database.connect()

    async def is_told() -> bool:
        return not await connection.fetchval("SELECT EXISTS (SELECT FROM outbox)")

    await wait_until(is_told)
    await expect_all_told(database)
    assert sum(process.statistics.events > 0 for process in processes) > 1


async def test_a_process_that_is_killed_before_it_commits_has_taken_nothing(
    database: Database, start_executor: StartExecutor, make: Make
) -> None:
    executor = await start_executor()
    wallets = wallets_of(4)
    for wallet in wallets:
        await Caller(executor).send("open", OpenWallet(), wallet)
    await send_batches([executor], wallets, seed=0)
    dying = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", dying_process.__name__, database.server_url),
        stdout=asyncio.subprocess.PIPE,
    )
    assert dying.stdout is not None
    async with asyncio.timeout(60):
        assert await dying.stdout.readline() == b"silent\n"
    connection = await database.connect()
    noted: int = await connection.fetchval("SELECT max(position) FROM events")
    dying.kill()
    await dying.wait()

    next_one = await make()
    async with asyncio.timeout(60):
        while await connection.fetchval("SELECT EXISTS (SELECT FROM outbox)"):
            await next_one.catch_up()

    assert noted > 0
    assert next_one.statistics.events > 0
    await expect_all_told(database)


async def test_what_takes_too_long_is_taken_in_smaller_pieces(
    database: Database,
    start_executor: StartExecutor,
    make: Make,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    executor = await start_executor()
    for wallet in wallets_of(30):
        await Caller(executor).send("open", OpenWallet(), wallet)
    take_rows, sizes = sequencer.take_rows, list[int]()

    async def take_three_in_time(
        connection: Connection, *, lease_name: str, holder: str, rows_max: int
    ) -> Taken | None:
        sizes.append(rows_max)
        if rows_max > 3:
            raise asyncpg.QueryCanceledError
        return await take_rows(connection, lease_name=lease_name, holder=holder, rows_max=rows_max)

    monkeypatch.setattr(sequencer, "take_rows", take_three_in_time)
    sequencing = await make(
        replace(
            SELDOM,
            sequencing_idle_seconds_max=0.001,
            sequencing_pause_seconds_max=0.001,
            sequencing_batches_max=20,
        )
    )
    sequencing.start()
    connection = await database.connect()

    async def is_told() -> bool:
        return not await connection.fetchval("SELECT EXISTS (SELECT FROM outbox)")

    await wait_until(is_told)
    assert sizes[:5] == [20, 10, 5, 2, 4]
    await expect_all_told(database)


async def test_a_commit_of_which_nobody_heard_is_not_done_again(
    database: Database,
    start_executor: StartExecutor,
    make: Make,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await Caller(await start_executor()).open()
    take_rows = sequencer.take_rows

    async def take_and_be_cut_off(
        connection: Connection, *, lease_name: str, holder: str, rows_max: int
    ) -> Taken | None:
        await take_rows(connection, lease_name=lease_name, holder=holder, rows_max=rows_max)
        raise ConnectionResetError

    sequencing = await make()
    with monkeypatch.context() as patch:
        patch.setattr(sequencer, "take_rows", take_and_be_cut_off)
        with pytest.raises(ConnectionResetError):
            await sequencing.catch_up()
    await sequencing.catch_up()

    await expect_all_told(database)
