"""Due work when something is in the way: an item that fails, callers, clocks, the database."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

import pytest

from tests.execution.due_work.conftest import Process, StartProcess, Stopwatch
from tests.execution.due_work.words import DAY, count_states, grant_all, states_of
from tests.execution.ledger import Ledger, wait_until
from tests.execution.proxy import Proxy
from tests.execution.vocabulary import WALLET, credit, wallet_of, wallets_of
from wallet_server.conformance.clock import ScenarioClock
from wallet_server.core import decide
from wallet_server.core.commands import ExpireCoupons
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.decision import Decision
from wallet_server.core.ids import locate
from wallet_server.core.refusals import AccountFrozen
from wallet_server.core.wallet import Wallet
from wallet_server.execution.due_work.statistics import DueWorkStatistics
from wallet_server.execution.errors import OverloadedError, StorageUnavailableError
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

    def expire_others(
        command: ExpireCoupons, wallet: Wallet, configuration: Configuration, now: datetime
    ) -> Decision:
        if wallet.ref == wallets[0]:
            return fail()
        return expire_coupons(command, wallet, configuration, now)

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


async def test_what_others_did_is_not_remembered(
    start_process: StartProcess, clock: ScenarioClock, ledger: Ledger
) -> None:
    one, other = [await start_process(lease_name=name) for name in ("one", "other")]
    await grant_all(one, [WALLET])
    clock.advance(DAY)

    async with ledger.hold():
        running = [asyncio.create_task(each.due_work.catch_up()) for each in (one, other)]
        await ledger.wait_until_blocked(2)
    await asyncio.gather(*running)
    second = min((one, other), key=lambda process: process.statistics.done)
    assert second.statistics == DueWorkStatistics(repeated=1)
    assert len(second.due_work._sweeper._retries._retries) == 1

    await second.due_work.catch_up()
    assert second.due_work._sweeper._retries._retries == {}


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


@asynccontextmanager
async def queue_of(process: Process, ledger: Ledger, length: int) -> AsyncGenerator[None]:
    """Keeps the only lane of a process busy, with so many commands of callers in its queue."""
    plug, *others = (wallet_of(f"caller-{number}") for number in range(length + 1))
    for wallet in (plug, *others):
        await process.caller.open(wallet)
    async with ledger.hold(plug):
        running = [process.caller.start("running", credit(), plug)]
        await ledger.wait_until_blocked()
        running += [process.caller.start("queued", credit(), wallet) for wallet in others]
        await asyncio.sleep(0)
        assert process.executor.queued_commands_count == length
        yield
    await asyncio.gather(*running)


async def test_a_full_engine_is_left_to_callers(
    start_process: StartProcess, clock: ScenarioClock, ledger: Ledger
) -> None:
    engine_settings = EngineSettings(lanes_count=1, lane_queue_commands_max=5)
    process = await start_process(engine_settings=engine_settings)
    await grant_all(process, wallets_of(3))
    clock.advance(DAY)

    async with queue_of(process, ledger, 5):
        with pytest.raises(OverloadedError):
            await process.due_work.catch_up()
    assert await count_states(ledger) == {"ACTIVE": 3}
    await process.due_work.catch_up()

    assert await count_states(ledger) == {"EXPIRED": 3}
    assert process.statistics == DueWorkStatistics(done=3)


async def test_where_callers_wait_due_work_goes_one_by_one(
    start_process: StartProcess, clock: ScenarioClock, ledger: Ledger
) -> None:
    engine_settings = EngineSettings(lanes_count=1, batch_commands_max=2)
    process = await start_process(engine_settings=engine_settings)
    await grant_all(process, wallets_of(3))
    clock.advance(DAY)

    async def is_submitted() -> bool:
        return process.executor.queued_commands_count > 3

    async with queue_of(process, ledger, 3):
        running = asyncio.create_task(process.due_work.catch_up())
        await wait_until(is_submitted)
        assert process.executor.queued_commands_count == 4
    await running

    assert await count_states(ledger) == {"EXPIRED": 3}


async def test_a_database_that_goes_away_is_no_fault_of_an_item(
    start_process: StartProcess, clock: ScenarioClock, ledger: Ledger, proxy: Proxy
) -> None:
    engine_settings = EngineSettings(lanes_count=1, reconnect_seconds_max=0.1)
    process = await start_process(engine_settings=engine_settings, url=proxy.url)
    await grant_all(process, [WALLET])
    clock.advance(DAY)

    async with ledger.hold():
        running = asyncio.create_task(process.due_work.catch_up())
        await ledger.wait_until_blocked()
        await proxy.refuse()
        with pytest.raises(StorageUnavailableError):
            await running
    await proxy.listen()
    await process.due_work.catch_up()

    assert await count_states(ledger) == {"EXPIRED": 1}
    assert process.statistics.failed == 0


async def test_a_process_waits_for_a_database_that_is_away(
    start_process: StartProcess,
    clock: ScenarioClock,
    ledger: Ledger,
    proxy: Proxy,
    caplog: pytest.LogCaptureFixture,
) -> None:
    settings = DueWorkSettings(due_work_interval_seconds=0.01, due_work_pause_seconds_max=0.02)
    process = await start_process(settings, url=proxy.url)
    await grant_all(process, wallets_of(3))
    await proxy.refuse()
    clock.advance(DAY)
    process.due_work.start()

    async def has_waited_twice() -> bool:
        return caplog.text.count("due work waits") >= 2

    async def is_done() -> bool:
        return await count_states(ledger) == {"EXPIRED": 3}

    await wait_until(has_waited_twice)
    await proxy.listen()
    await wait_until(is_done)
