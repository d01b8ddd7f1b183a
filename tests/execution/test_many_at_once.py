"""Commands that are submitted together: in their order, all of them or none."""

import asyncio
import gc
import logging
from collections.abc import Sequence

import pytest

from tests.execution.conftest import StartExecutor
from tests.execution.ledger import Ledger
from tests.execution.vocabulary import (
    ONE_LANE,
    WALLET,
    Caller,
    authorize,
    cash_after,
    credit,
    settle,
    wallet_of,
    wallets_of,
)
from wallet_server.core.commands import Command
from wallet_server.core.ids import WalletRef, locate
from wallet_server.execution.errors import (
    DeadlinePassedError,
    OverloadedError,
    RefusedError,
    ShuttingDownError,
)
from wallet_server.execution.executor import Executor
from wallet_server.execution.settings import EngineSettings
from wallet_server.execution.submission import Answered, Submission

PLUG = wallet_of("plug")


def many(*commands: Command, wallet: WalletRef = WALLET, prefix: str = "r") -> list[Submission]:
    """Returns commands for a wallet, named r0, r1 and so on."""
    return [
        Submission(wallet, f"{prefix}{number}", command) for number, command in enumerate(commands)
    ]


def words(outcomes: Sequence[Answered | Exception]) -> list[object]:
    """Returns the sequences of answers, and the reasons or kinds of what is none."""
    return [word(outcome) for outcome in outcomes]


def word(outcome: Answered | Exception) -> object:
    if isinstance(outcome, Answered):
        return outcome.answer.sequence
    return outcome.refusal.reason if isinstance(outcome, RefusedError) else type(outcome).__name__


def start(executor: Executor, submissions: Sequence[Submission]) -> "asyncio.Task[object]":
    return asyncio.create_task(executor.submit_all(submissions))


async def test_nothing_comes_to_nothing(start_executor: StartExecutor) -> None:
    executor = await start_executor()

    assert await executor.submit_all([]) == []


async def test_commands_run_in_their_order_and_a_refusal_stops_none(
    start_executor: StartExecutor, ledger: Ledger
) -> None:
    executor = await start_executor()
    await Caller(executor).open(balance=100)

    outcomes = await executor.submit_all(
        many(settle("b", 5), authorize("b", 60), authorize("c", 60), settle("b", 90), credit(1))
    )

    assert words(outcomes) == ["BET_NOT_FOUND", 3, "INSUFFICIENT_FUNDS", 5, 6]
    assert await ledger.requests() == ["open", "fund", "r1", "r2", "r3", "r4"]
    assert isinstance(outcomes[-1], Answered)
    assert cash_after(outcomes[-1].answer) == 100 - 60 + 90 + 1


async def test_more_commands_than_a_batch_holds_keep_their_order(
    start_executor: StartExecutor, ledger: Ledger
) -> None:
    executor = await start_executor(EngineSettings(lanes_count=2, batch_commands_max=8))
    await Caller(executor).open()

    outcomes = await executor.submit_all(many(*[credit()] * 50))

    assert words(outcomes) == list(range(2, 52))
    assert await ledger.requests() == ["open", *(f"r{number}" for number in range(50))]


async def test_commands_of_many_lanes_are_answered_in_the_order_of_the_call(
    start_executor: StartExecutor,
) -> None:
    executor = await start_executor(EngineSettings(lanes_count=4))
    wallets = wallets_of(8)
    await Caller(executor).open(*wallets)
    assert len({locate(wallet).shard % 4 for wallet in wallets}) > 1

    outcomes = await executor.submit_all(
        [Submission(w, f"r{n}", credit(n * 100 + i)) for n in (1, 2) for i, w in enumerate(wallets)]
    )

    changes = [o.answer.entries[0].changes[0].change for o in outcomes if isinstance(o, Answered)]
    assert [abs(change) for change in changes] == [n * 100 + i for n in (1, 2) for i in range(8)]


async def test_without_room_for_all_none_is_begun(
    start_executor: StartExecutor, ledger: Ledger
) -> None:
    executor = await start_executor(EngineSettings(lanes_count=2, lane_queue_commands_max=5))
    here = WALLET
    elsewhere = next(w for w in wallets_of(20) if locate(w).shard % 2 != locate(here).shard % 2)
    await Caller(executor).open(here, elsewhere)

    with pytest.raises(OverloadedError):
        await executor.submit_all([*many(credit(), wallet=elsewhere), *many(*[credit()] * 6)])
    outcomes = await executor.submit_all(
        [*many(credit(), wallet=elsewhere), *many(*[credit()] * 5)]
    )

    assert words(outcomes) == [2, 2, 3, 4, 5, 6]  # So the call that was refused has left nothing.
    assert await ledger.requests(elsewhere) == ["open", "r0"]


async def test_a_draining_executor_takes_none(
    start_executor: StartExecutor, ledger: Ledger
) -> None:
    executor = await start_executor()
    await Caller(executor).open()
    await executor.drain()

    with pytest.raises(ShuttingDownError):
        await executor.submit_all(many(credit()))

    assert await ledger.requests() == ["open"]


async def test_those_that_are_too_late_stop_none_that_are_not(
    start_executor: StartExecutor, ledger: Ledger
) -> None:
    executor = await start_executor(ONE_LANE)
    await Caller(executor).open()
    now_seconds = asyncio.get_running_loop().time()
    first, last = many(credit(), credit())
    late = Submission(WALLET, "late", credit(), deadline_seconds=now_seconds)

    outcomes = await executor.submit_all([first, late, last])

    assert words(outcomes) == [2, DeadlinePassedError.__name__, 3]
    assert await ledger.requests() == ["open", "r0", "r1"]


async def test_whoever_stops_waiting_drops_what_has_not_begun_and_nothing_else(
    start_executor: StartExecutor, ledger: Ledger
) -> None:
    executor = await start_executor(EngineSettings(lanes_count=1, batch_commands_max=2))
    caller = Caller(executor)
    await caller.open(PLUG, WALLET)

    async with ledger.hold(PLUG):
        gone = start(executor, [*many(credit(), credit(), wallet=PLUG), *many(credit(), credit())])
        await ledger.wait_until_blocked()
        gone.cancel()
        await asyncio.gather(gone, return_exceptions=True)
    await caller.send("after", credit())

    assert gone.cancelled()
    assert await ledger.requests(PLUG) == ["open", "r0", "r1"]
    assert await ledger.requests() == ["open", "after"]


async def test_whoever_stops_waiting_leaves_no_exception_that_nobody_hears(
    start_executor: StartExecutor, ledger: Ledger, caplog: pytest.LogCaptureFixture
) -> None:
    executor = await start_executor(EngineSettings(lanes_count=1, batch_commands_max=2))
    caller = Caller(executor)
    await caller.open(PLUG, WALLET)
    refused = many(settle("nothing", 1), settle("nothing", 1))

    async with ledger.hold(PLUG):
        gone = start(executor, [*refused, *many(credit(), wallet=PLUG)])
        await ledger.wait_until_blocked()  # By now the first two have been refused.
        gone.cancel()
        await asyncio.gather(gone, return_exceptions=True)
    await caller.send("after", credit())
    del gone
    gc.collect()

    assert [r.message for r in caplog.records if r.levelno >= logging.WARNING] == []
    assert await ledger.requests() == ["open", "after"]
