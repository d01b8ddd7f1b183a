"""What is measured: each is asked to work for a while, again and again, in turn with the others."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from tests.benchmarks.traffic import Work
from tests.benchmarks.workers import Worker
from wallet_server.execution.statistics import Statistics

Generators = Sequence[Worker[tuple[str, Work], list[float]]]


@dataclass(slots=True)
class Counted:
    """What an engine counted, warming up included."""

    batches: int = 0
    commands: int = 0
    troubles: Counter[str] = field(default_factory=Counter[str])

    def add(self, batches: int, commands: int, troubles: Mapping[str, int]) -> None:
        """Adds what an engine counted."""
        self.batches += batches
        self.commands += commands
        self.troubles.update(troubles)


class Subject(Protocol):
    """Something that callers can be let loose on."""

    name: str
    callers: int
    players: Sequence[str]
    counted: Counted

    @property
    def server_pids(self) -> Sequence[int]:
        """The processes whose work is measured."""
        ...

    @property
    def load_pids(self) -> Sequence[int]:
        """The processes that make the load, as far as they are others."""
        ...

    async def run(self, work: Work) -> list[float]:
        """Does the work. Returns how many seconds each measured call took."""
        ...


@dataclass(slots=True)
class GrpcSubject:
    """One or more servers, called by generators in turn."""

    name: str
    callers: int
    players: Sequence[str]
    targets: Sequence[str]
    server_pids: Sequence[int]
    generators: Generators
    counted: Counted = field(default_factory=Counted)

    @property
    def load_pids(self) -> Sequence[int]:
        """The generators."""
        return [generator.pid for generator in self.generators]

    async def run(self, work: Work) -> list[float]:
        """Shares the callers out among the generators, and these among the servers."""
        generators = self.generators[: work.callers]
        parts: list[Work] = []
        for number in range(len(generators)):
            callers = len(range(number, work.callers, len(generators)))
            parts.append(replace(work, label=f"{work.label}{number}", callers=callers))
        each = await asyncio.gather(
            *(
                generator.do((self.targets[number % len(self.targets)], part))
                for number, (generator, part) in enumerate(zip(generators, parts, strict=True))
            )
        )
        return [seconds for one in each for seconds in one]

    def take(self, drained: Mapping[str, Any]) -> None:
        """Takes what a server counted in its life."""
        self.counted.add(drained["batches"], drained["commands"], drained["troubles"])


@dataclass(slots=True)
class EngineSubject:
    """The engine alone, in a process with its callers."""

    name: str
    callers: int
    players: Sequence[str]
    worker: Worker[Work, tuple[list[float], Statistics]]
    load_pids: Sequence[int] = ()
    counted: Counted = field(default_factory=Counted)

    @property
    def server_pids(self) -> Sequence[int]:
        """The process of engine and callers."""
        return [self.worker.pid]

    async def run(self, work: Work) -> list[float]:
        """Runs the callers."""
        seconds, counts = await self.worker.do(work)
        self.counted.add(counts.batches, counts.commands, counts.troubles)
        return seconds
