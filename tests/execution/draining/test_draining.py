"""The job that empties buckets: all of it once, whoever does it and whatever happens on the way."""

import asyncio
import sys
from datetime import timedelta
from unittest.mock import PropertyMock, patch

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.database import Database
from tests.execution.conftest import now
from tests.execution.draining import dying_process
from tests.execution.draining.conftest import StartProcess, act, begin_drain
from tests.execution.vocabulary import TENANT, Caller, authorize, settle, wallet_of, wallets_of
from wallet_server.core.accounts import bucket
from wallet_server.core.administration.drain import Drain, DrainState
from wallet_server.core.audit.difference import Difference
from wallet_server.core.commands import (
    AdjustBalance,
    Amount,
    CreditPromotion,
    GrantCoupon,
    OpenWallet,
)
from wallet_server.core.coupons.grant import CouponTerms
from wallet_server.core.ids import WalletRef, locate
from wallet_server.core.rolling.requirement import RollingTerms
from wallet_server.execution.activation import apply_documents
from wallet_server.execution.administration.buckets import BucketAdmin
from wallet_server.execution.draining import job
from wallet_server.execution.errors import OverloadedError
from wallet_server.execution.executor import Executor
from wallet_server.execution.settings import DrainingSettings
from wallet_server.execution.submission import Answered, Submission
from wallet_server.execution.verification import VerificationScope, verify
from wallet_server.shapes import load_shape

BONUS, CASH = "sports_bonus", "sports_normal"
SMALL_PAGES = DrainingSettings(draining_page_wallets=4, draining_commands_max=3)


def bonus(minor_units: int) -> AdjustBalance:
    return AdjustBalance(BONUS, Amount("EUR", minor_units), "TEST")


async def fill(caller: Caller, wallets: list[WalletRef]) -> int:
    """Opens wallets and puts bonus money into them: 1 into the first, 2 into the next, and so on.

    Returns how much that is.
    """
    await caller.open(*wallets)
    for number, wallet in enumerate(wallets, start=1):
        await caller.send("bonus", bonus(number), wallet)
    return sum(range(1, len(wallets) + 1))


async def held(database: Database, wallets: list[WalletRef]) -> list[dict[str, int]]:
    """Returns what wallets have in the two buckets."""
    connection = await database.connect_superuser()
    rows = await connection.fetch("SELECT wallet_id, accounts, balances FROM wallets")
    found = {
        row["wallet_id"]: dict(zip(row["accounts"], row["balances"], strict=True)) for row in rows
    }
    await connection.close()
    return [found[locate(each).wallet_id] for each in wallets]


async def check_drained(
    database: Database, admin: BucketAdmin, drain: Drain, wallets: list[WalletRef]
) -> Drain:
    """All is moved, once; it is counted, and on record. Returns the drain."""
    balances = await held(database, wallets)
    assert balances == [{bucket(CASH): number} for number in range(1, len(wallets) + 1)]
    done = await admin.find_drain(TENANT, drain.drain_id)
    total = sum(range(1, len(wallets) + 1))
    assert (done.state, done.totals) == (DrainState.DONE, {"EUR": total})
    assert (done.wallets_count, done.failed_count, done.trouble) == (len(wallets), 0, "")
    connection = await database.connect_superuser()
    entries = await connection.fetchval("SELECT count(*) FROM entries WHERE command='DrainBucket'")
    assert entries == len(wallets)
    await check_verified(database)
    return done


async def check_verified(database: Database) -> None:
    found: list[Difference] = []
    await verify(database.server_url, VerificationScope(), found.append)
    assert found == []


async def test_all_wallets_are_emptied_page_by_page(
    database: Database, admin: BucketAdmin, start_process: StartProcess
) -> None:
    process = await start_process(SMALL_PAGES)
    wallets = wallets_of(11)
    await fill(process.caller, wallets)
    drain = await begin_drain(admin)

    await process.draining.catch_up()

    done = await check_drained(database, admin, drain, wallets)
    assert (done.revision, done.approver) == (3, "boss")


async def test_e61_the_journal_of_a_drain(
    database: Database, admin: BucketAdmin, start_process: StartProcess
) -> None:
    process = await start_process()
    first, second = wallets_of(2)
    await process.caller.open(first, second)
    await process.caller.send("bonus", bonus(100), first)
    await process.caller.send("bonus", bonus(40), second)
    await begin_drain(admin)

    await process.draining.catch_up()

    connection = await database.connect_superuser()
    rows = await connection.fetch(
        "SELECT accounts, changes FROM entries WHERE command = $1", "DrainBucket"
    )
    moved = dict.fromkeys((bucket(BONUS), bucket(CASH)), 0)
    for row in rows:
        for account, change in zip(row["accounts"], row["changes"], strict=True):
            moved[account] += change
    assert moved == {bucket(BONUS): -140, bucket(CASH): 140}


