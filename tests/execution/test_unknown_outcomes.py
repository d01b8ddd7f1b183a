"""Connections lost while a batch is on its way: it ends up in the ledger exactly once."""

import asyncio

import asyncpg
import pytest

from tests.execution.conftest import Recordings, StartExecutor
from tests.execution.ledger import Ledger
from tests.execution.proxy import Mishap, Proxy
from tests.execution.vocabulary import (
    WALLET,
    Caller,
    authorize,
    cash_after,
    credit,
    wallet_of,
    wallets_of,
)
from wallet_server.core.commands import OpenWallet
from wallet_server.execution.errors import StorageUnavailableError
from wallet_server.execution.settings import EngineSettings
from wallet_server.execution.statistics import Statistics
from wallet_server.storage import lane_connections

ENGINES = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND application_name = 'wallet-server'
"""
BLOCKED_ENGINES = ENGINES + " AND wait_event_type = 'Lock'"


@pytest.mark.parametrize(
    ("mishap", "replayed"),
    [(Mishap.BEFORE, False), (Mishap.REPLY, True), (Mishap.ABANDONED, None)],
)
async def test_a_connection_lost_while_recording(
    start_executor: StartExecutor,
    proxy: Proxy,
    ledger: Ledger,
    mishap: Mishap,
    replayed: bool | None,
) -> None:
    caller = Caller(await start_executor(EngineSettings(lanes_count=1), proxy.url))
    await caller.open(balance=100)

    proxy.arm(mishap)
    answer = await caller.send("bet", authorize("b1", 30))

    assert proxy.happened.is_set()
    assert replayed in (None, answer.replayed)
    assert cash_after(answer.answer) == 70
    assert await ledger.requests() == ["open", "fund", "bet"]
    assert await ledger.entries_count("bet") == 1
    assert await ledger.differences() == []


async def test_connections_lost_time_after_time(
    start_executor: StartExecutor, proxy: Proxy, ledger: Ledger
) -> None:
    caller = Caller(await start_executor(EngineSettings(lanes_count=1), proxy.url))
    await caller.open()

    proxy.arm(Mishap.BEFORE, Mishap.ABANDONED, Mishap.REPLY, Mishap.BEFORE)
    await caller.send("r", credit())

    assert await ledger.requests() == ["open", "r"]
    assert await ledger.entries_count("r") == 1


async def test_a_wallet_is_opened_once_though_the_reply_is_lost(
    start_executor: StartExecutor, proxy: Proxy, ledger: Ledger
) -> None:
    caller = Caller(await start_executor(EngineSettings(lanes_count=1), proxy.url))
    await caller.open(wallet_of("other"))  # A connection's first statements ask for types.

    proxy.arm(Mishap.REPLY)
    answer = await caller.send("open", OpenWallet())

    assert answer.replayed
    assert await ledger.requests() == ["open"]


async def test_running_again_waits_for_the_backend_that_is_dying(
    start_executor: StartExecutor, proxy: Proxy, ledger: Ledger, recordings: Recordings
) -> None:
    caller = Caller(await start_executor(EngineSettings(lanes_count=1), proxy.url))
    await caller.open()
    recordings.sizes.clear()

    async with ledger.hold():
        proxy.arm(Mishap.ABANDONED)
        running = caller.start("r", credit())
        await proxy.happened.wait()
        await ledger.wait_until_blocked(2)  # The dying backend, and the batch's next attempt.
        assert not running.done()
    answer = await running

    assert answer.replayed  # The dying backend was first; the next attempt found its answer.
    assert recordings.sizes == [1, 1, 0]
    assert await ledger.requests() == ["open", "r"]
    assert await ledger.entries_count("r") == 1


async def test_a_backend_that_dies_before_it_commits_leaves_the_work_to_the_next(
    start_executor: StartExecutor, ledger: Ledger
) -> None:
    caller = Caller(await start_executor(EngineSettings(lanes_count=1)))
    await caller.open()

    async with ledger.hold():
        running = caller.start("r", credit())
        await ledger.wait_until_blocked()
        await ledger.connection.fetch(BLOCKED_ENGINES)
        await ledger.wait_until_blocked()
    answer = await running

    assert not answer.replayed
    assert await ledger.requests() == ["open", "r"]


async def test_connections_that_were_ended_while_idle_are_opened_again(
    start_executor: StartExecutor, ledger: Ledger
) -> None:
    caller = Caller(await start_executor())
    await caller.open()
    await ledger.connection.fetch(ENGINES)

    await caller.send("r", credit())

    assert await ledger.requests() == ["open", "r"]


async def test_a_batch_of_many_is_recorded_once_though_the_reply_is_lost(
    start_executor: StartExecutor, proxy: Proxy, ledger: Ledger
) -> None:
    caller = Caller(await start_executor(EngineSettings(lanes_count=1), proxy.url))
    wallets = wallets_of(40)
    await caller.open(*wallets)

    proxy.arm(Mishap.REPLY, Mishap.BEFORE)
    for running in [caller.start("r", credit(), wallet) for wallet in wallets]:
        await running

    for wallet in wallets:
        assert await ledger.requests(wallet) == ["open", "r"]
    assert await ledger.differences() == []


async def test_who_cannot_connect_again_never_hears_that_a_recorded_command_failed(
    start_executor: StartExecutor, proxy: Proxy, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = EngineSettings(lanes_count=1, reconnect_seconds_max=0.05)
    caller = Caller(await start_executor(settings, proxy.url))
    await caller.open()

    async def refuse(url: str, **timeouts: float) -> None:
        raise asyncpg.InvalidPasswordError

    proxy.arm(Mishap.REPLY)
    monkeypatch.setattr(lane_connections, "open_loader", refuse)
    with pytest.raises(StorageUnavailableError):
        await caller.send("r", credit())
    monkeypatch.undo()

    assert await ledger.requests() == ["open", "r"]
    assert (await caller.send("r", credit())).replayed


async def test_without_a_database_callers_hear_so_after_a_bounded_time(
    start_executor: StartExecutor, proxy: Proxy, ledger: Ledger
) -> None:
    settings = EngineSettings(lanes_count=1, attempts_max=1, reconnect_seconds_max=0.05)
    executor = await start_executor(settings, proxy.url)
    caller = Caller(executor)
    await caller.open()
    await proxy.refuse()

    with pytest.raises(StorageUnavailableError):
        await caller.send("r", credit())

    await proxy.listen()
    answer = await caller.send("r", credit())  # Safe to send again, as the fault says.
    assert not answer.replayed
    assert await ledger.requests() == ["open", "r"]


async def test_a_database_that_comes_back_in_time_is_waited_for(
    start_executor: StartExecutor, proxy: Proxy, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried_again = asyncio.Event()
    count_trouble = Statistics.count_trouble

    def watch(statistics: Statistics, error: Exception) -> None:
        count_trouble(statistics, error)
        if statistics.troubles.total() > settings.attempts_max:
            tried_again.set()

    monkeypatch.setattr(Statistics, "count_trouble", watch)
    settings = EngineSettings(lanes_count=1, attempts_max=1, reconnect_seconds_max=60)
    executor = await start_executor(settings, proxy.url)
    caller = Caller(executor)
    await caller.open()
    await proxy.refuse()

    waiting = asyncio.create_task(caller.send("r", credit()))
    await tried_again.wait()
    await proxy.listen()

    assert not (await waiting).replayed
    assert await ledger.requests() == ["open", "r"]


async def test_a_network_that_swallows_everything_is_given_up(
    start_executor: StartExecutor, proxy: Proxy, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wallet_server.storage.connections.REPLY_GRACE_SECONDS", 0.1)
    settings = EngineSettings(lanes_count=1, statement_timeout_seconds=0.5)
    caller = Caller(await start_executor(settings, proxy.url))
    await caller.open()

    proxy.arm(Mishap.SILENT)
    answer = await caller.send("r", credit())

    assert proxy.happened.is_set()
    assert not answer.replayed
    assert await ledger.requests(WALLET) == ["open", "r"]
