"""Puts together what gives events their positions, and what removes those past their time."""

import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncEngine

from wallet_server.countdown import Countdown
from wallet_server.event_retention import open_event_retention
from wallet_server.execution.lease import Lease
from wallet_server.execution.sequencing.background import SEQUENCING_LEASE, Sequencing
from wallet_server.execution.sequencing.sequencer import Sequencer
from wallet_server.settings import Settings

logger = logging.getLogger(__name__)


@asynccontextmanager
async def open_sequencing(
    settings: Settings, database_url: str, engine: AsyncEngine, time: Countdown
) -> AsyncGenerator[Sequencing]:
    """Provides what gives positions, on a connection of its own. It is not started yet.

    At the end of the block it gives them to what waits by then, or leaves it to others. Retention
    runs meanwhile, where the settings say so.
    """
    lease = Lease(engine, SEQUENCING_LEASE, seconds=settings.sequencing_lease_seconds)
    sequencer = Sequencer(database_url, lease, batches_max=settings.sequencing_batches_max)
    sequencing = Sequencing(sequencer, lease, settings.for_sequencing())
    try:
        async with open_event_retention(settings, engine, time):
            yield sequencing
    finally:
        if not await time.suffices(sequencing.finish()):
            logger.warning("events wait for positions; others give them, or the next server")
