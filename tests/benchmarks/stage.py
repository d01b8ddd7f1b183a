"""What all measurements share, and how a subject gets onto the stage and off it again."""

import asyncio
import itertools
import math
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TypeAlias, TypeVar

from tests.benchmarks.load.engine_load import run_engine
from tests.benchmarks.measuring import Measured, measure_in_turn
from tests.benchmarks.plan import Plan
from tests.benchmarks.results.figures import Figures, figures_beside, figures_of
from tests.benchmarks.subjects import EngineSubject, Generator, GrpcSubject, Life, Subject
from tests.benchmarks.surroundings.databases import Databases
from tests.benchmarks.surroundings.echo_server import Responses
from tests.benchmarks.surroundings.machine import peak_memory_bytes
from tests.benchmarks.surroundings.proofs import Proof, Proofs
from tests.benchmarks.surroundings.seeding import make_template
from tests.benchmarks.surroundings.verifying import Part, check
from tests.benchmarks.surroundings.wallet_servers import start_servers
from tests.benchmarks.surroundings.workers import Worker
from tests.benchmarks.traffic import Crowd, Funding
from tests.benchmarks.work import Script, Work

SHIPPED: Mapping[str, int] = MappingProxyType({})
"""Settings: none but what an operator gets who sets none."""

CONNECTIONS_PER_WORKER = 8
"""The kernel spreads connections at random: few would load the workers unevenly."""

Wanted: TypeAlias = AbstractAsyncContextManager[Sequence[Subject]]
"""Subjects that are there for as long as the block lasts."""

Entered = TypeVar("Entered")

Then: TypeAlias = Callable[[Sequence[Measured]], Subject]
"""Makes one more subject of those that were measured."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What all measurements share. The last generator is for what goes on beside."""

    plan: Plan
    databases: Databases
    generators: Sequence[Generator]
    verifiers: Sequence[Worker[Part, list[str]]]
    responses: Responses
    proofs: Proofs
    templates: dict[str, str] = field(default_factory=dict[str, str])
    _making: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def measure(
        self,
        *wanted: Wanted,
        rounds: int | None = None,
        until: float = math.inf,
        then: Then | None = None,
    ) -> list[Figures]:
        """Measures subjects in turn. Their servers stop, and are verified, before they count.

        What `then` makes is an open loop, and is measured behind the others.
        """
        async with AsyncExitStack() as stack:
            subjects = in_turns(await enter_all(stack, wanted))
            measured = await self.in_turn(subjects, rounds=rounds, until=until)
            if then is not None:
                later = [then(measured)]
                seconds = self.plan.open_seconds
                measured += await self.in_turn(later, seconds=seconds, until=until)
        beside = [
            figures_beside("reads", each.beside_rounds)
            for each in subjects
            if isinstance(each, GrpcSubject) and each.beside_rounds
        ]
        names = list(dict.fromkeys(each.subject.name for each in measured))
        measured.sort(key=lambda each: names.index(each.subject.name))
        return [*map(figures_of, measured), *beside]

    async def in_turn(
        self,
        subjects: Sequence[Subject],
        *,
        rounds: int | None = None,
        seconds: float | None = None,
        until: float = math.inf,
    ) -> list[Measured]:
        """Measures subjects in turn, and leaves it to others to verify what they have done."""
        return await measure_in_turn(
            self.databases,
            subjects,
            rounds=rounds or self.plan.rounds,
            seconds=seconds or self.plan.seconds,
            until=until,
        )

    def bets(self, callers: int, *, workers: int = 1) -> Work:
        """Returns the work of callers who bet, evenly at all wallets."""
        return Work(
            script=Script.BETS,
            crowd=Crowd(self.plan.wallet_count),
            callers=callers,
            connections=min(callers, CONNECTIONS_PER_WORKER * workers),
        )

    @asynccontextmanager
    async def database(self, kind: str = Funding.ONE) -> AsyncGenerator[str]:
        """Makes a database full of wallets of a kind. What is done to it must be sound."""
        async with self._making:
            if kind not in self.templates:
                template = await make_template(self.databases, kind, self.plan.wallet_count)
                self.templates[kind] = template
        name = await self.databases.copy(self.templates[kind])
        yield name
        await check(self.databases, name, self.verifiers)
        await self.databases.drop(name)

    @asynccontextmanager
    async def serve(
        self,
        name: str,
        *works: Work,
        workers: int = 1,
        settings: Mapping[str, int] = SHIPPED,
        kind: str = Funding.ONE,
        beside: Work | None = None,
        proof: Proof | None = None,
    ) -> AsyncGenerator[list[Subject]]:
        """Runs servers on a database of their own, and counts what all their work costs.

        Without a `proof` callers prove who they are by a token.
        """
        *generators, aside = self.generators
        proof = proof or self.proofs.token
        life = Life()
        async with self.database(kind) as database:
            transactions = await self.databases.transactions(database)
            table_bytes = await self.databases.table_bytes(database)
            url = self.databases.url(database)
            async with start_servers(url, workers, {**settings, **proof.settings}) as servers:
                pids, way = servers.pids, replace(proof.way, target=servers.target)
                yield [
                    GrpcSubject(name, work, way, pids, generators, beside, aside, life)
                    for work in works
                ]
                life.peak_memory_bytes = sum(map(peak_memory_bytes, pids))
                life.take(await servers.stop())
            life.transactions = await self.databases.transactions(database) - transactions
            life.table_bytes = await self.databases.table_bytes(database) - table_bytes

    @asynccontextmanager
    async def engine(self, work: Work) -> AsyncGenerator[list[Subject]]:
        """Runs the engine without gRPC, on a database of its own."""
        async with self.database() as database:
            worker = Worker(run_engine, self.databases.url(database))
            try:
                subject = EngineSubject("engine", work, worker)
                yield [subject]
                subject.life.peak_memory_bytes = peak_memory_bytes(worker.pid)
            finally:
                worker.stop()


async def enter_all(
    stack: AsyncExitStack, wanted: Sequence[AbstractAsyncContextManager[Entered]]
) -> list[Entered]:
    """Enters contexts at the same time: most of what it takes to start is waiting."""
    entered = await asyncio.gather(
        *(stack.enter_async_context(each) for each in wanted), return_exceptions=True
    )
    found: list[Entered] = []
    for each in entered:
        if isinstance(each, BaseException):
            raise each
        found.append(each)
    return found


def in_turns(groups: Sequence[Sequence[Subject]]) -> list[Subject]:
    """Returns one of each group in turn, so that what is compared is measured close together."""
    turns = itertools.chain.from_iterable(itertools.zip_longest(*groups))
    return [each for each in turns if each is not None]


@asynccontextmanager
async def ready(*subjects: Subject) -> AsyncGenerator[Sequence[Subject]]:
    """Lets subjects that need nothing more take part with those that do."""
    yield subjects
