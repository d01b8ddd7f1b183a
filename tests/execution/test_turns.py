"""Turns at wallets: waiting for them, and giving them up whatever happens."""

import asyncio

import asyncpg
import pytest

from tests.database import Database
from tests.execution.conftest import Recordings, StartExecutor, now
from tests.execution.ledger import Ledger, wait_until
from tests.execution.vocabulary import ONE_LANE, WALLET, Caller, credit, outcomes, wallet_of
from wallet_server.core.wallet import Wallet
from wallet_server.execution import wallet_turns
from wallet_server.execution.contention import Meetings, moved, turn_keys
from wallet_server.execution.executor import Executor
from wallet_server.execution.settings import EngineSettings
from wallet_server.execution.submission import Answered


def remember(server: Executor) -> None:
    """Lets a server think that it has just met others."""
    now_seconds = asyncio.get_running_loop().time()
    for runner in server._runners:
        runner._turns._meetings.note(now_seconds)


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


async def come_while_waiting(
    server: Executor, database: Database, ledger: Ledger
) -> list["asyncio.Task[Answered]"]:
    """Has a command wait for the turn at its wallet, and five more come; then it has its turn."""
    await Caller(server).open(WALLET, wallet_of("other"))
    remember(server)
    holder = await database.connect()
    await holder.execute("SELECT pg_advisory_lock($1)", *turn_keys([WALLET]))
    came = [Caller(server).start("r0", credit())]
    await ledger.wait_until_blocked()
    came += [Caller(server).start(f"r{number}", credit()) for number in (1, 2)]
    came.append(Caller(server).start("elsewhere", credit(), wallet_of("other")))
    came += [Caller(server).start(f"r{number}", credit()) for number in (3, 4)]
    await asyncio.sleep(0)  # Lets them into the queue; a sleep of none is no guess.
    await holder.execute("SELECT pg_advisory_unlock_all()")
    return came


async def test_who_comes_to_the_wallet_while_a_batch_waits_for_its_turn_runs_with_it(
    start_executor: StartExecutor, database: Database, ledger: Ledger, recordings: Recordings
) -> None:
    came = await come_while_waiting(await start_executor(ONE_LANE), database, ledger)

    await asyncio.gather(*came)

    assert recordings.sizes[-2:] == [5, 1]
    assert await ledger.requests() == ["open", "r0", "r1", "r2", "r3", "r4"]
    assert await ledger.advisory_locks_count() == 0
    assert await ledger.differences() == []


async def test_who_joins_a_batch_that_waited_makes_it_no_larger_than_it_may_be(
    start_executor: StartExecutor, database: Database, ledger: Ledger, recordings: Recordings
) -> None:
    settings = EngineSettings(lanes_count=1, batch_commands_max=3)
    came = await come_while_waiting(await start_executor(settings), database, ledger)

    await asyncio.gather(*came)

    assert recordings.sizes[-2:] == [3, 3]
    assert await ledger.requests() == ["open", "r0", "r1", "r2", "r3", "r4"]


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

    monkeypatch.setattr(wallet_turns, "give_up_turns", give_up_turns)
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
