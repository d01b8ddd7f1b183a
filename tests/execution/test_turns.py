"""Turns at wallets: waiting for them, and giving them up whatever happens."""

import asyncio

import asyncpg
import pytest

from tests.database import Database
from tests.execution.conftest import Recordings, StartExecutor, now
from tests.execution.ledger import Ledger, wait_until
from tests.execution.vocabulary import ONE_LANE, WALLET, Caller, credit, outcomes, wallet_of
from wallet_server.core.wallet import Wallet
from wallet_server.execution import batch_runner
from wallet_server.execution.contention import Meetings, moved, turn_keys
from wallet_server.execution.executor import Executor
from wallet_server.execution.settings import EngineSettings


def remember(server: Executor) -> None:
    """Lets a server think that it has just met others."""
    now_seconds = asyncio.get_running_loop().time()
    for runner in server._runners:
        runner._meetings.note(now_seconds)


async def test_a_turn_is_waited_for_before_the_wallet_is_loaded(
    start_executor: StartExecutor, database: Database, ledger: Ledger, recordings: Recordings
) -> None:
    server = await start_executor(ONE_LANE)
    await Caller(server).open()
    remember(server)
    recordings.count = 0
    holder = await database.connect()
    await holder.execute("SELECT pg_advisory_lock($1)", *turn_keys([WALLET]))

    running = Caller(server).start("r", credit())
    await ledger.wait_until_blocked()
    assert recordings.count == 0
    await holder.execute("SELECT pg_advisory_unlock_all()")
    await running

    assert recordings.errors == []
    assert await ledger.advisory_locks_count() == 0


async def test_turns_end_when_a_command_fails(
    start_executor: StartExecutor, database: Database, ledger: Ledger
) -> None:
    server = await start_executor(ONE_LANE)
    await Caller(server).open()
    remember(server)
    await database.tamper(
        "ALTER TABLE entries ADD CONSTRAINT poison CHECK (correlation_id <> 'poison')"
    )

    (failed,) = await outcomes([Caller(server).send("r", credit(), correlation_id="poison")])

    assert isinstance(failed, asyncpg.CheckViolationError)
    assert await ledger.advisory_locks_count() == 0


async def test_turns_end_when_waiting_for_the_last_of_them_takes_too_long(
    start_executor: StartExecutor, database: Database, ledger: Ledger
) -> None:
    settings = EngineSettings(lanes_count=1, attempts_max=1, statement_timeout_seconds=0.5)
    caller = Caller(await start_executor(settings))
    first, last = sorted([WALLET, wallet_of("other")], key=lambda ref: turn_keys([ref]))
    await caller.open(first, last)
    remember(caller.executor)
    plug = wallet_of("plug")
    await caller.open(plug)
    holder = await database.connect()
    await holder.execute("SELECT pg_advisory_lock($1)", *turn_keys([last]))

    async with ledger.hold(plug):
        running = caller.start("plug", credit(), plug)
        both = [caller.start("r", credit(), wallet) for wallet in (first, last)]
        await asyncio.sleep(0)
    await outcomes([running, *both])

    assert await ledger.advisory_locks_count() == 1  # The holder's own.


async def test_a_connection_that_cannot_end_its_turns_is_closed_which_ends_them(
    start_executor: StartExecutor, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = await start_executor(ONE_LANE)
    await Caller(server).open()
    remember(server)
    calls = 0

    async def give_up_turns(_connection: object) -> None:
        nonlocal calls
        calls += 1
        raise OSError

    monkeypatch.setattr(batch_runner, "give_up_turns", give_up_turns)
    await Caller(server).send("r", credit())

    async def are_ended() -> bool:
        return await ledger.advisory_locks_count() == 0

    assert calls == 1
    await wait_until(are_ended)
    monkeypatch.undo()
    await Caller(server).send("again", credit())
    assert await ledger.requests() == ["open", "r", "again"]


def test_a_meeting_is_forgotten_after_a_while() -> None:
    meetings = Meetings(memory_seconds=10)
    assert not meetings.are_recent(0)

    meetings.note(100)

    assert meetings.are_recent(109)
    assert not meetings.are_recent(110)


def test_all_servers_take_turns_in_one_order() -> None:
    wallets = [wallet_of(str(number)) for number in range(50)]

    assert turn_keys(wallets) == turn_keys(reversed(wallets)) == sorted(turn_keys(wallets))


def test_a_wallet_has_moved_if_it_is_new_or_has_another_sequence() -> None:
    time = now()
    one, two, new = (
        Wallet(wallet_of(name), sequence=1, create_time=time, update_time=time)
        for name in ("one", "two", "new")
    )
    two_later = Wallet(two.ref, sequence=2, create_time=time, update_time=time)

    before = {one.ref: one, two.ref: two}
    after = {one.ref: one, two.ref: two_later, new.ref: new}

    assert moved(before, after) == [two.ref, new.ref]
