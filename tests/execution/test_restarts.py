"""Postgres stops and starts again under load, and the engine stops under load."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.database import Database
from tests.embedded.clusters import FAST_SETTINGS, open_directory
from tests.execution.conftest import StartExecutor, now
from tests.execution.ledger import Ledger, wait_until
from tests.execution.proxy import Proxy, open_proxy
from tests.execution.vocabulary import ONE_LANE, TENANT, Caller, credit, outcomes, wallets_of
from wallet_server.core.ids import WalletRef
from wallet_server.embedded.postgres import EmbeddedPostgres
from wallet_server.embedded.roles import Role
from wallet_server.execution.activation import apply_documents
from wallet_server.execution.configuration_cache import ConfigurationCache
from wallet_server.execution.errors import Fault, ShuttingDownError
from wallet_server.execution.executor import Executor
from wallet_server.execution.settings import EngineSettings
from wallet_server.execution.submission import Answered
from wallet_server.shapes import load_shape
from wallet_server.storage.engine import create_engine
from wallet_server.storage.migrating import migrate

PAUSE_SECONDS = 0.01


@dataclass
class Restartable:
    """A Postgres of the test's own, behind a proxy with an address that stays."""

    data_dir: Path
    database: Database
    proxy: Proxy

    async def stop(self) -> None:
        """Stops Postgres; it tells everybody that it does."""
        await asyncio.to_thread(self.database.postgres.stop)

    def start(self) -> None:
        """Starts it again, at another address."""
        postgres = EmbeddedPostgres.start(self.data_dir, settings=FAST_SETTINGS)
        self.database.postgres = postgres
        self.proxy.lead_to(self.database.server_url)


@pytest.fixture
async def restartable() -> AsyncIterator[Restartable]:
    with open_directory() as folder:
        data_dir = folder / "data"
        postgres = EmbeddedPostgres.start(data_dir, settings=FAST_SETTINGS)
        database = Database(postgres, "restarted")
        await postgres.create_database(database.name)
        await migrate(postgres.url(Role.OWNER, database.name))
        engine = create_engine(database.server_url)
        await apply_documents(engine, TENANT, load_shape("ruby"), now())
        await engine.dispose()
        async with open_proxy(database) as proxy:
            yield Restartable(data_dir, database, proxy)
        database.postgres.stop()


async def insist(caller: Caller, request_id: str, wallet: WalletRef) -> Answered:
    """Sends a command until it is answered, as callers are told to."""
    while True:
        try:
            return await caller.send(request_id, credit(), wallet)
        except Fault:
            await asyncio.sleep(PAUSE_SECONDS)


async def test_a_restart_of_postgres_loses_and_doubles_nothing(restartable: Restartable) -> None:
    executor = Executor(
        restartable.proxy.url,
        ConfigurationCache(),
        EngineSettings(lanes_count=2, attempts_max=3),
        now,
    )
    await executor.start()
    caller = Caller(executor)
    wallets = wallets_of(10)
    await caller.open(*wallets)
    answered_count, is_over = 0, asyncio.Event()

    async def play(wallet: WalletRef) -> list[str]:
        nonlocal answered_count
        sent: list[str] = []
        while not is_over.is_set():
            sent.append(f"r{len(sent)}")
            await insist(caller, sent[-1], wallet)
            answered_count += 1
        return sent

    async def wait_for_answers(count: int) -> None:
        async def are_there() -> bool:
            return answered_count >= count

        await wait_until(are_there)

    playing = [asyncio.create_task(play(wallet)) for wallet in wallets]
    await wait_for_answers(100)
    await restartable.stop()
    await asyncio.sleep(5 * PAUSE_SECONDS)  # Some hear that there is no database.
    restartable.start()
    await wait_for_answers(answered_count + 100)
    is_over.set()
    sent = await asyncio.gather(*playing)
    await executor.drain()

    ledger = Ledger(restartable.database, await restartable.database.connect_superuser())
    for wallet, request_ids in zip(wallets, sent, strict=True):
        assert await ledger.requests(wallet) == ["open", *request_ids]
    assert await ledger.differences() == []
    assert executor.statistics.troubles.total() > 0
    await ledger.connection.close()


async def test_draining_finishes_accepted_commands_and_refuses_new_ones(
    start_executor: StartExecutor, ledger: Ledger
) -> None:
    caller = Caller(await start_executor(ONE_LANE))
    wallets = wallets_of(20)
    await caller.open(*wallets)

    async with ledger.hold(wallets[0]):
        running = caller.start("r", credit(), wallets[0])
        await ledger.wait_until_blocked()
        queued = [caller.start("r", credit(), wallet) for wallet in wallets[1:]]
        await asyncio.sleep(0)
        draining = asyncio.create_task(caller.executor.drain())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        (refused,) = await outcomes([caller.send("new", credit(), wallets[0])])
        assert isinstance(refused, ShuttingDownError)
    await asyncio.gather(running, *queued)
    await draining

    for wallet in wallets:
        assert await ledger.requests(wallet) == ["open", "r"]
