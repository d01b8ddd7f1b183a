"""`python -m tests.benchmarks.following`: what it costs to follow the path of commands.

Bets are taken and settled by the engine, and nobody follows meanwhile. Then their events get
positions, as many batches at a time as there are under load, and are counted in statements, each on
one connection. What counts is the processor time of that connection's Postgres process, and of this
one, an event. It ends by itself, within a minute, or within some seconds with QUICK=1.
"""

import argparse
import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.benchmarks.sealing import (
    MICROSECONDS,
    NAME,
    ON_DISK,
    TENANT,
    fund,
    open_database,
    play,
    processor_seconds,
)
from tests.benchmarks.surroundings.databases import Databases, start_postgres
from wallet_server.core.ids import WalletRef
from wallet_server.execution.lease import Lease
from wallet_server.execution.sequencing.background import SEQUENCING_LEASE
from wallet_server.execution.sequencing.sequencer import Sequencer
from wallet_server.execution.statements.keeper import StatementKeeper
from wallet_server.execution.statements.settings import StatementSettings

LEASE_SECONDS = 3_600
WALLETS_COUNT = 5_000
BATCHES_AT_ONCE = 2
"""How many batches, of 64 commands each, are given positions at once."""

PURPOSES = {"positions": "wallet-server-sequencing", "statements": "wallet-server-statements"}
"""By what the database tells their connections apart."""

PID = "SELECT pid FROM pg_stat_activity WHERE application_name = $1"

Follow = Callable[[], Awaitable[int]]
"""Does the next piece of work. Returns how many events it was; none if nothing waits."""


@dataclass(frozen=True, slots=True)
class Followed:
    """What it took to follow so many events. Times are in seconds."""

    events: int
    wall_seconds: float
    postgres_seconds: float
    own_seconds: float


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.following")
    parser.add_argument("--folder", type=Path, default=ON_DISK)
    options, _ = parser.parse_known_args()
    batches, rounds = (20, 3) if os.environ.get("QUICK") else (128, 5)
    with start_postgres(options.folder) as databases:
        found = asyncio.run(measure(databases, batches, rounds))
    print(table_of(found))


async def measure(
    databases: Databases, batches_count: int, rounds: int
) -> dict[str, list[Followed]]:
    """Lets the engine record, and follows that, so often."""
    found: dict[str, list[Followed]] = {"positions": [], "statements": []}
    async with open_database(databases) as (engine, executor):
        lease = Lease(engine, SEQUENCING_LEASE, seconds=LEASE_SECONDS)
        assert await lease.take()
        sequencer = Sequencer(databases.url(NAME), lease, batches_max=BATCHES_AT_ONCE)
        keeper = StatementKeeper(databases.url(NAME), StatementSettings())

        async def take() -> int:
            taken, _ = await sequencer.take()
            return taken.events_count

        async def count() -> int:
            return await keeper.step(TENANT)

        wallets = [WalletRef(TENANT, f"p{number}", "EUR") for number in range(WALLETS_COUNT)]
        await fund(executor, wallets)
        while (
            await take() or await keeper.tenants_behind()
        ):  # What there was before is not followed.
            await count()
        for number in range(rounds):
            await play(executor, wallets, number, batches_count)
            for name, work in (("positions", take), ("statements", count)):
                found[name].append(await follow(databases, PURPOSES[name], work))
        sequencer.close_now()
        keeper.close_now()
    return found


async def follow(databases: Databases, application: str, work: Follow) -> Followed:
    """Works until nothing waits, and takes the time of that."""
    async with databases.connect(NAME) as connection:
        pid: int = await connection.fetchval(PID, application)
    began, postgres, own = time.perf_counter(), processor_seconds(pid), time.process_time()
    events = 0
    while count := await work():
        events += count
    return Followed(
        events,
        time.perf_counter() - began,
        processor_seconds(pid) - postgres,
        time.process_time() - own,
    )


def table_of(found: Mapping[str, Sequence[Followed]]) -> str:
    """Returns the medians of the rounds."""
    lines = ["| | events/s | Postgres µs | server µs |", "| --- | --- | --- | --- |"]
    for name, rounds in found.items():
        values = (
            median(each.events / each.wall_seconds for each in rounds),
            median(each.postgres_seconds * MICROSECONDS / each.events for each in rounds),
            median(each.own_seconds * MICROSECONDS / each.events for each in rounds),
        )
        lines.append(f"| {name} | " + " | ".join(f"{value:,.1f}" for value in values) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
