"""`python -m tests.benchmarks.events`: what those who watch events cost those who bet.

One server process takes bets and settles them, as fast as its callers go on, by itself and with
many who watch: eighty single wallets, twenty types, five the whole tenant, and one who reads the
past from its beginning, again and again. The two are measured in turn; only their ratio means
anything. It ends by itself, within two minutes, or within a minute with QUICK=1.
"""

import argparse
import asyncio
import os
import statistics
import time
from array import array
from collections.abc import AsyncGenerator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.load.grpc_load import run_load
from tests.benchmarks.load.watchers import Heard, Watching, run_watchers
from tests.benchmarks.measuring import Round, measure
from tests.benchmarks.subjects import GrpcSubject
from tests.benchmarks.surroundings.databases import Databases, start_postgres
from tests.benchmarks.surroundings.machine import children_of, processor_seconds
from tests.benchmarks.surroundings.proofs import make_proofs
from tests.benchmarks.surroundings.seeding import make_template, prepare_base
from tests.benchmarks.surroundings.wallet_servers import start_servers
from tests.benchmarks.surroundings.workers import Worker
from tests.benchmarks.traffic import Crowd, Funding
from tests.benchmarks.work import Samples, Script, Work

ON_DISK = Path("/var/tmp")  # noqa: S108 - unlike /tmp it is never in memory; folders in it are private.

WALLET_COUNT = 2_000
CALLERS = 64
CONNECTIONS = 8
GENERATORS_COUNT = 2
SETTLING_SECONDS = 1.5
"""Before it counts: until all who watch are there."""

FIRST_SECONDS = 6.0

WALLETS_WATCHED, TYPES_WATCHED, TENANTS_WATCHED = 80, 20, 5
RATIO_MIN = 0.9


@dataclass(slots=True)
class Result:
    """What was measured: rounds without and with those who watch, and what these heard."""

    alone: list[Round] = field(default_factory=list[Round])
    watched: list[Round] = field(default_factory=list[Round])
    heard: list[Heard] = field(default_factory=list[Heard])
    reading_seconds: list[float] = field(default_factory=list[float])

    @property
    def ratios(self) -> list[float]:
        """Of commands a second, round by round."""
        pairs = zip(self.watched, self.alone, strict=True)
        return [each.commands_per_second / alone.commands_per_second for each, alone in pairs]


@dataclass(slots=True)
class WatchedSubject(GrpcSubject):
    """A server that is watched while it works."""

    watchers: "Worker[tuple[object, Watching], Heard] | None" = None
    heard: list[Heard] = field(default_factory=list[Heard])
    reading_seconds: list[float] = field(default_factory=list[float])
    """What the process that reads events used of the processor, round by round."""

    async def run(self, label: str, begin: float, end: float) -> Samples:
        """Lets callers and watchers loose."""
        assert self.watchers is not None
        watching = Watching(WALLETS_WATCHED, TYPES_WATCHED, TENANTS_WATCHED, begin, end)
        # Without arguments `super` does not find its class in one with slots.
        betting = GrpcSubject.run(self, label, begin, end)
        samples, heard, reading_seconds = await asyncio.gather(
            betting, self.watchers.do((self.way, watching)), self._reading(begin, end)
        )
        self.heard.append(heard)
        self.reading_seconds.append(reading_seconds)
        return samples

    async def _reading(self, begin: float, end: float) -> float:
        """Returns what the process that reads events uses of the processor meanwhile."""
        await asyncio.sleep(begin - time.monotonic())
        [pid] = children_of(self.server_pids[0])
        before_seconds = processor_seconds(pid)
        await asyncio.sleep(end - time.monotonic())
        return processor_seconds(pid) - before_seconds


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.events")
    parser.add_argument("--folder", type=Path, default=ON_DISK)
    options, _ = parser.parse_known_args()
    rounds, seconds = (3, 2.0) if os.environ.get("QUICK") else (7, 4.0)
    with start_postgres(options.folder) as databases:
        print(table_of(asyncio.run(run(databases, rounds, seconds))))


