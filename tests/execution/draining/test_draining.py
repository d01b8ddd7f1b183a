"""The job that empties buckets: what becomes of wallets, money and what refers to the bucket."""

import json
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.database import Database
from tests.execution.conftest import now
from tests.execution.draining.buckets import (
    BONUS,
    CASH,
    SMALL_PAGES,
    bonus,
    check_drained,
    check_verified,
    fill,
    held,
    work_until_done,
)
from tests.execution.draining.conftest import StartProcess, act, begin_drain
from tests.execution.vocabulary import TENANT, authorize, settle, wallet_of, wallets_of
from wallet_server.core.accounts import bucket
from wallet_server.core.administration.drain import DrainState
from wallet_server.core.commands import (
    Amount,
    CreditPromotion,
    GrantCoupon,
    OpenWallet,
)
from wallet_server.core.coupons.grant import CouponTerms
from wallet_server.core.ids import WalletRef
from wallet_server.core.rolling.requirement import RollingTerms
from wallet_server.execution.activation import apply_documents
from wallet_server.execution.administration.buckets import BucketAdmin
from wallet_server.shapes import load_shape


async def test_all_wallets_are_emptied_page_by_page(
    database: Database, admin: BucketAdmin, start_process: StartProcess
) -> None:
    process = await start_process(SMALL_PAGES)
    wallets = wallets_of(11)
    await fill(process.caller, wallets)
    drain = await begin_drain(admin)

    await work_until_done(process.draining, admin, drain)

    done = await check_drained(database, admin, drain, wallets)
    assert (done.revision, done.approver) == (3, "boss")


@pytest.mark.parametrize(
    ("asked_in", "approved_in", "flow"),
    [
        ("change-7", "change-7", "change-7"),
        ("change-7", "", "change-7"),
        ("", "change-8", "change-8"),
        ("change-7", "change-8", "change-8"),
        ("", "", ""),
    ],
)
async def test_all_that_comes_of_a_drain_belongs_to_the_flow_of_the_act_that_began_it(
    database: Database,
    admin: BucketAdmin,
    start_process: StartProcess,
    asked_in: str,
    approved_in: str,
    flow: str,
) -> None:
    process = await start_process(SMALL_PAGES)
    wallets = wallets_of(6)
    await fill(process.caller, wallets)
    drain = await begin_drain(admin, asked_in=asked_in, approved_in=approved_in)

    await work_until_done(process.draining, admin, drain)

    connection = await database.connect_superuser()
    for table in ("entries", "answers"):
        query = f"SELECT correlation_id FROM {table} WHERE command = 'DrainBucket'"
        found = [row["correlation_id"] for row in await connection.fetch(query)]
        assert found == [flow] * len(wallets)
    told = await connection.fetch("SELECT headers FROM outbox")
    headers = [each for row in told for each in json.loads(row["headers"])]
    drained = [header for header in headers if "DrainBucket" in header]
    assert {header[-1] for header in drained} == {flow}
    assert len(drained) >= len(wallets)
    finish = "SELECT correlation_id FROM audit_records WHERE method = 'Draining.Finish'"
    assert await connection.fetchval(finish) == flow


async def test_e61_the_journal_of_a_drain(
    database: Database, admin: BucketAdmin, start_process: StartProcess
) -> None:
    process = await start_process()
    first, second = wallets_of(2)
    await process.caller.open(first, second)
    await process.caller.send("bonus", bonus(100), first)
    await process.caller.send("bonus", bonus(40), second)
    drain = await begin_drain(admin)

    await work_until_done(process.draining, admin, drain)

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

    await work_until_done(process.draining, admin, drain)

    done = await admin.find_drain(TENANT, drain.drain_id)
    assert (done.state, done.wallets_count, done.totals) == (DrainState.DONE, 2, {})
    connection = await database.connect_superuser()
    rows = await connection.fetch(
        "SELECT document ->> 'terms' AS terms FROM wallet_items WHERE kind <> 'PROMOTION'"
    )
    assert ["casino_normal" in row["terms"] for row in rows] == [True, True]
    await check_verified(database)


async def test_what_open_bets_give_back_later_takes_another_drain(
    database: Database, admin: BucketAdmin, start_process: StartProcess
) -> None:
    process = await start_process()
    wallet = wallet_of("player-0")
    await process.caller.open(wallet)
    await process.caller.send("bonus", bonus(100), wallet)
    await process.caller.send("bet", authorize("b1", 60), wallet)
    drain = await begin_drain(admin)
    await work_until_done(process.draining, admin, drain)
    assert await held(database, [wallet]) == [{bucket(CASH): 40, "open:sports_bonus": 60}]

    await process.caller.send("won", settle("b1", 90), wallet)
    assert await held(database, [wallet]) == [{bucket(CASH): 40, bucket(BONUS): 90}]
    again = (await admin.drain_bucket(act("DrainBucket"), BONUS, CASH)).drain
    await admin.approve_drain(act("ApproveDrain", act("x").actor), again.drain_id, "1")
    await work_until_done(process.draining, admin, again)

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
