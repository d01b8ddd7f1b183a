"""The run: what is measured, beside what, and what must hold for it to count."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from tests.benchmarks.databases import Databases, find_differences
from tests.benchmarks.echo_server import EchoServer, Responses
from tests.benchmarks.engine_load import run_engine
from tests.benchmarks.figures import Figures, figures_of
from tests.benchmarks.measuring import measure_in_turn
from tests.benchmarks.subjects import EngineSubject, Generators, GrpcSubject, Subject
from tests.benchmarks.traffic import players
from tests.benchmarks.wallet_servers import start_server
from tests.benchmarks.workers import Worker

CALLERS = (1, 16, 64, 256)

COMPARED_CALLERS = 64
"""For what is compared at one number of callers only."""

SHIPPED: Mapping[str, int] = MappingProxyType({})
UNBATCHED: Mapping[str, int] = MappingProxyType({"batch_commands_max": 1, "lanes_count": 16})


Group: TypeAlias = AbstractAsyncContextManager[list[Subject]]


class UnsoundError(Exception):
    """What was measured counts for nothing: the books are wrong."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured."""

    wallet_count: int
    rounds: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Bench:
    """What all measurements share."""

    plan: Plan
    databases: Databases
    generators: Generators
    responses: Responses

    async def run(self) -> list[Figures]:
        """Measures one server beside its yardsticks, and then two servers at once."""
        return [
            *await self._measure(self._one_server()),
            *await self._measure(self._two_servers()),
        ]

    async def _measure(self, group: Group) -> list[Figures]:
        """Measures subjects in turn. Their servers stop, and are verified, before they count."""
        async with group as subjects:
            measured = await measure_in_turn(
                self.databases, subjects, rounds=self.plan.rounds, seconds=self.plan.seconds
            )
        return [figures_of(*each) for each in zip(subjects, measured, strict=True)]

    @asynccontextmanager
    async def _one_server(self) -> AsyncGenerator[list[Subject]]:
        """One server at each number of callers, each beside its yardsticks."""
        everybody = players(self.plan.wallet_count)
        subjects: list[Subject] = []
        async with AsyncExitStack() as stack:
            echo = stack.enter_context(EchoServer(self.responses))
            for callers in CALLERS:
                served = self._serve("grpc", callers, everybody)
                subjects.append(await stack.enter_async_context(served))
                subjects.append(self._echo(echo, callers, everybody))
            engine = self._engine(COMPARED_CALLERS, everybody)
            subjects.append(await stack.enter_async_context(engine))
            unbatched = self._serve("unbatched", COMPARED_CALLERS, everybody, settings=UNBATCHED)
            subjects.append(await stack.enter_async_context(unbatched))
            yield subjects

    @asynccontextmanager
    async def _two_servers(self) -> AsyncGenerator[list[Subject]]:
        """Two servers on one database: all wallets, and one wallet that both work on."""
        everybody = players(self.plan.wallet_count)
        async with AsyncExitStack() as stack:
            yield [
                await stack.enter_async_context(
                    self._serve(name, COMPARED_CALLERS, chosen, servers_count=2)
                )
                for name, chosen in (("two_uniform", everybody), ("two_hot", everybody[:1]))
            ]

    @asynccontextmanager
    async def _serve(
        self,
        name: str,
        callers: int,
        chosen: Sequence[str],
        *,
        servers_count: int = 1,
        settings: Mapping[str, int] = SHIPPED,
    ) -> AsyncGenerator[GrpcSubject]:
        """Runs servers on a database of their own. What they have done must be sound."""
        url = await self.databases.copy(f"{name}_{callers}")
        async with AsyncExitStack() as stack:
            servers = [
                await stack.enter_async_context(start_server(url, settings))
                for _ in range(servers_count)
            ]
            targets = [server.target for server in servers]
            pids = [server.pid for server in servers]
            subject = GrpcSubject(name, callers, chosen, targets, pids, self.generators)
            yield subject
            for server in servers:
                subject.take(await server.stop())
        await check(url)

    @asynccontextmanager
    async def _engine(self, callers: int, chosen: Sequence[str]) -> AsyncGenerator[EngineSubject]:
        """Runs the engine without gRPC, on a database of its own."""
        url = await self.databases.copy(f"engine_{callers}")
        worker = Worker(run_engine, url)
        yield EngineSubject("engine", callers, chosen, worker)
        worker.stop()
        await check(url)

    def _echo(self, echo: EchoServer, callers: int, chosen: Sequence[str]) -> GrpcSubject:
        return GrpcSubject("echo", callers, chosen, [echo.target], [echo.pid], self.generators)


async def check(database_url: str) -> None:
    """Verifies a database, as `wallet-server verify` does.

    Raises:
        UnsoundError: Something differs.
    """
    differences = await find_differences(database_url)
    if differences:
        raise UnsoundError("\n".join(map(str, differences)))