async def run(databases: Databases, rounds: int, seconds: float) -> Result:
    """Measures so many rounds of so long, each with and without those who watch."""
    result = Result()
    async with open_subjects(databases) as (alone, watched):
        for subject in (alone, watched):  # The first time everything takes longer.
            await measure(databases, subject, label="first", seconds=FIRST_SECONDS)
        watched.heard.clear()
        watched.reading_seconds.clear()
        for number in range(rounds):
            for subject in (alone, watched) if number % 2 else (watched, alone):
                one = await measure(databases, subject, label=f"e{number}", seconds=seconds)
                (result.watched if subject is watched else result.alone).append(one)
        result.heard, result.reading_seconds = watched.heard, watched.reading_seconds
    return result


@asynccontextmanager
async def open_subjects(
    databases: Databases,
) -> AsyncGenerator[tuple[GrpcSubject, WatchedSubject]]:
    """Runs a server on a database full of wallets, and those who call it."""
    work = Work(
        script=Script.BETS,
        crowd=Crowd(WALLET_COUNT),
        callers=CALLERS,
        connections=CONNECTIONS,
        warm_up_seconds=SETTLING_SECONDS,
    )
    await prepare_base(databases, rich_bets=0)
    database = await databases.copy(await make_template(databases, Funding.ONE, WALLET_COUNT))
    with ExitStack() as stack:
        proof = make_proofs(Path(stack.enter_context(TemporaryDirectory()))).token
        generators = [Worker(run_load) for _ in range(GENERATORS_COUNT)]
        watchers = Worker(run_watchers)
        for worker in (*generators, watchers):
            stack.callback(worker.stop)
        async with start_servers(databases.url(database), 1, proof.settings) as servers:
            way = replace(proof.way, target=servers.target)
            alone = GrpcSubject("alone", work, way, servers.pids, generators)
            watched = WatchedSubject(
                "watched", work, way, servers.pids, generators, watchers=watchers
            )
            yield alone, watched
            await servers.stop()


def table_of(result: Result) -> str:
    """Returns what came of it."""
    ratio = statistics.median(result.ratios)
    seconds = array("d", [each for heard in result.heard for each in heard.seconds])
    lasted = sum(each.duration for each in result.watched)
    past = sum(heard.past_events for heard in result.heard) / lasted
    used = sum(heard.processor_seconds for heard in result.heard)
    commands = sum(each.commands for each in result.watched)
    watching, reading = used / commands * 1e6, sum(result.reading_seconds) / commands * 1e6
    verdict = "met" if ratio >= RATIO_MIN else "missed"
    rounds = ", ".join(f"{each:.3f}" for each in result.ratios)
    delay_ms = statistics.median(seconds) * 1000, percentile(seconds, 99) * 1000
    lines = [
        "| | commands/s | server µs | Postgres µs |",
        "| --- | --- | --- | --- |",
        row_of("alone", result.alone),
        row_of("watched", result.watched),
        "",
        f"- {verdict}: watched / alone {ratio:.3f}, target ≥ {RATIO_MIN:.3f} (rounds: {rounds})",
        "- from an event's time to a watcher of the whole tenant: median {:.0f} ms, p99 {:.0f} ms",
        f"- the reader of the past: {past:,.0f} events/s",
        f"- the server's process that reads events: {reading:,.0f} µs a command",
        f"- those who watch, in a process of their own: {watching:,.0f} µs a command",
    ]
    return "\n".join(lines).format(*delay_ms)


def row_of(name: str, rounds: list[Round]) -> str:
    """Returns a row: the medians over rounds, and the processor time of a command by side."""
    rate = statistics.median(each.commands_per_second for each in rounds)
    server, postgres = (
        statistics.median(getattr(each.spent, side) / each.commands * 1e6 for each in rounds)
        for side in ("server", "postgres")
    )
    return f"| {name} | {rate:,.0f} | {server:,.0f} | {postgres:,.0f} |"


def percentile(values: "array[float]", percent: int) -> float:
    """Returns what so many in a hundred values do not exceed."""
    return statistics.quantiles(values, n=100)[percent - 1]


if __name__ == "__main__":
    main()
