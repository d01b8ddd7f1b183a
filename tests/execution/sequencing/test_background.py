"""Servers give positions by themselves, one of them at a time, as soon as there is something."""

from dataclasses import replace

import pytest

from tests.database import Database
from tests.events import find_disorder, find_loss
from tests.execution.conftest import StartExecutor, now
from tests.execution.ledger import wait_until
from tests.execution.proxy import Proxy
from tests.execution.sequencing.conftest import SELDOM, Make
from tests.execution.vocabulary import Caller, credit
from wallet_server.execution.configuration_cache import ConfigurationCache
from wallet_server.execution.executor import Executor
from wallet_server.execution.settings import EngineSettings

OFTEN = replace(SELDOM, sequencing_idle_seconds_max=0.01)


async def waiting_count(database: Database) -> int:
    connection = await database.connect()
    count: int = await connection.fetchval("SELECT count(*) FROM outbox")
    return count


async def wait_until_told(database: Database) -> None:
    connection = await database.connect()

    async def is_told() -> bool:
        return not await connection.fetchval("SELECT EXISTS (SELECT FROM outbox)")

    await wait_until(is_told)
    assert await find_disorder(connection) == []
    assert await find_loss(connection) == []


async def test_a_batch_of_the_same_process_waits_for_no_pause(
    database: Database, tenant: str, make: Make
) -> None:
    assert tenant
    sequencing = await make()
    executor = Executor(
        database.server_url,
        ConfigurationCache(),
        EngineSettings(),
        now,
        on_recorded=sequencing.poke,
    )
    await executor.start()
    told: list[int] = []
    sequencing.listen(lambda: told.append(sequencing.statistics.events))
    sequencing.start()
    caller = Caller(executor)
    for number in range(20):  # By the last the pauses would be of minutes.
        await (caller.send(str(number), credit()) if number else caller.open())
        await wait_until_told(database)
    await executor.drain()

    connection = await database.connect()
    assert told[-1] == await connection.fetchval("SELECT count(*) FROM events")
    assert told == sorted(set(told))


async def test_what_another_process_records_is_found(
    database: Database, start_executor: StartExecutor, make: Make
) -> None:
    caller = Caller(await start_executor())
    sequencing = await make(OFTEN)
    sequencing.start()

    await caller.open()
    await wait_until_told(database)
    await caller.send("more", credit())
    await wait_until_told(database)


async def test_one_process_gives_positions_at_a_time(
    database: Database, start_executor: StartExecutor, make: Make
) -> None:
    caller = Caller(await start_executor())
    await caller.open()
    first, second = await make(), await make()
    await first.catch_up()
    await caller.send("more", credit())

    await second.catch_up()
    assert await waiting_count(database) == 1

    await first.finish()
    await second.catch_up()
    await wait_until_told(database)


async def test_a_process_that_stops_leaves_nothing_that_it_recorded(
    database: Database, start_executor: StartExecutor, make: Make
) -> None:
    caller = Caller(await start_executor())
    sequencing = await make(replace(SELDOM, sequencing_interval_seconds=3600))
    sequencing.start()
    await caller.open()
    await caller.send("more", credit())

    await sequencing.finish()

    assert await waiting_count(database) == 0
    assert sequencing.statistics.active == 0


async def test_a_process_on_standby_takes_over(
    database: Database, start_executor: StartExecutor, make: Make
) -> None:
    caller = Caller(await start_executor())
    first = await make()
    standby = await make(replace(OFTEN, sequencing_standby_seconds=0.01))
    await first.catch_up()
    standby.start()
    await caller.open()

    await first.finish()
    await wait_until_told(database)

    assert standby.statistics.active == 1


async def test_whoever_has_lost_the_lease_without_knowing_gives_no_positions(
    database: Database, start_executor: StartExecutor, make: Make
) -> None:
    caller = Caller(await start_executor())
    sequencing = await make()
    await sequencing.catch_up()
    superuser = await database.connect_superuser()
    await superuser.execute("UPDATE leases SET holder = 'another'")
    await caller.open()

    await sequencing.catch_up()
    assert await waiting_count(database) == 1

    await superuser.execute("UPDATE leases SET expire_time = now()")
    await sequencing.catch_up()
    await wait_until_told(database)


async def test_it_goes_on_when_the_connection_is_lost(
    database: Database, start_executor: StartExecutor, make: Make, proxy: Proxy
) -> None:
    caller = Caller(await start_executor())
    sequencing = await make(OFTEN, proxy.url)
    sequencing.start()
    await caller.open()
    await wait_until_told(database)

    await proxy.refuse()
    await proxy.listen()
    await caller.send("more", credit())
    await wait_until_told(database)


async def test_what_fails_is_told_and_tried_again(
    database: Database,
    start_executor: StartExecutor,
    make: Make,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caller = Caller(await start_executor())
    await caller.open()
    superuser = await database.connect_superuser()
    await superuser.execute("ALTER TABLE events RENAME TO away")
    sequencing = await make(replace(OFTEN, sequencing_pause_seconds_max=0.01))
    sequencing.start()

    async def is_logged() -> bool:
        return "sequencing failed" in caplog.text

    await wait_until(is_logged)
    assert await waiting_count(database) > 0

    await superuser.execute("ALTER TABLE away RENAME TO events")
    await wait_until_told(database)


async def test_what_waits_is_counted(
    database: Database, start_executor: StartExecutor, make: Make
) -> None:
    caller = Caller(await start_executor())
    await caller.open()
    waiting = await waiting_count(database)
    superuser = await database.connect_superuser()
    await superuser.execute("REVOKE INSERT ON events FROM wallet_server")
    sequencing = await make(replace(OFTEN, sequencing_pause_seconds_max=0.01))
    sequencing.start()

    async def is_counted() -> bool:
        return sequencing.statistics.waiting_batches == waiting > 0

    await wait_until(is_counted)
    assert sequencing.statistics.oldest_seconds > 0

    async def is_told_to_fail() -> bool:
        return sequencing.statistics.active == 0

    await wait_until(is_told_to_fail)


async def test_somebody_may_catch_up_beside(
    database: Database, start_executor: StartExecutor, make: Make
) -> None:
    caller = Caller(await start_executor())
    sequencing = await make(replace(OFTEN, sequencing_idle_seconds_max=0.001))
    sequencing.start()
    await caller.open()

    for number in range(20):
        await caller.send(str(number), credit())
        await sequencing.catch_up()
        assert await waiting_count(database) == 0
