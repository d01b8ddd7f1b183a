"""`python -m tests.benchmarks.sealing`: how fast what was recorded is sealed, and at what cost.

Bets are taken and settled by the engine, in batches as there are under load, and nothing is sealed
meanwhile. Then a sealer makes all blocks, one after another, in one connection. What counts is the
processor time of that connection's Postgres process and of this one: both are the sealer's alone.
It ends by itself, within a minute or two, or within some seconds with QUICK=1.
"""

import argparse
import asyncio
import os
import random
import tempfile
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.benchmarks.surroundings.databases import Databases, start_postgres
from wallet_server.core.commands import (
    Amount,
    ApproveDeposit,
    AuthorizeBet,
    Command,
    OpenWallet,
    SettleBet,
)
from wallet_server.core.ids import BetKey, WalletRef
from wallet_server.embedded.roles import Role
from wallet_server.execution.activation import apply_documents
from wallet_server.execution.configuration_cache import ConfigurationCache
from wallet_server.execution.executor import Executor
from wallet_server.execution.sealing.keys import SigningKey, load_signing_key, make_key_pair
from wallet_server.execution.sealing.sealer import Sealer
from wallet_server.execution.settings import EngineSettings
from wallet_server.execution.submission import Submission
from wallet_server.shapes import load_shape
from wallet_server.storage.engine import create_engine
from wallet_server.storage.migrating import migrate

TENANT = "bench"
NAME = "sealing"
ON_DISK = Path("/var/tmp")  # noqa: S108 - unlike /tmp it is never in memory; folders in it are private.
COMMITS_MAX = 256
"""As shipped: see `sealing_commits_max`."""

PAIRS_AT_ONCE = 64
"""Bets that are taken together, and then settled together: a batch of each."""

ALL_MONEY = Amount("EUR", 1_000_000)
STAKE, PAYOUT = Amount("EUR", 10), Amount("EUR", 20)
MICROSECONDS = 1_000_000

WAITING = sa.text("""
SELECT (SELECT count(*) FROM commits), (
    SELECT coalesce(sum((r ->> 3)::bigint - (r ->> 2)::bigint + 1), 0)::bigint
    FROM commits CROSS JOIN json_array_elements(document -> 'wallets') AS k (r)
)
""")


@dataclass(frozen=True, slots=True)
class Sealed:
    """What was sealed in one round, and what it took. Times are in seconds."""

    commits: int
    commands: int
    entries: int
    wall_seconds: float
    postgres_seconds: float
    own_seconds: float


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.sealing")
    parser.add_argument("--folder", type=Path, default=ON_DISK)
    options, _ = parser.parse_known_args()
    wallets, batches, rounds = (200, 20, 3) if os.environ.get("QUICK") else (5_000, 256, 5)
    with start_postgres(options.folder) as databases:
        found = asyncio.run(measure(databases, wallets, batches, rounds))
    print(table_of(found))


async def measure(
    databases: Databases, wallets_count: int, batches_count: int, rounds: int
) -> list[Sealed]:
    """Lets the engine record, and seals that, so often."""
    key = new_key()
    async with open_database(databases) as (engine, executor):
        sealer = Sealer(engine, key, lambda: datetime.now(UTC), commits_max=COMMITS_MAX)
        wallets = [WalletRef(TENANT, f"p{number}", "EUR") for number in range(wallets_count)]
        await fund(executor, wallets)
        await seal_all(engine, sealer)
        found: list[Sealed] = []
        for number in range(rounds):
            await play(executor, wallets, number, batches_count)
            found.append(await seal_all(engine, sealer))
        return found


