"""What all measurements share, and how a subject gets onto the stage and off it again."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeAlias

from tests.benchmarks.databases import Databases
from tests.benchmarks.echo_server import Responses
from tests.benchmarks.engine_load import run_engine
from tests.benchmarks.figures import Figures, figures_beside, figures_of
from tests.benchmarks.machine import peak_memory_bytes
from tests.benchmarks.measuring import Measured, measure_in_turn
from tests.benchmarks.plan import Plan
from tests.benchmarks.seeding import make_template
from tests.benchmarks.subjects import EngineSubject, Generator, GrpcSubject, Subject
from tests.benchmarks.traffic import Crowd, Funding
from tests.benchmarks.verifying import Part, check
from tests.benchmarks.wallet_servers import start_servers
from tests.benchmarks.work import Script, Work
from tests.benchmarks.workers import Worker

SHIPPED: Mapping[str, int] = MappingProxyType({})
"""Settings: none but what an operator gets who sets none."""

CONNECTIONS_PER_WORKER = 8
"""The kernel spreads connections at random: few would load the workers unevenly."""

One: TypeAlias = AbstractAsyncContextManager[Subject]
"""A subject that is there for as long as the block lasts."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What all measurements share. The last generator is for what goes on beside."""

    plan: Plan
    databases: Databases
    generators: Sequence[Generator]
    verifiers: Sequence[Worker[Part, list[str]]]
    responses: Responses
    templates: dict[str, str] = field(default_factory=dict[str, str])

    async def measure(
        self, *wanted: One, rounds: int | None = None, seconds: float | None = None
    ) -> list[Figures]:
        """Measures subjects in turn. Their servers stop, and are verified, before they count."""
        async with AsyncExitStack() as stack:
            subjects = await enter_all(stack, wanted)
            measured = await self.in_turn(subjects, rounds=rounds, seconds=seconds)
        return [
            *(figures_of(each) for each in measured),
            *(
                figures_beside("reads", each.beside_rounds)
                for each in subjects
                if isinstance(each, GrpcSubject) and each.beside_rounds
            ),
        ]

    async def in_turn(
        self,
        subjects: Sequence[Subject],
        *,
        rounds: int | None = None,
        seconds: float | None = None,
    ) -> list[Measured]:
        """Measures subjects in turn, and leaves it to others to verify what they have done."""
        return await measure_in_turn(
            self.databases,
            subjects,
            rounds=rounds or self.plan.rounds,
            seconds=seconds or self.plan.seconds,
        )

    def bets(self, callers: int, *, workers: int = 1, crowd: Crowd | None = None) -> Work:
        """Returns the work of callers who bet, by default evenly at all wallets."""
        return Work(
            script=Script.BETS,
            crowd=crowd or Crowd(self.plan.wallet_count),
            callers=callers,
            connections=min(callers, CONNECTIONS_PER_WORKER * workers),
        )

    @asynccontextmanager
    async def database(self, kind: str = Funding.ONE) -> AsyncGenerator[str]:
        """Makes a database full of wallets of a kind. What is done to it must be sound."""
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
        work: Work,
        *,
        workers: int = 1,
        settings: Mapping[str, int] = SHIPPED,
        kind: str = Funding.ONE,
        beside: Work | None = None,
    ) -> AsyncGenerator[GrpcSubject]:
        """Runs servers on a database of their own, and counts what it costs."""
        *generators, aside = self.generators
        async with self.database(kind) as database:
            transactions = await self.databases.transactions(database)
            table_bytes = await self.databases.table_bytes(database)
            url = self.databases.url(database)
            async with start_servers(url, workers, settings) as deployment:
                pids = deployment.pids
                subject = GrpcSubject(
                    name, work, deployment.target, pids, generators, beside, aside
                )
                yield subject
                subject.life.peak_memory_bytes = sum(map(peak_memory_bytes, pids))
                subject.life.take(await deployment.stop())
            subject.life.transactions = await self.databases.transactions(database) - transactions
            subject.life.table_bytes = await self.databases.table_bytes(database) - table_bytes

    @asynccontextmanager
    async def engine(self, work: Work) -> AsyncGenerator[EngineSubject]:
        """Runs the engine without gRPC, on a database of its own."""
        async with self.database() as database:
            worker = Worker(run_engine, self.databases.url(database))
            try:
                subject = EngineSubject("engine", work, worker)
                yield subject
                subject.life.peak_memory_bytes = peak_memory_bytes(worker.pid)
            finally:
                worker.stop()


async def enter_all(stack: AsyncExitStack, wanted: Sequence[One]) -> list[Subject]:
    """Enters contexts at the same time: most of what it takes to start is waiting."""
    found = await asyncio.gather(
        *(stack.enter_async_context(each) for each in wanted), return_exceptions=True
    )
    for each in found:
        if isinstance(each, BaseException):
            raise each
    return [each for each in found if not isinstance(each, BaseException)]


@asynccontextmanager
async def ready(subject: Subject) -> AsyncGenerator[Subject]:
    """Lets a subject that needs nothing more take part with those that do."""
    yield subject
