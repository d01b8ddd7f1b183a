"""What gives positions, as servers have it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest

from tests.database import Database
from wallet_server.execution.lease import Lease
from wallet_server.execution.sequencing.background import SEQUENCING_LEASE, Sequencing
from wallet_server.execution.sequencing.sequencer import Sequencer
from wallet_server.execution.sequencing.settings import SequencingSettings
from wallet_server.storage.engine import create_engine

SELDOM = SequencingSettings(
    sequencing_interval_seconds=0.001,
    sequencing_idle_seconds_max=3600,
    sequencing_lease_seconds=600,
)
"""It has to be told of what waits, but for the first seconds."""

Make = Callable[..., Awaitable[Sequencing]]


@pytest.fixture
async def make(database: Database) -> AsyncIterator[Make]:
    """Makes what gives positions; it is finished at the end of the test."""
    async with AsyncExitStack() as closing:

        async def sequencing(settings: SequencingSettings = SELDOM, url: str = "") -> Sequencing:
            engine = create_engine(database.server_url, connections_max=1)
            closing.push_async_callback(engine.dispose)
            lease = Lease(engine, SEQUENCING_LEASE, seconds=settings.sequencing_lease_seconds)
            sequencer = Sequencer(
                url or database.server_url, lease, batches_max=settings.sequencing_batches_max
            )
            made = Sequencing(sequencer, lease, settings)
            closing.push_async_callback(made.finish)
            return made

        yield sequencing
