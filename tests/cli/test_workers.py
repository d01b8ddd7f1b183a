"""`serve --workers`: one port, several processes, whatever happens to one of them."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from typing import Any

import grpc.aio
import pytest

from tests.cli.calls import Response, caller
from tests.cli.supervised import (
    CONNECTED,
    LISTENING,
    POLL_SECONDS,
    Supervised,
    all_serving,
    serving,
    wait_until_gone,
)
from tests.database import Database
from tests.servers import apply_shape
from wallet_server.embedded.postgres import EmbeddedPostgres

WORKERS = 2

SENT_AWAY = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED)
"""What grpc says where a call and the end of a server cross. It may be sent again."""


@pytest.fixture
async def tenant_url(database: Database) -> str:
    """A database with the tenant that callers name."""
    await apply_shape(database, "acme", "ruby")
    return database.server_url


@pytest.fixture
async def server(tenant_url: str) -> AsyncIterator[Supervised]:
    """A server with two workers."""
    async with serving(WORKERS, tenant_url) as running:
        yield running


@pytest.fixture(scope="module")
async def lasting_database(
    postgres: EmbeddedPostgres, template: str, database_names: Iterator[str]
) -> AsyncIterator[Database]:
    """The database of the server that several tests have."""
    database = Database(postgres, next(database_names))
    await postgres.create_database(database.name, template)
    await apply_shape(database, "acme", "ruby")
    yield database
    await database.drop()


@pytest.fixture(scope="module")
async def lasting(lasting_database: Database) -> AsyncIterator[Supervised]:
    """A server with two workers, for tests that leave it with two workers."""
    async with serving(WORKERS, lasting_database.server_url) as running:
        yield running


async def call_until_each_has_worked(server: Supervised, database: Database) -> int:
    """Calls over ever new connections until every worker has had some more.

    Returns how many commands there have been in all, once the workers have reported them.
    """
    connection = await database.connect()
    count: int = await connection.fetchval("SELECT count(*) FROM answers")
    await wait_for_commands(server, count)
    before = after = await server.metric("wallet_worker_commands_total")
    while not all(after[number] > before[number] for number in before):
        async with caller(server.port, f"round-{count}") as calling:
            await calling.open_wallet()
        count += 1
        after = await server.metric("wallet_worker_commands_total")
    await wait_for_commands(server, count)
    return count


async def wait_for_commands(server: Supervised, count: int) -> None:
    """Waits until the workers have reported so many commands."""
    async with asyncio.timeout(60):
        while (await server.metric("wallet_commands_total"))[""] < count:
            await asyncio.sleep(0.02)


async def wait_for_call(server: Supervised) -> None:
    """Waits until a worker has reported that a call is under way."""
    async with asyncio.timeout(60):
        while not (await server.metric("wallet_calls_under_way"))[""]:
            await asyncio.sleep(0.02)


async def test_all_workers_answer_at_one_port(
    lasting: Supervised, lasting_database: Database
) -> None:
    server = lasting
    count = await call_until_each_has_worked(server, lasting_database)

    pids = await server.pids()
    status, _ = await server.get("/readyz")
    each = await server.metric("wallet_worker_commands_total")
    assert len({*pids, server.process.pid}) == WORKERS + 1
    assert status == 200
    assert sum(each.values()) == count
    assert (await server.wait_for_line("serving"))["workers"] == WORKERS


async def test_a_worker_that_is_killed_is_replaced_and_its_counts_stay(
    lasting: Supervised, lasting_database: Database
) -> None:
    server = lasting
    count = await call_until_each_has_worked(server, lasting_database)
    killed, left = await server.pids()
    first, second = [worker["restarts"] for worker in await server.workers()]

    os.kill(killed, signal.SIGKILL)
    ended = await server.wait_for_line("worker ended", pid=killed)
    async with caller(server.port, "meanwhile") as calling:
        await calling.open_wallet()
    await server.wait_until(lambda workers: all_serving(workers) and workers[0]["pid"] != killed)
    await wait_for_commands(server, count + 1)

    replaced, same = await server.workers()
    assert (ended["exit"], ended["worker"]) == ("SIGKILL", 1)
    assert (replaced["restarts"], same["restarts"], same["pid"]) == (first + 1, second, left)
    counted = await server.metric("wallet_worker_restarts_total")
    assert counted == {"1": first + 1, "2": second}
    assert await server.metric("wallet_commands_total") == {"": count + 1}


async def test_a_stop_answers_what_was_accepted_and_leaves_nobody(
    server: Supervised, database: Database
) -> None:
    pids = await server.pids()
    async with caller(server.port, "a") as one, caller(server.port, "b") as another:
        await asyncio.gather(one.open_wallet(), another.open_wallet())
        calls = asyncio.gather(one.open_wallets(300), another.open_wallets(300))
        await wait_for_commands(server, 3)
        stopping = asyncio.create_task(server.stop())
        await server.wait_for_line("stopping")
        code = await stopping
        answered = [each for of_one in await calls for each in of_one]

    connection = await database.connect()
    ok = sum(isinstance(each, Response) for each in answered) + 2
    drained = await server.wait_for_line("drained")
    assert code == 0
    assert await connection.fetchval("SELECT count(*) FROM answers") == ok == drained["recorded"]
    assert all(isinstance(each, Response | grpc.aio.AioRpcError) for each in answered)
    await wait_until_gone(pids)


async def test_workers_end_with_a_supervisor_that_is_killed(server: Supervised) -> None:
    pids = await server.pids()

    await server.stop(signal.SIGKILL)

    await wait_until_gone(pids)


async def test_a_second_signal_ends_all_at_once(server: Supervised, database: Database) -> None:
    pids = await server.pids()
    connection = await database.connect_superuser()
    async with connection.transaction(), caller(server.port) as calling:
        await calling.open_wallet()
        await connection.execute("LOCK TABLE answers IN ACCESS EXCLUSIVE MODE")
        stuck = asyncio.create_task(calling.open_wallet())
        await wait_for_call(server)
        server.process.send_signal(signal.SIGTERM)
        await server.wait_for_line("stopping")
        code = await server.stop(signal.SIGTERM)
        with pytest.raises(grpc.aio.AioRpcError):
            await stuck

    assert code == -signal.SIGTERM
    await wait_until_gone(pids)
    assert not [line for line in server.log if line["message"] == "drained"]


async def test_a_worker_that_is_told_to_stop_is_replaced(lasting: Supervised) -> None:
    _, told = await lasting.pids()

    os.kill(told, signal.SIGTERM)
    ended = await lasting.wait_for_line("worker ended", pid=told)
    await lasting.wait_until(lambda workers: all_serving(workers) and workers[1]["pid"] != told)

    assert ended["exit"] == "0"


async def test_a_worker_that_hangs_is_replaced(tenant_url: str) -> None:
    async with serving(WORKERS, tenant_url, WALLET_WORKER_SILENCE_SECONDS_MAX="2") as server:
        _, hanging = await server.pids()
        os.kill(hanging, signal.SIGSTOP)
        ended = await server.wait_for_line("worker ended", pid=hanging)
        await server.wait_until(
            lambda workers: all_serving(workers) and workers[1]["pid"] != hanging
        )
        code = await server.stop()

    assert (ended["exit"], code) == ("SIGKILL", 0)


async def test_what_is_told_of_a_server_where_a_call_fails_has_all_there_is(
    lasting: Supervised,
) -> None:
    async with caller(lasting.port, "told-of") as calling:
        await calling.open_wallet()
        account = await lasting.account()

    assert '"message": "serving"' in account
    assert all(f'"pid": {pid}' in account for pid in await lasting.pids())
    if sys.platform == "linux":
        assert all(f" {state} " in account for state in (CONNECTED, LISTENING))


async def test_workers_are_renewed_one_after_the_other_while_others_serve(
    lasting: Supervised,
) -> None:
    server = lasting
    before, said_count = await server.workers(), len(server.log)
    done = asyncio.Event()

    async def keep_calling(name: str) -> int:
        async with caller(server.port, name) as calling:
            count = 0
            while not done.is_set():
                try:
                    await calling.open_wallet()
                except grpc.aio.AioRpcError as error:
                    if error.code() not in SENT_AWAY:
                        error.add_note(await server.account())
                        raise
                else:
                    count += 1
                await asyncio.sleep(POLL_SECONDS)  # Workers that start need the processors too.
            return count

    callers = [asyncio.create_task(keep_calling(f"caller-{number}")) for number in range(4)]
    server.process.send_signal(signal.SIGHUP)
    for place, old in enumerate(before):
        await server.wait_until(
            lambda workers, place=place, old=old: (
                all_serving([workers[place]]) and workers[place]["pid"] != old["pid"]
            )
        )
    await server.wait_for_line("renewed")
    done.set()
    counts = await asyncio.gather(*callers)

    after: list[dict[str, Any]] = await server.workers()
    assert all(counts)
    assert not {worker["pid"] for worker in before} & {worker["pid"] for worker in after}
    for old, new in zip(before, after, strict=True):
        assert new["restarts"] == old["restarts"] + 1
    said = server.log[said_count:]
    told = [line["message"] for line in said if line["level"] in ("WARNING", "ERROR")]
    # A test's database syncs nothing, and nobody signs what it holds.
    assert {*told} <= {
        "the database should be otherwise",
        "blocks of the chain are not signed: there is no chain_key_file",
    }
