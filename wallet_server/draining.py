"""Puts together what empties buckets."""

import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncEngine

from wallet_server.countdown import Countdown
from wallet_server.execution.draining.background import DRAINING_LEASE, Draining
from wallet_server.execution.executor import Executor
from wallet_server.execution.lease import Lease
from wallet_server.settings import Settings
from wallet_server.storage.readers import Readers

logger = logging.getLogger(__name__)


@asynccontextmanager
async def open_draining(
    settings: Settings,
    executor: Executor,
    readers: Readers,
    engine: AsyncEngine,
    now: Callable[[], datetime],
    time: Countdown,
) -> AsyncGenerator[Draining]:
    """Provides what empties buckets. It is not started yet.

    At the end of the block it waits for what it has submitted, or gives it up.
    """
    lease = Lease(engine, DRAINING_LEASE, seconds=settings.draining_lease_seconds)
    draining = Draining(executor, readers, engine, lease, settings.for_draining(), now)
    try:
        yield draining
    finally:
        if not await time.suffices(draining.finish()):
            logger.warning("gave up a page of a drain; it will be done again")
