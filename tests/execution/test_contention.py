"""One wallet that several servers work on at once."""

import asyncio
import random
from collections.abc import Sequence

import pytest

from tests.execution.conftest import Recordings, StartExecutor
from tests.execution.ledger import Ledger
from tests.execution.vocabulary import ONE_LANE, Caller, credit, wallets_of
from wallet_server.core.commands import OpenWallet
from wallet_server.execution.executor import Executor
from wallet_server.execution.settings import EngineSettings
from wallet_server.execution.submission import Submission

COMMANDS_PER_CALLER = 25
CALLERS_PER_SERVER = 4


async def hammer(servers: Sequence[Executor], callers_count: int, commands_count: int) -> None:
    """Has callers of each server send one command after another to one wallet."""

    async def call(server: Executor, name: str) -> None:
        for number in range(commands_count):
            await Caller(server).send(f"{name}-{number}", credit())

    names = [(server, f"{i}-{j}") for i, server in enumerate(servers) for j in range(callers_count)]
    await asyncio.gather(*(call(server, name) for server, name in names))


def attempts_of(servers: Sequence[Executor]) -> tuple[int, int]:
    """Returns how many batches the servers ran, and how many attempts failed."""
    batches = sum(server.statistics.batches for server in servers)
    return batches, sum(server.statistics.troubles.total() for server in servers)


async def test_servers_take_turns_at_a_wallet(
    start_executor: StartExecutor, ledger: Ledger
) -> None:
    servers = [await start_executor(), await start_executor()]
    await Caller(servers[0]).open()

    await hammer(servers, CALLERS_PER_SERVER, COMMANDS_PER_CALLER)

    commands_count = len(servers) * CALLERS_PER_SERVER * COMMANDS_PER_CALLER
    assert len(await ledger.requests()) == 1 + commands_count  # And no number is left out.
    batches, failed = attempts_of(servers)
    assert failed <= 10 < batches, (batches, failed)  # A few, until both know of each other.
    assert await ledger.advisory_locks_count() == 0
    assert await ledger.differences() == []


async def test_servers_take_turns_at_many_wallets_at_once(
    start_executor: StartExecutor, ledger: Ledger
) -> None:
    """Batches that share several wallets, each in another order of arrival, never deadlock."""
    servers = [await start_executor(), await start_executor(), await start_executor()]
    wallets = wallets_of(8)
    await Caller(servers[0]).open(*wallets)

    async def call(number: int, server: Executor) -> None:
        generator = random.Random(number)
        for step in range(COMMANDS_PER_CALLER):
            await Caller(server).send(f"{number}-{step}", credit(), generator.choice(wallets))

    callers = enumerate(servers * CALLERS_PER_SERVER)
    await asyncio.gather(*(call(number, server) for number, server in callers))

    recorded = [len(await ledger.requests(wallet)) - 1 for wallet in wallets]
    assert sum(recorded) == len(servers) * CALLERS_PER_SERVER * COMMANDS_PER_CALLER
    batches, failed = attempts_of(servers)
    assert failed < batches, (batches, failed)
    assert await ledger.advisory_locks_count() == 0
    assert await ledger.differences() == []


async def test_whoever_wins_a_race_hears_of_the_loser(
    start_executor: StartExecutor, recordings: Recordings, statements: list[str]
) -> None:
    """Otherwise it would go on without turns, and win again and again."""
    loser, winner = await start_executor(ONE_LANE), await start_executor(ONE_LANE)
    await Caller(loser).open()

    async def overtake() -> None:
        await Caller(winner).send("first", credit())

    recordings.actions = [overtake]
    await Caller(loser).send("overtaken", credit())
    statements.clear()
    await Caller(winner).send("second", credit())

    assert sum("pg_advisory_lock" in statement for statement in statements) == 1


async def test_without_turns_nobody_is_told_of_races(
    start_executor: StartExecutor, recordings: Recordings, statements: list[str]
) -> None:
    settings = EngineSettings(lanes_count=1, contended_wallet_locks=False)
    loser, winner = await start_executor(settings), await start_executor(settings)
    await Caller(loser).open()

    async def overtake() -> None:
        await Caller(winner).send("first", credit())

    recordings.actions = [overtake]
    await Caller(loser).send("overtaken", credit())

    assert not any("contended_until =" in statement for statement in statements)


async def test_without_turns_servers_still_share_a_wallet(
    start_executor: StartExecutor, ledger: Ledger
) -> None:
    settings = EngineSettings(lanes_count=1, contended_wallet_locks=False, attempts_max=20)
    servers = [await start_executor(settings), await start_executor(settings)]
    await Caller(servers[0]).open()

    await hammer(servers, 2, 15)

    assert len(await ledger.requests()) == 1 + 2 * 2 * 15
    assert await ledger.differences() == []


async def test_a_wallet_of_one_server_takes_no_turns(
    start_executor: StartExecutor, statements: list[str]
) -> None:
    server = await start_executor()
    await Caller(server).open()

    await hammer([server], 4, 5)

    assert not any("advisory" in statement for statement in statements)


@pytest.mark.parametrize(("wallets_count", "turns_count"), [(3, 0), (4, 1)])
async def test_who_expects_peers_takes_turns_from_the_start(
    start_executor: StartExecutor, statements: list[str], wallets_count: int, turns_count: int
) -> None:
    server = await start_executor(EngineSettings(lanes_count=1, expects_peers=True))
    submissions = [
        Submission(wallet, f"open-{wallet.player_id}", OpenWallet())
        for wallet in wallets_of(wallets_count)
    ]

    await server.submit_all(submissions)

    assert sum("pg_try_advisory_lock" in statement for statement in statements) == turns_count


async def test_commands_at_busy_wallets_are_put_off_and_the_others_go_on(
    start_executor: StartExecutor, recordings: Recordings
) -> None:
    settings = EngineSettings(lanes_count=1, expects_peers=True)
    busy, other = await start_executor(settings), await start_executor(settings)
    wallets = wallets_of(7)
    await busy.submit_all([Submission(each, "open", OpenWallet()) for each in wallets])
    is_recording, may_record = asyncio.Event(), asyncio.Event()

    async def hold_up() -> None:
        is_recording.set()
        await may_record.wait()

    recordings.actions = [hold_up]
    first = asyncio.create_task(
        busy.submit_all([Submission(each, "first", credit()) for each in wallets[:4]])
    )
    await is_recording.wait()

    calls = {each: Caller(other, each) for each in (wallets[0], *wallets[4:])}
    second = {
        each: asyncio.create_task(caller.send("second", credit())) for each, caller in calls.items()
    }
    await asyncio.gather(*(second[each] for each in wallets[4:]))

    assert not second[wallets[0]].done()
    may_record.set()
    await asyncio.gather(first, second[wallets[0]])
    assert attempts_of([busy, other])[1] == 0
