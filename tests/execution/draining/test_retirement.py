"""R14: after a bucket is retired, what bets have to do with it goes to its successor."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.database import Database
from tests.execution.conftest import StartExecutor, now
from tests.execution.draining.conftest import BOSS, CLERK, StartProcess, begin_drain
from tests.execution.draining.test_draining import bonus, check_verified, held
from tests.execution.story_of_draining import with_draining
from tests.execution.vocabulary import TENANT, Caller, authorize, settle, sports_bet, wallet_of
from wallet_server.core.accounts import bucket
from wallet_server.core.administration.usage import UsageKind
from wallet_server.core.bets.bet import Bet
from wallet_server.core.commands import (
    Amount,
    GrantCoupon,
    ReplanAuthorization,
    RollbackTransaction,
    UnsettleBet,
)
from wallet_server.core.commands.actor import Actor
from wallet_server.core.config.documents import Document
from wallet_server.core.config.policy import (
    AutoOrder,
    FundingMode,
    PlayerSelected,
    Policy,
    Proportional,
)
from wallet_server.core.config.topology import RetiredBucket, Topology
from wallet_server.core.coupons.grant import CouponTerms
from wallet_server.core.refusals import ApprovalRequired
from wallet_server.execution.activation import ConfigurationInvalidError, apply_documents
from wallet_server.execution.administration.buckets import BucketAdmin
from wallet_server.execution.errors import RefusedError
from wallet_server.shapes import load_shape
from wallet_server.storage import usage, usage_examples

BONUS, CASH, CASINO = "sports_bonus", "sports_normal", "casino_normal"
PLAYER = wallet_of("player-0")


def shape_without(*retired: tuple[str, str]) -> list[Document]:
    """Returns the shape with buckets of sports retired, each with its successor."""
    codes = {code for code, _ in retired}
    return [without(with_draining(each), codes, retired) for each in load_shape("ruby")]


def without(document: Document, codes: set[str], retired: tuple[tuple[str, str], ...]) -> Document:
    if isinstance(document, Topology):
        return replace(
            document,
            buckets=tuple(each for each in document.buckets if each.code not in codes),
            transfer_edges=tuple(
                e for e in document.transfer_edges if not {e.source, e.target} & codes
            ),
            recovery_order=tuple(each for each in document.recovery_order if each not in codes),
            withdraw_order=tuple(each for each in document.withdraw_order if each not in codes),
            retired_buckets=tuple(RetiredBucket(*each) for each in retired),
        )
    if isinstance(document, Policy):
        return replace(
            document,
            funding_mode=mode_without(document.funding_mode, codes),
            destinations=tuple(d for d in document.destinations if d.source not in codes),
            win_destinations=tuple(d for d in document.win_destinations if d.target not in codes),
        )
    return document


def mode_without(mode: FundingMode, codes: set[str]) -> FundingMode:
    match mode:
        case AutoOrder(order=order):
            return AutoOrder(tuple(each for each in order if each not in codes))
        case PlayerSelected(choices=choices):
            return PlayerSelected(tuple(c for c in choices if not {*c.sources} & codes))
        case Proportional():
            return mode


async def activate(engine: AsyncEngine, *retired: tuple[str, str]) -> None:
    await apply_documents(engine, TENANT, shape_without(*retired), now())


async def replan(caller: Caller, bet_ref: str, code: str, successor: str) -> Bet:
    """Replans a bet, as two persons do."""

    def said(by: Actor) -> ReplanAuthorization:
        key, name = sports_bet(bet_ref), f"{bet_ref}-{code}"
        return ReplanAuthorization(key, code, successor, name, "RETIRED", actor=by)

    with pytest.raises(RefusedError) as caught:
        await caller.send(f"{bet_ref}-{code}-1", said(CLERK))
    assert caught.value.refusal == ApprovalRequired(0, f"{bet_ref}-{code}")
    answered = await caller.send(f"{bet_ref}-{code}-2", said(BOSS))
    assert answered.answer.bet is not None
    return answered.answer.bet


async def test_replanned_and_settled_bets_follow_their_bucket_into_the_next_versions(
    database: Database, engine: AsyncEngine, admin: BucketAdmin, start_process: StartProcess
) -> None:
    process = await start_process()
    caller = Caller(process.executor, PLAYER)
    await caller.open()
    await caller.send("bonus", bonus(100))
    for bet_ref in ("settled", "open", "undone"):
        await caller.send(f"bet-{bet_ref}", authorize(bet_ref, 20))
    await caller.send("won", settle("settled", 50))
    # 100 - 60 + 50 are in the bonus, and 40 in two bets.
    await begin_drain(admin)
    for bet_ref in ("open", "undone"):
        bet = await replan(caller, bet_ref, BONUS, CASH)
        assert bet.replanned == {BONUS: CASH}
    await process.draining.catch_up()
    await activate(engine, (BONUS, CASH))
    assert await held(database, [PLAYER]) == [{bucket(CASH): 90, "open:sports_bonus": 40}]

    await caller.send("lost-after-all", settle("settled", 0, result_version=2))
    assert await held(database, [PLAYER]) == [{bucket(CASH): 40, "open:sports_bonus": 40}]
    await caller.send("open-won", settle("open", 70))
    assert await held(database, [PLAYER]) == [{bucket(CASH): 110, "open:sports_bonus": 20}]
    await check_verified(database)

    await caller.send("undo", RollbackTransaction(sports_bet("undone")))
    assert await held(database, [PLAYER]) == [{bucket(CASH): 130}]
    await caller.send("open-lower", settle("open", 30, result_version=2))
    assert await held(database, [PLAYER]) == [{bucket(CASH): 90}]
    await check_verified(database)


async def test_a_replanned_bet_is_an_example_of_what_refers_to_the_buckets_it_now_goes_to(
    engine: AsyncEngine, admin: BucketAdmin, start_process: StartProcess
) -> None:
    """Whoever would remove the successor is told which bets are in the way, as of any others."""
    caller = Caller((await start_process()).executor, PLAYER)
    await caller.open()
    await caller.send("bonus", bonus(20))
    await caller.send("bet", authorize("b1", 20))
    await begin_drain(admin, BONUS, "casino_bonus")
    await replan(caller, "b1", BONUS, "casino_bonus")

    async with engine.connect() as connection:
        found = [
            await usage_examples.find(connection, TENANT, code, UsageKind.OPEN_BET, 20)
            for code in (BONUS, "casino_bonus")
        ]

    assert found == [(), ("player-0/EUR/acme-sports/b1",)]


async def test_a_chain_of_successors_is_followed_after_each_activation(
    database: Database, engine: AsyncEngine, admin: BucketAdmin, start_process: StartProcess
) -> None:
    process = await start_process()
    caller = Caller(process.executor, PLAYER)
    await caller.open()
    await caller.send("bonus", bonus(20))
    await caller.send("bet", authorize("b1", 20))
    await caller.send("won", settle("b1", 50))
    await begin_drain(admin, BONUS, "casino_bonus")
    await process.draining.catch_up()
    await activate(engine, (BONUS, "casino_bonus"))

    await caller.send("higher", settle("b1", 60, result_version=2))

    assert await held(database, [PLAYER]) == [{bucket("casino_bonus"): 60}]
    await begin_drain(admin, "casino_bonus", CASINO)
    await process.draining.catch_up()
    await activate(engine, (BONUS, "casino_bonus"), ("casino_bonus", CASINO))

    await caller.send("lower", settle("b1", 45, result_version=3))

    assert await held(database, [PLAYER]) == [{bucket(CASINO): 45}]
    await check_verified(database)


async def test_what_is_open_again_keeps_the_successor_of_its_bucket_from_going(
    database: Database, engine: AsyncEngine, admin: BucketAdmin, start_process: StartProcess
) -> None:
    """It was over when its own bucket went, and so was in nobody's way."""
    process = await start_process()
    caller = Caller(process.executor, PLAYER)
    await caller.open()
    until = now() + timedelta(days=30)
    terms = CouponTerms(BONUS)
    await caller.send("coupon", GrantCoupon("C1", Amount("EUR", 30), until, terms))
    await caller.send("bonus", bonus(20))
    await caller.send("bet", authorize("b1", 50))
    await caller.send("lost", settle("b1", 0))
    await activate(engine, (BONUS, "casino_bonus"))

    await caller.send("unsettled", UnsettleBet(sports_bet("b1"), 2))

    await check_verified(database)
    both = (BONUS, "casino_bonus"), ("casino_bonus", CASINO)
    with pytest.raises(ConfigurationInvalidError) as caught:
        await activate(engine, *both)
    reasons = {each.reason for each in caught.value.problems}
    assert reasons == {"OPEN_AUTH_REFERENCE", "COUPON_DESTINATION"}
    async with engine.connect() as connection:
        counted = await usage.count(connection, TENANT, [BONUS, "casino_bonus"])
        bets, grants = [
            await usage_examples.find(connection, TENANT, "casino_bonus", kind, 20)
            for kind in (UsageKind.OPEN_BET, UsageKind.COUPON)
        ]
    assert {(key.bucket, key.kind): (each.count, each.total) for key, each in counted.items()} == {
        ("casino_bonus", UsageKind.OPEN_BET): (1, 20),
        ("casino_bonus", UsageKind.COUPON): (1, 30),
    }
    assert bets == ("player-0/EUR/acme-sports/b1",)
    assert grants == ("player-0/EUR/C1",)

    await begin_drain(admin, "casino_bonus", CASINO)
    await process.draining.catch_up()
    await replan(caller, "b1", "casino_bonus", CASINO)
    await activate(engine, *both)
    await caller.send("won", settle("b1", 100, result_version=3))
    assert await held(database, [PLAYER]) == [{bucket(CASINO): 70}]
    await check_verified(database)


async def test_what_is_told_of_a_replanned_bet_is_read_back_by_every_process(
    database: Database,
    admin: BucketAdmin,
    start_process: StartProcess,
    start_executor: StartExecutor,
) -> None:
    process = await start_process()
    caller = Caller(process.executor, PLAYER)
    await caller.open()
    await caller.send("bonus", bonus(20))
    await caller.send("bet", authorize("b1", 20))
    await begin_drain(admin)
    await replan(caller, "b1", BONUS, CASH)

    other = Caller(await start_executor(), PLAYER)
    answered = await other.send("won", settle("b1", 50))

    assert answered.answer.bet is not None
    assert answered.answer.bet.replanned == {BONUS: CASH}
    assert await held(database, [PLAYER]) == [{bucket(CASH): 50}]
    await check_verified(database)
