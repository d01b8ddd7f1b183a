"""A batch that keeps failing is split, so that one command fails alone."""

import asyncio

import asyncpg

from tests.database import Database
from tests.execution.conftest import Recordings, StartExecutor
from tests.execution.ledger import Ledger
from tests.execution.vocabulary import (
    ONE_LANE,
    WALLET,
    Caller,
    credit,
    outcomes,
    wallet_of,
    wallets_of,
)
from wallet_server.core.ids import locate
from wallet_server.execution.errors import ContentionError
from wallet_server.execution.settings import EngineSettings
from wallet_server.execution.submission import Answered

PLUG = wallet_of("plug")


async def test_one_wallet_that_keeps_conflicting_does_not_starve_its_batch(
    start_executor: StartExecutor, ledger: Ledger, recordings: Recordings
) -> None:
    settings = EngineSettings(lanes_count=1, attempts_max=2, statement_timeout_seconds=0.5)
    caller = Caller(await start_executor(settings))
    others = wallets_of(6)
    await caller.open(PLUG, WALLET, *others)

    async with ledger.hold(WALLET):
        async with ledger.hold(PLUG):
            running = caller.start("plug", credit(), PLUG)
            await ledger.wait_until_blocked()
            stuck = caller.start("stuck", credit(), WALLET)
            queued = [caller.start("r", credit(), wallet) for wallet in others]
            await asyncio.sleep(0)
        results = await outcomes([running, *queued])
        (conflicting,) = await outcomes([stuck])

    assert all(isinstance(result, Answered) for result in results)
    assert isinstance(conflicting, ContentionError)
    assert await ledger.requests() == ["open"]


async def test_a_wallet_that_stays_locked_does_not_hold_up_its_batch(
    start_executor: StartExecutor, ledger: Ledger
) -> None:
    settings = EngineSettings(lanes_count=1, attempts_max=2, lock_timeout_seconds=0.05)
    caller = Caller(await start_executor(settings))
    others = wallets_of(20)
    await caller.open(WALLET, *others)

    async with ledger.hold(WALLET):
        tasks = [
            caller.start("r", credit(), wallet) for wallet in [*others[:10], WALLET, *others[10:]]
        ]
        results = await outcomes(tasks)

    assert isinstance(results.pop(10), ContentionError)
    assert all(isinstance(result, Answered) for result in results)
    assert await ledger.differences() == []


async def test_a_command_that_postgres_rejects_fails_alone_and_its_batch_goes_on(
    start_executor: StartExecutor, database: Database, ledger: Ledger, recordings: Recordings
) -> None:
    caller = Caller(await start_executor(ONE_LANE))
    wallets = wallets_of(9)
    await caller.open(PLUG, *wallets)
    await database.tamper(
        "ALTER TABLE entries ADD CONSTRAINT poison CHECK (correlation_id <> 'poison')"
    )
    recordings.sizes.clear()

    async with ledger.hold(PLUG):
        running = caller.start("plug", credit(), PLUG)
        await ledger.wait_until_blocked()
        queued = [
            caller.start("r", credit(), wallet, correlation_id="poison" if number == 5 else "")
            for number, wallet in enumerate(wallets)
        ]
        await asyncio.sleep(0)
    await running
    results = await outcomes(queued)

    failed = [number for number, result in enumerate(results) if not isinstance(result, Answered)]
    assert failed == [5]
    assert isinstance(results[5], asyncpg.CheckViolationError)
    assert recordings.sizes == [1, 9, 4, 5, 2, 1, 1, 3, 1, 2][: len(recordings.sizes)]
    assert await ledger.requests(wallets[5]) == ["open"]
    assert await ledger.requests(wallets[6]) == ["open", "r"]
    assert await ledger.differences() == []


async def test_a_wallet_whose_row_was_tampered_with_fails_alone(
    start_executor: StartExecutor, database: Database, ledger: Ledger
) -> None:
    """The balance says nothing where the journal does: the CHECK of the journal catches it."""
    caller = Caller(await start_executor(ONE_LANE))
    await caller.open(PLUG, WALLET, wallet_of("fine"), balance=10)
    await database.tamper("ALTER TABLE wallets DROP CONSTRAINT wallets_balances_check")
    await database.tamper(
        "UPDATE wallets SET balances = '{-10}' WHERE wallet_id = $1", locate(WALLET).wallet_id
    )

    async with ledger.hold(PLUG):
        running = caller.start("plug", credit(), PLUG)
        await ledger.wait_until_blocked()
        queued = [
            caller.start("r", credit(1), WALLET),
            caller.start("r", credit(1), wallet_of("fine")),
        ]
        await asyncio.sleep(0)
    await running
    tampered, fine = await outcomes(queued)

    assert isinstance(tampered, Exception)
    assert isinstance(fine, Answered)
    assert await ledger.requests(wallet_of("fine")) == ["open", "fund", "r"]
