"""Due work when something is in the way: an item that fails, callers, clocks, the database."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.execution.due_work.conftest import StartProcess, Stopwatch
from tests.execution.due_work.words import (
    DAY,
    count_states,
    grant_all,
    states_of,
)
from tests.execution.ledger import Ledger
from tests.execution.vocabulary import WALLET, wallets_of
from wallet_server.conformance.clock import ScenarioClock
from wallet_server.core import decide
from wallet_server.core.commands import ExpireCoupons
from wallet_server.core.decision import Decision
from wallet_server.core.ids import locate
from wallet_server.core.refusals import AccountFrozen
from wallet_server.execution.due_statistics import DueWorkStatistics
from wallet_server.execution.settings import DueWorkSettings, EngineSettings

PAUSE_SECONDS = DueWorkSettings().due_work_interval_seconds


def failing() -> Decision:
    raise ZeroDivisionError


@pytest.mark.parametrize("fail", [failing, AccountFrozen], ids=["bug", "recorded refusal"])
async def test_an_item_that_fails_keeps_no_other_waiting_and_is_tried_again_later(
    start_process: StartProcess,
    clock: ScenarioClock,
    stopwatch: Stopwatch,
    ledger: Ledger,
    monkeypatch: pytest.MonkeyPatch,
    fail: Callable[[], Decision],
) -> None:
    process = await start_process(DueWorkSettings(due_work_page_items=1))
    wallets = sorted(wallets_of(3), key=locate)
    await grant_all(process, wallets)
    clock.advance(DAY)
    expire_coupons = decide.DECIDERS[ExpireCoupons]

    def expire_others(command: ExpireCoupons, wallet: Any, *others: Any) -> Decision:
        if wallet.ref == wallets[0]:
            return fail()
        return expire_coupons(command, wallet, *others)

    with monkeypatch.context() as broken:
        broken.setitem(decide.DECIDERS, ExpireCoupons, expire_others)
        await process.due_work.catch_up()
        await process.due_work.catch_up()

    assert await count_states(ledger) == {"ACTIVE": 1, "EXPIRED": 2}
    assert process.statistics == DueWorkStatistics(done=2, failed=1, waiting=1)
    stopwatch.seconds += PAUSE_SECONDS
    await process.due_work.catch_up()
    assert await count_states(ledger) == {"EXPIRED": 3}
    assert process.statistics == DueWorkStatistics(done=3, failed=1)


async def test_what_came_before_its_time_by_another_clock_is_done_in_time(
    start_process: StartProcess, clock: ScenarioClock, stopwatch: Stopwatch, ledger: Ledger
) -> None:
    slow_clock = ScenarioClock()
    process = await start_process(own_clock=slow_clock)
    await grant_all(process, [WALLET])
    clock.advance(DAY)

    await process.due_work.catch_up()
    await process.due_work.catch_up()
    assert await states_of(ledger, WALLET) == {"c0": "ACTIVE"}
    assert process.statistics.repeated == 2
    slow_clock.advance(DAY)
    stopwatch.seconds += PAUSE_SECONDS
    await process.due_work.catch_up()

    assert await states_of(ledger, WALLET) == {"c0": "EXPIRED"}
    assert process.statistics.done == 1


async def test_a_full_engine_is_left_to_callers(
    start_process: StartProcess, clock: ScenarioClock, ledger: Ledger
) -> None:
    engine_settings = EngineSettings(lanes_count=1, lane_queue_commands_max=5)
    process = await start_process(engine_settings=engine_settings)
    wallets = wallets_of(3)
    await grant_all(process, wallets)
    clock.advance(DAY)

    async with ledger.hold():
        await process.caller.open()
