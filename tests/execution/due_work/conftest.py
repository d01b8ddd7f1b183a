"""Processes that see to what time makes due, and the time."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest

from tests.database import Database
from tests.execution.conftest import StartExecutor
from tests.execution.vocabulary import Caller
from wallet_server.conformance.clock import ScenarioClock
from wallet_server.execution.due_work import sweeper
from wallet_server.execution.due_work.background import DueWork
from wallet_server.execution.due_work.statistics import DueWorkStatistics
from wallet_server.execution.executor import Executor
from wallet_server.execution.lease import Lease
from wallet_server.execution.settings import DueWorkSettings, EngineSettings
from wallet_server.storage.engine import create_engine
from wallet_server.storage.readers import open_readers

LEASE_SECONDS = 600.0


@dataclass(frozen=True)
class Process:
    """What a server has that does due work."""

    due_work: DueWork
    executor: Executor

    @property
    def caller(self) -> Caller:
        """Sends commands to it."""
        return Caller(self.executor)

    @property
    def statistics(self) -> DueWorkStatistics:
        """What it has done."""
        return self.due_work.statistics


StartProcess = Callable[..., Awaitable[Process]]


@pytest.fixture
def clock() -> ScenarioClock:
    """The time, which goes by when a test lets it."""
    return ScenarioClock()


@pytest.fixture
async def start_process(
    database: Database,
    start_executor: StartExecutor,
    clock: ScenarioClock,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[StartProcess]:
    """Starts processes. Those with leases of different names are in each other's way."""
    async with AsyncExitStack() as closing:

        async def start(
            settings: DueWorkSettings | None = None,
            *,
            lease_name: str = "due-work",
            engine_settings: EngineSettings | None = None,
            url: str = "",
            own_clock: ScenarioClock | None = None,
        ) -> Process:
            url = url or database.server_url
            executor = await start_executor(engine_settings, url, (own_clock or clock).now)
            readers = await open_readers(url, connections_max=2, statement_timeout_seconds=10)
            closing.push_async_callback(readers.close)
            engine = create_engine(url, connections_max=1)
            closing.push_async_callback(engine.dispose)
            lease = Lease(engine, lease_name, seconds=LEASE_SECONDS)
            settings = settings or DueWorkSettings()
            due_work = DueWork(executor, readers, lease, settings, clock.now)
            closing.push_async_callback(due_work.finish)
            return Process(due_work, executor)

        yield start


@dataclass
class Stopwatch:
    """The time by which items wait before they are tried again."""

    seconds: float = 0.0


@pytest.fixture
def stopwatch(monkeypatch: pytest.MonkeyPatch) -> Stopwatch:
    """Lets a test say for how long items have waited."""
    watch = Stopwatch()
    monkeypatch.setattr(sweeper, "seconds", lambda: watch.seconds)
    return watch
