"""What keeps the job that empties buckets from going on, and what it gives way to."""

import asyncio
from unittest.mock import PropertyMock, patch

import pytest

from tests.database import Database
from tests.execution.draining.buckets import (
    BONUS,
    SMALL_PAGES,
    check_drained,
    check_verified,
    fill,
    held,
    work_until_done,
)
from tests.execution.draining.conftest import StartProcess, act, begin_drain
from tests.execution.vocabulary import TENANT, wallets_of
from wallet_server.core.accounts import bucket
from wallet_server.core.administration.drain import DrainState
from wallet_server.core.ids import locate
from wallet_server.execution.administration.buckets import BucketAdmin
from wallet_server.execution.draining import job
from wallet_server.execution.errors import OverloadedError
from wallet_server.execution.executor import Executor
from wallet_server.execution.submission import Answered, Submission


async def test_what_is_frozen_keeps_the_drain_waiting_and_is_told(
    database: Database,
    admin: BucketAdmin,
    start_process: StartProcess,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seconds = 0.0
    monkeypatch.setattr(job, "seconds", lambda: seconds)
    process = await start_process(SMALL_PAGES)
    wallets = wallets_of(3)
    await fill(process.caller, wallets)
    connection = await database.connect_superuser()
    frozen = locate(wallets[1]).wallet_id
    freeze = "UPDATE wallets SET frozen_buckets = $2 WHERE wallet_id = $1"
    await connection.execute(freeze, frozen, [BONUS])
    drain = await begin_drain(admin)

    await process.draining.catch_up()

    waiting = await admin.find_drain(TENANT, drain.drain_id)
    assert (waiting.state, waiting.wallets_count) == (DrainState.RUNNING, 2)
    assert (waiting.failed_count, waiting.trouble[:14]) == (1, "BUCKET_FROZEN:")
    await connection.execute(freeze, frozen, [])
    await process.draining.catch_up()  # It waits a little before it tries again.
    assert (await admin.find_drain(TENANT, drain.drain_id)) == waiting
    monkeypatch.undo()  # By the real clock it has waited for long enough.
    await work_until_done(process.draining, admin, drain)

    await check_drained(database, admin, drain, wallets)


async def test_a_drain_that_is_cancelled_goes_no_further(
    database: Database, admin: BucketAdmin, start_process: StartProcess
) -> None:
    process = await start_process(SMALL_PAGES)
    wallets = wallets_of(6)
    await fill(process.caller, wallets)
    drain = await begin_drain(admin)
    submit_all, calls = Executor.submit_all, 0

    async def cancel_first(
        executor: Executor, submissions: list[Submission]
    ) -> list[Answered | Exception]:
        nonlocal calls
        calls += 1
        if calls == 1:
            await admin.cancel_drain(act("CancelDrain"), drain.drain_id, "2")
        return await submit_all(executor, submissions)

    with patch.object(Executor, "submit_all", cancel_first):
        await process.draining.catch_up()

    ended = await admin.find_drain(TENANT, drain.drain_id)
    assert (ended.state, ended.wallets_count) == (DrainState.CANCELLED, 0)
    balances = await held(database, wallets)
    assert any(bucket(BONUS) in each for each in balances)  # The second page was never begun.
    await check_verified(database)


async def test_callers_come_first(admin: BucketAdmin, start_process: StartProcess) -> None:
    process = await start_process(SMALL_PAGES)
    await fill(process.caller, wallets_of(5))
    await begin_drain(admin)
    submit_all = Executor.submit_all
    sizes: list[int] = []

    async def note_size(
        executor: Executor, submissions: list[Submission]
    ) -> list[Answered | Exception]:
        sizes.append(len(submissions))
        return await submit_all(executor, submissions)

    with (
        patch.object(Executor, "submit_all", note_size),
        patch.object(Executor, "is_busy", PropertyMock(return_value=True)),
    ):
        await process.draining.catch_up()

    assert sizes == [1, 1, 1, 1, 1]


async def test_a_full_engine_ends_it_for_now(
    database: Database, admin: BucketAdmin, start_process: StartProcess
) -> None:
    process = await start_process(SMALL_PAGES)
    wallets = wallets_of(5)
    await fill(process.caller, wallets)
    drain = await begin_drain(admin)

    with (
        patch.object(Executor, "submit_all", side_effect=OverloadedError),
        pytest.raises(OverloadedError),
    ):
        await process.draining.catch_up()

    assert (await admin.find_drain(TENANT, drain.drain_id)).failed_count == 0
    await work_until_done(process.draining, admin, drain)
    await check_drained(database, admin, drain, wallets)


async def test_a_drain_that_fails_is_not_in_the_way_of_others(
    database: Database, admin: BucketAdmin, start_process: StartProcess
) -> None:
    process = await start_process(SMALL_PAGES)
    wallets = wallets_of(2)
    await fill(process.caller, wallets)
    broken = await begin_drain(admin, "casino_bonus", "casino_normal")
    drain = await begin_drain(admin)
    connection = await database.connect_superuser()
    damage = "UPDATE drains SET place = '{}' WHERE drain_id = $1"
    await connection.execute(damage, broken.drain_id)

    async with asyncio.timeout(60):
        while (await admin.find_drain(TENANT, drain.drain_id)).state is DrainState.RUNNING:
            with pytest.raises(KeyError):
                await process.draining.catch_up()

    await check_drained(database, admin, drain, wallets)
    assert (await admin.find_drain(TENANT, broken.drain_id)).state is DrainState.RUNNING
