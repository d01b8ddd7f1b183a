"""Callers who are late, leave, or are too many."""

import asyncio

import pytest

from tests.execution.conftest import StartExecutor
from tests.execution.ledger import Ledger
from tests.execution.vocabulary import (
    ONE_LANE,
    WALLET,
    Caller,
    credit,
    outcomes,
    wallet_of,
)
from wallet_server.execution.errors import DeadlinePassedError, OverloadedError
from wallet_server.execution.settings import EngineSettings

PLUG = wallet_of("plug")


async def test_a_command_that_is_too_late_does_nothing(
    start_executor: StartExecutor, ledger: Ledger
) -> None:
    caller = Caller(await start_executor())
    await caller.open()

    with pytest.raises(DeadlinePassedError):
        await caller.send("late", credit(), deadline_seconds=asyncio.get_running_loop().time())

    assert await ledger.requests() == ["open"]


async def test_whoever_stops_waiting_before_a_batch_begins_has_asked_for_nothing(
    start_executor: StartExecutor, ledger: Ledger
) -> None:
    caller = Caller(await start_executor(ONE_LANE))
    await caller.open(PLUG, WALLET)

    async with ledger.hold(PLUG):
        running = caller.start("plug", credit(), PLUG)
        await ledger.wait_until_blocked()
        gone = caller.start("gone", credit())
        await asyncio.sleep(0)
        gone.cancel()
    await running
    await caller.send("after", credit())

    assert await ledger.requests() == ["open", "after"]


async def test_whoever_stops_waiting_later_cancels_no_commit(
    start_executor: StartExecutor, ledger: Ledger
) -> None:
    caller = Caller(await start_executor(ONE_LANE))
    await caller.open()

    async with ledger.hold():
        gone = caller.start("gone", credit())
        await ledger.wait_until_blocked()
        gone.cancel()
        await outcomes([gone])
    again = await caller.send("gone", credit())

    assert gone.cancelled()
    assert again.replayed
    assert await ledger.requests() == ["open", "gone"]
    assert await ledger.entries_count("gone") == 1


async def test_a_full_lane_refuses_at_once_and_loses_nothing(
    start_executor: StartExecutor, ledger: Ledger
) -> None:
    settings = EngineSettings(lanes_count=1, lane_queue_commands_max=5)
    caller = Caller(await start_executor(settings))
    await caller.open(PLUG, WALLET)

    async with ledger.hold(PLUG):
        running = caller.start("plug", credit(), PLUG)
        await ledger.wait_until_blocked()
        queued = [caller.start(f"r{number}", credit()) for number in range(5)]
        await asyncio.sleep(0)
        with pytest.raises(OverloadedError):
            await caller.send("too many", credit())
    await asyncio.gather(running, *queued)

    assert await ledger.requests() == ["open", "r0", "r1", "r2", "r3", "r4"]
