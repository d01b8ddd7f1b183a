"""Databases full of copies, what servers say, and processes that must not be left behind."""

import os
import select
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from tests.benchmarks.surroundings import leash
from tests.benchmarks.surroundings.databases import Databases
from tests.benchmarks.surroundings.pgbench import PgbenchError, PgbenchResult, read_result
from tests.benchmarks.surroundings.seeding import BASE, RICH, make_template, prepare_base
from tests.benchmarks.surroundings.verifying import UnsoundError, check, run_verification
from tests.benchmarks.surroundings.wallet_servers import added_up
from tests.benchmarks.surroundings.workers import Worker
from tests.benchmarks.traffic import Funding
from wallet_server.embedded.postgres import EmbeddedPostgres

PATIENCE_SECONDS = 30

COUNT = """
    SELECT (SELECT count(*) FROM wallets), (SELECT count(*) FROM entries),
        (SELECT count(*) FROM bets)
"""


@pytest.fixture(scope="module")
async def based(postgres: EmbeddedPostgres) -> AsyncIterator[Databases]:
    """Databases of which there is the one that templates are copied from, and seeded."""
    made = Databases(postgres)
    await prepare_base(made, rich_bets=3)
    yield made
    await made.drop(BASE)


@pytest.fixture
async def databases(based: Databases) -> AsyncIterator[Databases]:
    """The same, without the templates of other tests."""
    yield based
    for name in (f"bench_{RICH}", f"bench_{Funding.THREE}"):
        await based.drop(name)


@pytest.fixture(scope="module")
def verifiers() -> Iterator[list[Worker[Any, Any]]]:
    workers = [Worker(run_verification), Worker(run_verification)]
    yield workers
    for worker in workers:
        worker.stop()


@pytest.mark.parametrize(("kind", "entries", "bets"), [(Funding.THREE, 3, 0), (RICH, 7, 3)])
async def test_copies_are_as_sound_as_what_they_are_copies_of(
    databases: Databases, verifiers: list[Worker[Any, Any]], kind: str, entries: int, bets: int
) -> None:
    async with databases.connect(BASE) as connection:
        before = await connection.fetchrow(COUNT)
    name = await make_template(databases, kind, 25)

    async with databases.connect(name) as connection:
        after = await connection.fetchrow(COUNT)

    assert before is not None
    assert after is not None
    added = [now - then for now, then in zip(after, before, strict=True)]
    assert added == [25, 25 * entries, 25 * bets]
    await check(databases, name, verifiers)


async def test_books_that_are_wrong_make_a_run_count_for_nothing(
    databases: Databases, verifiers: list[Worker[Any, Any]]
) -> None:
    name = await make_template(databases, RICH, 25)
    async with databases.connect(name) as connection:
        await connection.execute(
            "UPDATE wallets SET balances[1] = balances[1] + 1 WHERE player_id = 'player-7'"
        )

    with pytest.raises(UnsoundError, match="player-7"):
        await check(databases, name, verifiers)


async def test_rows_of_no_wallet_make_a_run_count_for_nothing(
    databases: Databases, verifiers: list[Worker[Any, Any]]
) -> None:
    name = await make_template(databases, RICH, 25)
    async with databases.connect(name) as connection:
        await connection.execute("DELETE FROM wallets WHERE player_id = 'player-7'")

    with pytest.raises(UnsoundError, match="no wallet"):
        await check(databases, name, verifiers)


def test_what_all_workers_counted_is_added_up() -> None:
    counts = [
        {"message": "drained", "batches": 2, "commands": 5, "troubles": {"40001": 1}},
        {"message": "drained", "batches": 3, "commands": 7, "troubles": {"40001": 2, "x": 1}},
    ]

    assert added_up(counts) == {"batches": 5, "commands": 12, "troubles": {"40001": 3, "x": 1}}


def test_pgbench_is_read() -> None:
    said = "latency average = 4.250 ms\ninitial connection time = 20 ms\ntps = 3764.705 (without)\n"

    assert read_result(said) == PgbenchResult(3764.705, 0.00425)
    with pytest.raises(PgbenchError):
        read_result("pgbench: error")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has such a leash")
def test_a_process_on_the_leash_ends_with_whoever_started_it() -> None:
    sleeper = "import time; print('up', flush=True); time.sleep(600)"
    parent = f"""
import subprocess, sys
child = subprocess.Popen(
    [sys.executable, {leash.__file__!r}, sys.executable, "-c", {sleeper!r}], stdout=subprocess.PIPE
)
assert child.stdout.readline() == b"up\\n"
print(child.pid, flush=True)
input()
"""
    with subprocess.Popen(
        [sys.executable, "-c", parent], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        pid = int(process.stdout.readline())
        process.kill()
        process.wait()

    wait_until_gone(pid)


def wait_until_gone(pid: int) -> None:
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    ended = select.poll()
    ended.register(descriptor, select.POLLIN)
    found = ended.poll(PATIENCE_SECONDS * 1_000)
    os.close(descriptor)
    assert found
