"""What is measured: each is asked to work for a while, again and again, in turn with the others."""

import asyncio
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, TypeAlias

from tests.benchmarks.surroundings.databases import Databases
from tests.benchmarks.surroundings.pgbench import run_pgbench
from tests.benchmarks.surroundings.proofs import Way
from tests.benchmarks.surroundings.workers import Worker
from tests.benchmarks.traffic import Crowd
from tests.benchmarks.work import Samples, Script, Work, merged, shared_out

Generator: TypeAlias = Worker[tuple[Way, Work], Samples]

NOWHERE = Crowd(count=0)

PGBENCH_SPARE_SECONDS = 0.3


@dataclass(slots=True)
class Life:
    """What was counted from the start of servers to their end, warming up included.

    `commands_again` is none where the servers do not say how many commands they executed
    again. `transactions` are those of the servers' database.
    """

    batches: int = 0
    commands: int = 0
    commands_again: int | None = None
    troubles: Counter[str] = field(default_factory=Counter[str])
    transactions: int = 0
    table_bytes: int = 0
    peak_memory_bytes: int = 0

    def take(self, counts: dict[str, Any]) -> None:
        """Adds what engines counted."""
        self.batches += counts["batches"]
        self.commands += counts["commands"]
        self.troubles.update(counts["troubles"])
        if "commands_again" in counts:
            self.commands_again = (self.commands_again or 0) + counts["commands_again"]


class Subject(Protocol):
    """Something that callers can be let loose on; whether it needs Postgres for that."""

    name: str
    work: Work
    life: Life
    needs_postgres: bool

    @property
    def server_pids(self) -> Sequence[int]:
        """The processes whose work is measured."""
        ...

    @property
    def load_pids(self) -> Sequence[int]:
        """The processes that make the load, as far as they are others."""
        ...

    async def prepare(self) -> None:
        """Does what must be done before each time, and is not measured."""
        ...

    async def run(self, label: str, begin: float, end: float) -> Samples:
        """Does the work. Returns what was measured."""
        ...


@dataclass(slots=True)
class GrpcSubject:
    """Servers at one port, called by generators; by one more where something goes on beside."""

    name: str
    work: Work
    way: Way
    server_pids: Sequence[int]
    generators: Sequence[Generator]
    beside: Work | None = None
    aside: Generator | None = None
    life: Life = field(default_factory=Life)
    beside_rounds: list[Samples] = field(default_factory=list[Samples])
    needs_postgres: bool = True

    @property
    def load_pids(self) -> Sequence[int]:
        """The generators."""
        return [generator.pid for generator in self.generators]

    async def prepare(self) -> None:
        """Opens the bets, where they are to be settled."""
        if self.work.script is Script.MATCH_RESULTS:
            bets = replace(self.work, script=Script.MATCH_BETS, begin=0, end=math.inf)
            await self._share_out(bets)

    async def run(self, label: str, begin: float, end: float) -> Samples:
        """Shares the callers out among the generators."""
        running = [self._share_out(replace(self.work, label=label, begin=begin, end=end))]
        if self.beside is not None and self.aside is not None:
            beside = replace(self.beside, label=f"{label}.beside", begin=begin, end=end)
            running.append(self.aside.do((self.way, beside)))
        samples, *others = await asyncio.gather(*running)
        self.beside_rounds += others
        return samples

    async def _share_out(self, work: Work) -> Samples:
        parts = shared_out(work, len(self.generators))
        pairs = zip(self.generators, parts, strict=False)
        done = await asyncio.gather(*(generator.do((self.way, part)) for generator, part in pairs))
        return merged(done)


@dataclass(slots=True)
class EngineSubject:
    """The engine alone, in a process with its callers."""

    name: str
    work: Work
    worker: Worker[Work, tuple[Samples, dict[str, Any]]]
    load_pids: Sequence[int] = ()
    life: Life = field(default_factory=Life)
    needs_postgres: bool = True

    @property
    def server_pids(self) -> Sequence[int]:
        """The process of engine and callers."""
        return [self.worker.pid]

    async def prepare(self) -> None:
        """Needs nothing."""

    async def run(self, label: str, begin: float, end: float) -> Samples:
        """Runs the callers."""
        work = replace(self.work, label=label, begin=begin, end=end)
        samples, counts = await self.worker.do(work)
        self.life.take(counts)
        return samples


@dataclass(slots=True)
class PgbenchSubject:
    """pgbench. Its transactions count as commands; of their times only the average is known."""

    name: str
    work: Work
    databases: Databases
    server_pids: Sequence[int] = ()
    load_pids: Sequence[int] = ()
    life: Life = field(default_factory=Life)
    needs_postgres: bool = True

    async def prepare(self) -> None:
        """Needs nothing."""

    async def run(self, label: str, begin: float, end: float) -> Samples:
        """Runs it once, for as long as it is measured and a little longer."""
        del label
        warm_up = begin - asyncio.get_running_loop().time()
        seconds = math.ceil(warm_up + (end - begin) + PGBENCH_SPARE_SECONDS)
        result = await run_pgbench(self.databases, self.work.callers, seconds)
        samples = Samples(begin, end, ended=end)
        samples.seconds.append(result.latency_seconds)
        samples.commands = round(result.transactions_per_second * (end - begin))
        return samples
