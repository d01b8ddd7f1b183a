"""Processes that empty buckets, and persons who ask for it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.database import Database
from tests.execution.conftest import StartExecutor, now
from tests.execution.vocabulary import TENANT, Caller
from wallet_server.core.administration.act import Act
from wallet_server.core.administration.drain import Drain
from wallet_server.core.commands.actor import Actor
from wallet_server.execution.administration.buckets import BucketAdmin
from wallet_server.execution.draining.background import Draining
from wallet_server.execution.executor import Executor
from wallet_server.execution.id_source import new_id
from wallet_server.execution.lease import Lease
from wallet_server.execution.settings import DrainingSettings, EngineSettings
from wallet_server.storage.engine import create_engine
from wallet_server.storage.readers import open_readers

LEASE_SECONDS = 600.0
CLERK, BOSS = Actor("clerk"), Actor("boss")


def act(method: str, by: Actor = CLERK, *, request_id: str = "", **fields: object) -> Act:
    """Returns an act of a person, under a name of its own unless said otherwise."""
    return Act(TENANT, request_id or new_id(), f"TopologyAdmin.{method}", by, **fields)  # pyright: ignore[reportArgumentType]


@dataclass(frozen=True)
class Process:
    """What a server has that empties buckets."""

    draining: Draining
    executor: Executor

    @property
    def caller(self) -> Caller:
        """Sends commands to it."""
        return Caller(self.executor)


StartProcess = Callable[..., Awaitable[Process]]


@pytest.fixture
async def engine(database: Database) -> AsyncIterator[AsyncEngine]:
    """Connections of the server's role."""
    engine = create_engine(database.server_url)
    yield engine
    await engine.dispose()


@pytest.fixture
def admin(engine: AsyncEngine) -> BucketAdmin:
    """Carries out what persons ask for."""
    return BucketAdmin(engine, now)


@pytest.fixture
async def start_process(
    database: Database, engine: AsyncEngine, start_executor: StartExecutor
) -> AsyncIterator[StartProcess]:
    """Starts processes. Those with leases of different names are in each other's way."""
    async with AsyncExitStack() as closing:

        async def start(
            settings: DrainingSettings | None = None,
            *,
            lease_name: str = "draining",
            engine_settings: EngineSettings | None = None,
        ) -> Process:
            executor = await start_executor(engine_settings)
            readers = await open_readers(
                database.server_url, connections_max=2, statement_timeout_seconds=10
            )
            closing.push_async_callback(readers.close)
            lease = Lease(engine, lease_name, seconds=LEASE_SECONDS)
            draining = Draining(
                executor, readers, engine, lease, settings or DrainingSettings(), now
            )
            closing.push_async_callback(draining.finish)
            return Process(draining, executor)

        yield start


async def begin_drain(
    admin: BucketAdmin,
    bucket: str = "sports_bonus",
    successor: str = "sports_normal",
    *,
    asked_in: str = "",
    approved_in: str = "",
) -> Drain:
    """Lets a bucket be emptied, as two persons do who want that, each in a flow of work."""
    await admin.start_draining(act("StartDraining"), bucket)
    asking = act("DrainBucket", correlation_id=asked_in)
    asked = await admin.drain_bucket(asking, bucket, successor)
    approving = act("ApproveDrain", BOSS, correlation_id=approved_in)
    approved = await admin.approve_drain(approving, asked.drain.drain_id, "1")
    return approved.drain
