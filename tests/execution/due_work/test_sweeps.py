"""What time makes due is done once, whoever does it, and whatever is in the way."""

import asyncio

from tests.execution.due_work.conftest import StartProcess
from tests.execution.due_work.words import (
    DAY,
    count_states,
    grant,
    grant_all,
    states_of,
)
from tests.execution.ledger import Ledger, wait_until
from tests.execution.vocabulary import WALLET, wallet_of, wallets_of
from wallet_server.conformance.clock import ScenarioClock
from wallet_server.core.ids import locate
from wallet_server.execution.due_work.statistics import DueWorkStatistics
from wallet_server.execution.settings import DueWorkSettings

PAGES_OF_10 = DueWorkSettings(due_work_page_items=10, due_work_commands_max=4)


async def test_what_is_due_is_done_and_nothing_else(
    start_process: StartProcess, clock: ScenarioClock, ledger: Ledger
) -> None:
    process = await start_process()
    await process.caller.open()
    for days in (1, 2, 3):
        await process.caller.send(f"grant-{days}", grant(f"c{days}", days=days))

    clock.advance(2 * DAY)
    await process.due_work.catch_up()

    assert await states_of(ledger, WALLET) == {"c1": "EXPIRED", "c2": "EXPIRED", "c3": "ACTIVE"}
    assert process.statistics == DueWorkStatistics(done=2)


async def test_what_time_makes_due_belongs_to_the_flow_of_the_command_that_made_it(
    start_process: StartProcess, clock: ScenarioClock, ledger: Ledger
) -> None:
    process = await start_process()
    await process.caller.open()
    await process.caller.send("grant-1", grant("c1"), correlation_id="campaign-7")
    await process.caller.send("grant-2", grant("c2"))
    await process.caller.send("grant-3", grant("c3"), correlation_id="campaign-9")

    clock.advance(DAY)
    await process.due_work.catch_up()

    query = """
        SELECT split_part(accounts[1], ':', 2) AS grant_id, correlation_id
        FROM entries WHERE command = 'ExpireCoupons'
    """
    found = {row["grant_id"]: row["correlation_id"] for row in await ledger.connection.fetch(query)}
    assert found == {"c1": "campaign-7", "c2": "", "c3": "campaign-9"}


async def test_two_servers_at_once_do_each_item_once(
    start_process: StartProcess, clock: ScenarioClock, ledger: Ledger
) -> None:
    one, other = [await start_process(PAGES_OF_10, lease_name=name) for name in ("one", "other")]
    wallets = wallets_of(60)
    await grant_all(one, wallets, grants_count=2)

    clock.advance(DAY)
    await asyncio.gather(one.due_work.catch_up(), other.due_work.catch_up())

    assert one.statistics.done + other.statistics.done == 120
    assert await count_states(ledger) == {"EXPIRED": 120}
    for wallet in wallets:
        requests = await ledger.requests(wallet)
        assert [each[:6] for each in requests[:3]] == ["open", "grant-", "grant-"]
        assert len(requests) == len(set(requests)) == 5
    assert await ledger.differences() == []


async def test_one_process_is_enough_and_another_takes_over_from_it(
    start_process: StartProcess, clock: ScenarioClock, ledger: Ledger
) -> None:
    one, other = await start_process(), await start_process()
    await grant_all(one, wallets_of(3))
    clock.advance(DAY)
    await one.due_work.catch_up()
    await grant_all(one, [wallet_of("late")], days=2)
    clock.advance(DAY)

    await other.due_work.catch_up()
    assert other.statistics == DueWorkStatistics()
    await one.due_work.finish()
    await other.due_work.catch_up()

    assert (one.statistics.done, other.statistics.done) == (3, 1)
    assert await count_states(ledger) == {"EXPIRED": 4}


async def test_after_an_outage_all_is_done_page_by_page(
    start_process: StartProcess, clock: ScenarioClock, ledger: Ledger
) -> None:
    process = await start_process(DueWorkSettings(due_work_page_items=70))
    await grant_all(process, wallets_of(50), grants_count=20)

    clock.advance(30 * DAY)
    await process.due_work.catch_up()

    assert await count_states(ledger) == {"EXPIRED": 1000}
    assert process.statistics == DueWorkStatistics(done=1000)
    assert await ledger.differences() == []


async def test_how_late_it_is_shows_while_there_is_something_left(
    start_process: StartProcess, clock: ScenarioClock, ledger: Ledger
) -> None:
    process = await start_process()
    await grant_all(process, [WALLET])
    clock.advance(3 * DAY)

    async with ledger.hold():
        running = asyncio.create_task(process.due_work.catch_up())
        await ledger.wait_until_blocked()
        assert process.statistics.lag_seconds == (2 * DAY).total_seconds()
    await running

    assert process.statistics.lag_seconds == 0


async def test_a_process_that_is_started_does_it_by_itself(
    start_process: StartProcess, clock: ScenarioClock, ledger: Ledger
) -> None:
    process = await start_process(DueWorkSettings(due_work_interval_seconds=0.01))
    await grant_all(process, wallets_of(3))
    process.due_work.start()
    clock.advance(DAY)

    async def is_done() -> bool:
        return await count_states(ledger) == {"EXPIRED": 3}

    await wait_until(is_done)


async def test_a_process_that_stops_ends_what_it_began_and_leaves_the_rest_to_others(
    start_process: StartProcess, clock: ScenarioClock, ledger: Ledger
) -> None:
    one, other = [await start_process(PAGES_OF_10) for _ in range(2)]
    wallets = wallets_of(8)
    await grant_all(one, wallets)
    clock.advance(DAY)

    async with ledger.hold(min(wallets, key=locate)):
        one.due_work.start()
        await ledger.wait_until_blocked()
        one.due_work.stop_soon()
    await one.due_work.finish()

    assert one.statistics.done == 4
    assert await count_states(ledger) == {"ACTIVE": 4, "EXPIRED": 4}
    await other.due_work.catch_up()
    assert await count_states(ledger) == {"EXPIRED": 8}
