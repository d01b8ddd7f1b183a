"""Deposits that do not arrive, withdrawals that persons let pass, and limits that wait."""

import itertools
from datetime import timedelta

from tests.execution.due_work.conftest import Process, StartProcess
from tests.execution.due_work.words import DAY
from tests.execution.ledger import Ledger
from tests.execution.vocabulary import WALLET
from wallet_server.conformance.clock import ScenarioClock
from wallet_server.core.commands import (
    AdjustBalance,
    Amount,
    Command,
    ConfirmLimitIncrease,
    CreateDeposit,
    RequestWithdrawal,
    SetLimit,
)
from wallet_server.core.players.limit import LimitKind, LimitPeriod
from wallet_server.core.players.player import Player
from wallet_server.execution.due_work.statistics import DueWorkStatistics
from wallet_server.storage.players import player_from_row

HOUR = timedelta(hours=1)
NUMBERS = itertools.count()
PLAYER = "SELECT status, revision, document::text AS document, due_time FROM players"


def eur(minor_units: int) -> Amount:
    return Amount("EUR", minor_units)


def limit(kind: LimitKind, minor_units: int) -> SetLimit:
    return SetLimit(kind, LimitPeriod.DAY, eur(minor_units))


async def send(process: Process, *commands: Command) -> None:
    for command in commands:
        await process.caller.send(f"request-{next(NUMBERS)}", command)


async def item_state(ledger: Ledger, item_id: str) -> str:
    return await ledger.connection.fetchval(
        "SELECT state FROM wallet_items WHERE item_id = $1", item_id
    )


async def player_of(ledger: Ledger) -> Player:
    row = await ledger.connection.fetchrow(PLAYER)
    assert row is not None
    player = player_from_row(row)
    assert row["due_time"] == player.due_time
    return player


async def test_a_deposit_that_does_not_arrive_expires_when_its_time_has_come(
    start_process: StartProcess, clock: ScenarioClock, ledger: Ledger
) -> None:
    process = await start_process()
    await process.caller.open()
    await send(process, CreateDeposit("d1", "sports_normal", eur(100)))

    clock.advance(2 * DAY - HOUR)
    await process.due_work.catch_up()
    assert await item_state(ledger, "d1") == "CREATED"
    clock.advance(HOUR)
    await process.due_work.catch_up()

    assert await item_state(ledger, "d1") == "EXPIRED"
    assert process.statistics == DueWorkStatistics(done=1)
    assert await ledger.differences() == []


async def test_a_withdrawal_that_nobody_looks_at_is_approved_when_its_time_has_come(
    start_process: StartProcess, clock: ScenarioClock, ledger: Ledger
) -> None:
    process = await start_process()
    await process.caller.open()
    await send(
        process,
        AdjustBalance("withdrawable", eur(100), "TEST"),
        RequestWithdrawal("w1", eur(60)),
    )

    clock.advance(2 * HOUR - timedelta(minutes=1))
    await process.due_work.catch_up()
    assert await item_state(ledger, "w1") == "PENDING_REVIEW"
    clock.advance(timedelta(minutes=1))
    await process.due_work.catch_up()
    await process.due_work.catch_up()

    assert await item_state(ledger, "w1") == "APPROVED"
    assert process.statistics == DueWorkStatistics(done=1)
    assert await ledger.differences() == []


async def test_limits_that_nobody_confirms_lapse_one_after_the_other(
    start_process: StartProcess, clock: ScenarioClock, ledger: Ledger
) -> None:
    process = await start_process()
    await process.caller.open()
    await send(
        process,
        limit(LimitKind.DEPOSIT, 100),
        limit(LimitKind.DEPOSIT, 200),
        limit(LimitKind.LOSS, 300),
        limit(LimitKind.LOSS, 400),
    )

    clock.advance(8 * DAY - HOUR)
    await process.due_work.catch_up()
    assert process.statistics == DueWorkStatistics()
    clock.advance(HOUR)
    await process.due_work.catch_up()
    assert len([each for each in (await player_of(ledger)).limits if each.pending]) == 1
    await process.due_work.catch_up()

    player = await player_of(ledger)
    assert [(each.kind, each.amount, each.pending) for each in player.limits] == [
        (LimitKind.DEPOSIT, 100, None),
        (LimitKind.LOSS, 300, None),
    ]
    assert process.statistics == DueWorkStatistics(done=2)
    requests = await ledger.requests(WALLET)
    assert [each[:10] for each in requests[-2:]] == ["due limit ", "due limit "]
    assert await ledger.differences() == []


async def test_a_limit_that_was_confirmed_is_no_longer_due(
    start_process: StartProcess, clock: ScenarioClock, ledger: Ledger
) -> None:
    process = await start_process()
    await process.caller.open()
    await send(process, limit(LimitKind.DEPOSIT, 100), limit(LimitKind.DEPOSIT, 200))
    clock.advance(DAY)
    await send(process, ConfirmLimitIncrease(LimitKind.DEPOSIT, LimitPeriod.DAY))

    clock.advance(30 * DAY)
    await process.due_work.catch_up()

    (held,) = (await player_of(ledger)).limits
    assert (held.amount, held.pending) == (200, None)
    assert process.statistics == DueWorkStatistics()
