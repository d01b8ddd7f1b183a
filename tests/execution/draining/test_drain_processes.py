"""The job that empties buckets is done once, whoever does it and whatever dies on the way."""

import asyncio
import sys

import pytest

from tests.database import Database
from tests.execution.draining import dying_process
from tests.execution.draining.buckets import (
    BONUS,
    SMALL_PAGES,
    check_drained,
    fill,
    held,
    work_until_done,
)
from tests.execution.draining.conftest import StartProcess, begin_drain
from tests.execution.vocabulary import TENANT, wallets_of
from wallet_server.core.accounts import bucket
from wallet_server.core.administration.drain import DrainState
from wallet_server.execution.administration.buckets import BucketAdmin
from wallet_server.execution.draining import job
from wallet_server.execution.settings import DrainingSettings


async def test_processes_that_do_it_at_once_do_it_once(
    database: Database, admin: BucketAdmin, start_process: StartProcess
) -> None:
    processes = [await start_process(SMALL_PAGES, lease_name=name) for name in ("a", "b", "c")]
    wallets = wallets_of(13)
    await fill(processes[0].caller, wallets)
    drain = await begin_drain(admin)

    while (await admin.find_drain(TENANT, drain.drain_id)).state is DrainState.RUNNING:
        await asyncio.gather(*(each.draining.catch_up() for each in processes))

    await check_drained(database, admin, drain, wallets)


async def test_a_process_without_the_lease_leaves_it_to_the_one_that_has_it(
    database: Database, admin: BucketAdmin, start_process: StartProcess
) -> None:
    first, second = await start_process(), await start_process()
    await first.draining.catch_up()
    wallets = wallets_of(1)
    await fill(first.caller, wallets)
    await begin_drain(admin)

    await second.draining.catch_up()

    assert await held(database, wallets) == [{bucket(BONUS): 1}]


@pytest.mark.parametrize("pages_count", [0, 1, 2, 3])
async def test_a_process_that_dies_between_doing_a_page_and_noting_it_is_followed_by_another(
    database: Database,
    admin: BucketAdmin,
    start_process: StartProcess,
    monkeypatch: pytest.MonkeyPatch,
    pages_count: int,
) -> None:
    dying, next_one = (
        await start_process(SMALL_PAGES),
        await start_process(SMALL_PAGES, lease_name="b"),
    )
    wallets = wallets_of(11)
    await fill(dying.caller, wallets)
    drain = await begin_drain(admin)
    note_progress, noted = job.drains.note_progress, 0

    async def die(*arguments: object, **named: object) -> bool:
        nonlocal noted
        noted += 1
        if noted > pages_count:
            raise asyncio.CancelledError
        return await note_progress(*arguments, **named)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(job.drains, "note_progress", die)
        with pytest.raises(asyncio.CancelledError):
            await dying.draining.catch_up()
    await work_until_done(next_one.draining, admin, drain)

    await check_drained(database, admin, drain, wallets)


async def test_a_process_that_is_killed_is_followed_by_another_when_its_lease_ends(
    database: Database, admin: BucketAdmin, start_process: StartProcess
) -> None:
    next_one = await start_process(DrainingSettings(draining_page_wallets=4), lease_name="draining")
    wallets = wallets_of(11)
    await fill(next_one.caller, wallets)
    drain = await begin_drain(admin)
    dying = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", dying_process.__name__, database.server_url),
        stdout=asyncio.subprocess.PIPE,
    )
    assert dying.stdout is not None
    async with asyncio.timeout(60):
        assert await dying.stdout.readline() == b"silent\n"
    dying.kill()
    await dying.wait()
    noted = await admin.find_drain(TENANT, drain.drain_id)
    assert noted.state is DrainState.RUNNING
    assert 0 < noted.wallets_count < 11

    await work_until_done(next_one.draining, admin, drain)

    await check_drained(database, admin, drain, wallets)


async def test_it_goes_on_by_itself_until_it_is_stopped(
    database: Database, admin: BucketAdmin, start_process: StartProcess
) -> None:
    settings = DrainingSettings(draining_interval_seconds=0.01)
    process = await start_process(settings)
    wallets = wallets_of(3)
    await fill(process.caller, wallets)
    process.draining.start()
    drain = await begin_drain(admin)

    async with asyncio.timeout(60):
        while (await admin.find_drain(TENANT, drain.drain_id)).state is DrainState.RUNNING:
            await asyncio.sleep(0.01)
    await process.draining.finish()

    await check_drained(database, admin, drain, wallets)