async def test_a_drain_without_anything_to_do_is_done_at_once(
    admin: BucketAdmin, start_process: StartProcess
) -> None:
    process = await start_process()
    await process.caller.open()
    drain = await begin_drain(admin)

    await process.draining.catch_up()

    done = await admin.find_drain(TENANT, drain.drain_id)
    assert (done.state, done.wallets_count, done.totals) == (DrainState.DONE, 0, {})
    await process.draining.catch_up()
    assert (await admin.find_drain(TENANT, drain.drain_id)) == done


async def test_a_drain_that_nobody_has_approved_does_nothing(
    database: Database, admin: BucketAdmin, start_process: StartProcess
) -> None:
    process = await start_process()
    wallets = wallets_of(1)
    await fill(process.caller, wallets)
    await admin.start_draining(act("StartDraining"), BONUS)
    await admin.drain_bucket(act("DrainBucket"), BONUS, CASH)

    await process.draining.catch_up()

    assert await held(database, wallets) == [{bucket(BONUS): 1}]


async def test_what_requirements_and_grants_have_to_do_with_the_bucket_is_found_without_money(
    database: Database, admin: BucketAdmin, start_process: StartProcess
) -> None:
    process = await start_process(SMALL_PAGES)
    promoted, granted, other = wallets_of(3)
    caller = process.caller
    await caller.open(promoted, granted, other)
    amount = Amount("EUR", 30)
    terms = RollingTerms(10_000, release_target=CASH)
    await caller.send("p1", CreditPromotion("p1", "casino_bonus", amount, rolling=terms), promoted)
    until = now() + timedelta(days=30)
    await caller.send("g1", GrantCoupon("g1", amount, until, CouponTerms(CASH)), granted)
    drain = await begin_drain(admin, CASH, "casino_normal")

    await process.draining.catch_up()

    done = await admin.find_drain(TENANT, drain.drain_id)
    assert (done.state, done.wallets_count, done.totals) == (DrainState.DONE, 2, {})
    connection = await database.connect_superuser()
    rows = await connection.fetch(
        "SELECT document ->> 'terms' AS terms FROM wallet_items WHERE kind <> 'PROMOTION'"
    )
    assert ["casino_normal" in row["terms"] for row in rows] == [True, True]
    await check_verified(database)


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
    await next_one.draining.catch_up()

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

    async with asyncio.timeout(60):
        while (await admin.find_drain(TENANT, drain.drain_id)).state is DrainState.RUNNING:
            await next_one.draining.catch_up()

    await check_drained(database, admin, drain, wallets)


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
    seconds = 1_000.0
    await process.draining.catch_up()

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
    await process.draining.catch_up()
    await check_drained(database, admin, drain, wallets)


async def test_what_open_bets_give_back_later_takes_another_drain(
    database: Database, admin: BucketAdmin, start_process: StartProcess
) -> None:
    process = await start_process()
    wallet = wallet_of("player-0")
    await process.caller.open(wallet)
    await process.caller.send("bonus", bonus(100), wallet)
    await process.caller.send("bet", authorize("b1", 60), wallet)
    await begin_drain(admin)
    await process.draining.catch_up()
    assert await held(database, [wallet]) == [{bucket(CASH): 40, "open:sports_bonus": 60}]

    await process.caller.send("won", settle("b1", 90), wallet)
    assert await held(database, [wallet]) == [{bucket(CASH): 40, bucket(BONUS): 90}]
    again = (await admin.drain_bucket(act("DrainBucket"), BONUS, CASH)).drain
    await admin.approve_drain(act("ApproveDrain", act("x").actor), again.drain_id, "1")
    await process.draining.catch_up()

    assert await held(database, [wallet]) == [{bucket(CASH): 130}]
    await check_verified(database)


async def test_other_tenants_keep_what_is_theirs(
    database: Database, admin: BucketAdmin, engine: AsyncEngine, start_process: StartProcess
) -> None:
    await apply_documents(engine, "other", load_shape("ruby"), now())
    process = await start_process()
    theirs = WalletRef("other", "player-0", "EUR")
    await process.caller.send("open", OpenWallet(), theirs)
    await process.caller.send("bonus", bonus(5), theirs)
    await begin_drain(admin)

    await process.draining.catch_up()

    assert await held(database, [theirs]) == [{bucket(BONUS): 5}]


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
