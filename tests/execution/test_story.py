"""However a wallet's life is cut into batches, it comes to the same, and costs few statements."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from random import Random

import pytest

from tests.database import Database
from tests.execution.conftest import Recordings, StartExecutor
from tests.execution.ledger import Ledger
from tests.execution.story import ACTS, DAYS_BETWEEN, REQUESTS, STORY, Clock, tell
from tests.execution.vocabulary import Caller, outcomes, wallet_of, wallets_of
from wallet_server.core.commands import Command
from wallet_server.core.ids import WalletRef, locate
from wallet_server.execution.executor import Executor
from wallet_server.execution.settings import EngineSettings
from wallet_server.storage.load_statement import LOAD
from wallet_server.storage.record_statement import RECORD, RECORD_USUAL

LARGE_BATCHES = EngineSettings(lanes_count=1, batch_commands_max=4096)
TABLES = ("wallets", "bets", "wallet_items", "answers", "entries")

LOADS_MAX = 5
"""How many steps loading takes at most: what commands name, and what that names in its turn."""

Batch = Sequence[tuple[str, Command]]


def cut(sizes: Iterator[int]) -> list[list[Batch]]:
    """Returns the acts of the story, each in batches of these sizes."""
    requests = iter(REQUESTS)
    acts: list[list[Batch]] = []
    for act in ACTS:
        named = [(next(requests), command) for command in act]
        bounds = [0]
        while bounds[-1] < len(named):
            bounds.append(min(len(named), bounds[-1] + next(sizes)))
        acts.append([named[first:last] for first, last in pairwise(bounds)])
    return acts


def sizes_of(seed: int | None) -> Iterator[int]:
    """Yields how many commands the next batch has: all that there are, or some."""
    random = Random(seed)
    while True:
        yield len(STORY) if seed is None else random.randint(1, 30)


async def send_batch(executor: Executor, batch: Batch, wallets: Sequence[WalletRef]) -> None:
    """Sends the same commands to wallets, all at once."""
    caller = Caller(executor)
    await outcomes(
        [caller.start(*each, wallet) for each in batch for wallet in wallets],
    )


ROW = "to_jsonb(t) - 'shard' - 'wallet_id' - 'player_id'"
WALLET_ROW = f"""{ROW} - 'accounts' - 'balances' - 'debt_assets' - 'debts' - 'outbox_time'
    || jsonb_build_object('held', jsonb_object(accounts, balances::text[]))
    || jsonb_build_object('owed', jsonb_object(debt_assets, debts::text[]))"""
"""In what order a wallet's row names its accounts does not matter, nor what orders batches."""


async def rows_of(database: Database, wallet: WalletRef) -> dict[str, list[str]]:
    """Returns all that is recorded of a wallet, without what it is called."""
    connection = await database.connect()
    place = locate(wallet)
    rows: dict[str, list[str]] = {}
    for table in TABLES:
        said = WALLET_ROW if table == "wallets" else ROW
        found = await connection.fetch(
            f"SELECT ({said})::text AS said FROM {table} AS t"
            " WHERE (shard, wallet_id) = ($1, $2) ORDER BY 1",
            place.shard,
            place.wallet_id,
        )
        rows[table] = [row["said"] for row in found]
    return rows


@pytest.mark.parametrize("seed", [None, 1, 2])
async def test_a_story_in_batches_is_the_story_told_command_by_command(
    start_executor: StartExecutor,
    database: Database,
    ledger: Ledger,
    recordings: Recordings,
    seed: int | None,
) -> None:
    one_by_one, in_batches = wallet_of("one-by-one"), wallet_of("in-batches")
    clock = Clock()
    await tell(await start_executor(now=clock), one_by_one, clock)
    recordings.sizes.clear()

    clock = Clock()
    executor = await start_executor(LARGE_BATCHES, now=clock)
    acts = cut(sizes_of(seed))
    for number, batches in enumerate(acts):
        clock.wait(days=DAYS_BETWEEN if number else 0)
        for batch in batches:
            await send_batch(executor, batch, [in_batches])

    assert recordings.sizes == [len(batch) for batches in acts for batch in batches]
    assert await rows_of(database, in_batches) == await rows_of(database, one_by_one)
    assert await ledger.differences() == []


async def test_batches_of_all_commands_take_as_many_statements_for_twenty_wallets_as_for_one(
    start_executor: StartExecutor, ledger: Ledger, recordings: Recordings, statements: list[str]
) -> None:
    taken: list[list[list[str]]] = []
    for wallets in ([wallet_of("single")], wallets_of(20)):
        clock = Clock()
        executor = await start_executor(LARGE_BATCHES, now=clock)
        by_batch: list[list[str]] = []
        for number, batches in enumerate(cut(sizes_of(3))):
            clock.wait(days=DAYS_BETWEEN if number else 0)
            for batch in batches:
                statements.clear()
                recordings.sizes.clear()
                await send_batch(executor, batch, wallets)
                assert recordings.sizes == [len(batch) * len(wallets)]
                by_batch.append(list(statements))
        taken.append(by_batch)

    assert taken[0] == taken[1]
    assert max(each.count(LOAD.sql) for each in taken[1]) in range(3, LOADS_MAX + 1)
    records = [each.count(RECORD.sql) + each.count(RECORD_USUAL.sql) for each in taken[1]]
    assert set(records) == {1}
    assert all(len(each) <= LOADS_MAX + 2 for each in taken[1][1:])  # Terms may be new.
    assert await ledger.differences() == []