def new_key() -> SigningKey:
    """Returns a key that nobody else has."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "chain.pem"
        make_key_pair(path)
        return load_signing_key(path)


@asynccontextmanager
async def open_database(databases: Databases) -> AsyncGenerator[tuple[AsyncEngine, Executor]]:
    """Makes a tenant in the shape `ruby`, and an engine with one lane."""
    await databases.postgres.create_database(NAME)
    await migrate(databases.url(NAME, Role.OWNER))
    engine = create_engine(databases.url(NAME), connections_max=1)
    await apply_documents(engine, TENANT, load_shape("ruby"), datetime.now(UTC))
    executor = Executor(
        databases.url(NAME),
        ConfigurationCache(),
        EngineSettings(lanes_count=1),
        lambda: datetime.now(UTC),
    )
    await executor.start()
    yield engine, executor
    await executor.drain()
    await engine.dispose()
    await databases.drop(NAME)


async def submit(executor: Executor, commands: Sequence[tuple[WalletRef, str, Command]]) -> None:
    """Has commands carried out in one batch. All must be."""
    for each in await executor.submit_all([Submission(*command) for command in commands]):
        if isinstance(each, Exception):
            raise each


async def fund(executor: Executor, wallets: Sequence[WalletRef]) -> None:
    """Opens wallets, and puts money into them."""
    for start in range(0, len(wallets), PAIRS_AT_ONCE):
        some = wallets[start : start + PAIRS_AT_ONCE]
        await submit(executor, [(each, "open", OpenWallet()) for each in some])
        deposit = ApproveDeposit("d1", "sports_normal", ALL_MONEY)
        await submit(executor, [(each, "deposit", deposit) for each in some])


async def play(
    executor: Executor, wallets: Sequence[WalletRef], number: int, batches_count: int
) -> None:
    """Takes bets at wallets drawn evenly, and settles them: half of them win."""
    draw = random.Random(number)
    for batch in range(batches_count // 2):
        drawn = draw.sample(wallets, PAIRS_AT_ONCE)
        named = [(each, f"{number}-{batch}-{place}") for place, each in enumerate(drawn)]
        bets = [(each, name, BetKey("acme-sports", name)) for each, name in named]
        await submit(executor, [(w, f"a{n}", AuthorizeBet(bet, STAKE)) for w, n, bet in bets])
        payouts = [PAYOUT if draw.random() < 0.5 else Amount("EUR", 0) for _ in bets]
        await submit(
            executor,
            [
                (wallet, f"s{name}", SettleBet(bet, 1, payout))
                for (wallet, name, bet), payout in zip(bets, payouts, strict=True)
            ],
        )


async def seal_all(engine: AsyncEngine, sealer: Sealer) -> Sealed:
    """Seals all that waits. The engine has one connection, so it is the one that is measured."""
    async with engine.connect() as connection:
        pid: int = (await connection.execute(sa.text("SELECT pg_backend_pid()"))).scalar_one()
        commits, commands = (await connection.execute(WAITING)).one()
    began, postgres, own = time.perf_counter(), processor_seconds(pid), time.process_time()
    entries, more = 0, True
    while more:
        block, more = await sealer.seal()
        entries += block.entries_count if block is not None else 0
    return Sealed(
        commits,
        commands,
        entries,
        time.perf_counter() - began,
        processor_seconds(pid) - postgres,
        time.process_time() - own,
    )


def processor_seconds(pid: int) -> float:
    """Returns what a process has used of the processors, the system's part included. Linux only."""
    text = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    fields = text.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def table_of(found: Sequence[Sealed]) -> str:
    """Returns the medians of the rounds."""
    rows = {
        "commands a commit": [each.commands / each.commits for each in found],
        "entries a command": [each.entries / each.commands for each in found],
        "entries/s": [each.entries / each.wall_seconds for each in found],
        "Postgres µs an entry": [
            each.postgres_seconds * MICROSECONDS / each.entries for each in found
        ],
        "server µs an entry": [each.own_seconds * MICROSECONDS / each.entries for each in found],
    }
    lines = ["| | Median | Rounds |", "| --- | --- | --- |"]
    lines += [
        f"| {name} | {median(values):,.1f} | {min(values):,.1f} to {max(values):,.1f} |"
        for name, values in rows.items()
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
