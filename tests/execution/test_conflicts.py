"""Conflicts with other work, at the statement and at COMMIT: the batch runs again."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from tests.database import Connection, Database
from tests.execution.conftest import Recordings, StartExecutor
from tests.execution.ledger import Ledger
from tests.execution.vocabulary import (
    WALLET,
    Caller,
    authorize,
    credit,
    outcomes,
    wallet_of,
    wallets_of,
)
from wallet_server.core.commands import OpenWallet
from wallet_server.core.ids import WalletRef, locate
from wallet_server.core.refusals import AccountBetBlocked, InsufficientFunds
from wallet_server.embedded.roles import Role
from wallet_server.execution.errors import ContentionError, RefusedError
from wallet_server.execution.settings import EngineSettings

PLUG = wallet_of("plug")
AT_COMMIT = 42

# Has every recorded batch wait at its COMMIT, after all its statements, while the test
# holds the lock. A trigger of the test's own; the product has none.
WAIT_AT_COMMIT = f"""
CREATE FUNCTION wait_at_commit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared({AT_COMMIT});
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER wait_at_commit AFTER INSERT ON answers
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wait_at_commit();
"""


def states_of(recordings: Recordings) -> list[str | None]:
    assert all(isinstance(error, asyncpg.PostgresError) for error in recordings.errors)
    return [getattr(error, "sqlstate", None) for error in recordings.errors]


async def touch(holder: Connection, table: str, wallet_ref: WalletRef = WALLET) -> None:
    """Updates a row to what it is, as far as others can see."""
    place = locate(wallet_ref)
    if table == "wallets":
        await holder.execute(
            "UPDATE wallets SET sequence = sequence WHERE shard = $1 AND wallet_id = $2",
            place.shard,
            place.wallet_id,
        )
    elif table == "tenants":
        await holder.execute(
            "UPDATE tenants SET epoch = epoch WHERE tenant_id = $1", wallet_ref.tenant_id
        )
    else:
        await holder.execute(
            "UPDATE players SET status = status"
            " WHERE shard = $1 AND tenant_id = $2 AND player_id = $3",
            place.shard,
            wallet_ref.tenant_id,
            wallet_ref.player_id,
        )


async def test_waiting_for_a_wallet_that_somebody_then_changes_is_a_conflict(
    start_executor: StartExecutor, ledger: Ledger, recordings: Recordings
) -> None:
    caller = Caller(await start_executor())
    await caller.open()

    async with ledger.hold() as holder:
        running = caller.start("r", credit())
        await ledger.wait_until_blocked()
        await touch(holder, "wallets")
        await holder.execute("COMMIT")
        await running
        await holder.execute("BEGIN")  # For `hold` to end.

    assert states_of(recordings) == ["40001"]
    assert await ledger.requests() == ["open", "r"]


async def test_waiting_for_a_wallet_that_nobody_changes_is_none(
    start_executor: StartExecutor, ledger: Ledger, recordings: Recordings
) -> None:
    caller = Caller(await start_executor())
    await caller.open()

    async with ledger.hold():
        running = caller.start("r", credit())
        await ledger.wait_until_blocked()
    await running

    assert states_of(recordings) == []


async def test_a_wallet_that_moved_since_it_was_loaded_is_a_conflict(
    start_executor: StartExecutor, ledger: Ledger, recordings: Recordings
) -> None:
    one, other = Caller(await start_executor()), Caller(await start_executor())
    await one.open(balance=100)

    async def take_it_all() -> None:
        await other.send("other", credit(-100))

    recordings.actions.append(take_it_all)
    (outcome,) = await outcomes([one.send("bet", authorize("b1", 100))])

    assert states_of(recordings) == ["22012"]
    assert isinstance(outcome, RefusedError)  # Decided anew: the money is gone.
    assert isinstance(outcome.refusal, InsufficientFunds)
    assert await ledger.requests() == ["open", "fund", "other", "bet"]
    assert await ledger.differences() == []


async def test_a_player_who_is_blocked_since_the_wallet_was_loaded_places_no_bet(
    start_executor: StartExecutor,
    database: Database,
    ledger: Ledger,
    recordings: Recordings,
) -> None:
    caller = Caller(await start_executor())
    await caller.open(balance=100)

    async def block() -> None:
        await ledger.connection.execute("UPDATE players SET status = 'BET_BLOCKED', revision = 1")

    recordings.actions.append(block)
    (outcome,) = await outcomes([caller.send("bet", authorize("b1"))])

    assert states_of(recordings) == ["22012"]
    assert isinstance(outcome, RefusedError)
    assert isinstance(outcome.refusal, AccountBetBlocked)


@asynccontextmanager
async def batches_wait_at_commit(database: Database) -> AsyncGenerator[Connection]:
    """Has batches wait at COMMIT until the connection gives up its lock."""
    await database.tamper(WAIT_AT_COMMIT)
    gate = await database.connect(Role.OWNER)
    await gate.execute(f"SELECT pg_advisory_lock({AT_COMMIT})")
    try:
        yield gate
    finally:
        await gate.execute("SELECT pg_advisory_unlock_all()")


@pytest.mark.parametrize("read", ["tenants", "players"])
async def test_a_write_skew_is_found_at_commit_and_the_batch_runs_again(
    start_executor: StartExecutor,
    database: Database,
    ledger: Ledger,
    recordings: Recordings,
    read: str,
) -> None:
    """The other transaction reads what the batch writes, and writes what the batch reads."""
    caller = Caller(await start_executor(EngineSettings(lanes_count=1)))
    await caller.open()
    other = await database.connect_superuser()
    place = locate(WALLET)

    async with batches_wait_at_commit(database) as gate:
        await other.execute("BEGIN ISOLATION LEVEL SERIALIZABLE")
        await other.fetch(
            "SELECT sequence FROM wallets WHERE shard = $1 AND wallet_id = $2",
            place.shard,
            place.wallet_id,
        )
        await touch(other, read)
        running = caller.start("r", credit())
        await ledger.wait_until_blocked()  # All is written, and nothing is committed.
        await other.execute("COMMIT")
        await gate.execute("SELECT pg_advisory_unlock_all()")
        answer = await running

    (error,) = recordings.errors
    assert isinstance(error, asyncpg.SerializationError)
    assert "during commit attempt" in (error.detail or "")
    assert not answer.replayed
    assert await ledger.requests() == ["open", "r"]
    assert await ledger.entries_count("r") == 1
    assert await ledger.differences() == []


async def test_attempts_are_bounded_and_end_in_contention(
    start_executor: StartExecutor, ledger: Ledger, recordings: Recordings
) -> None:
    settings = EngineSettings(
        lanes_count=1,
        attempts_max=3,
        retry_delay_seconds=0.0001,
        contended_wallet_locks=False,  # Or the other would wait for its turn.
    )
    one, other = Caller(await start_executor(settings)), Caller(await start_executor(settings))
    await one.open()
    recordings.count = 0
    overtaken = 0

    async def be_overtaken() -> None:
        nonlocal overtaken
        overtaken += 1
        await other.send(f"other-{overtaken}", credit())

    # An action runs its own recording, which takes one from the list, too.
    async def nothing() -> None:
        return

    recordings.actions += [be_overtaken, nothing] * 3
    with pytest.raises(ContentionError):
        await one.send("r", credit())

    assert overtaken == settings.attempts_max
    assert await ledger.requests() == ["open", "other-1", "other-2", "other-3"]
    answer = await one.send("r", credit())  # Safe to send again, as the fault says.
    assert not answer.replayed


async def test_a_wallet_that_nobody_lets_go_of_keeps_callers_waiting_for_a_bounded_time(
    start_executor: StartExecutor, ledger: Ledger
) -> None:
    settings = EngineSettings(lanes_count=1, attempts_max=2, statement_timeout_seconds=0.5)
    caller = Caller(await start_executor(settings))
    await caller.open()

    async with ledger.hold():
        with pytest.raises(ContentionError):
            await caller.send("r", credit())

    assert await ledger.requests() == ["open"]


async def test_no_attempt_begins_after_the_batchs_time(
    start_executor: StartExecutor, ledger: Ledger, recordings: Recordings
) -> None:
    settings = EngineSettings(lanes_count=1, batch_seconds_max=0.1, statement_timeout_seconds=0.5)
    caller = Caller(await start_executor(settings))
    await caller.open()
    recordings.count = 0

    async with ledger.hold():
        with pytest.raises(ContentionError):
            await caller.send("r", credit())

    assert recordings.count == 1


async def test_opening_wallets_conflicts_with_nobody_elses_commands(
    start_executor: StartExecutor, ledger: Ledger
) -> None:
    one, other = await start_executor(), await start_executor()
    callers = [Caller(one), Caller(other)]
    wallets = wallets_of(120)

    async def play(number: int) -> None:
        caller, wallet = callers[number % 2], wallets[number]
        await caller.send("open", OpenWallet(), wallet)
        await caller.send("fund", credit(100), wallet)
        await caller.send("bet", authorize("b1"), wallet)

    await asyncio.gather(*(play(number) for number in range(len(wallets))))

    assert await ledger.differences() == []
