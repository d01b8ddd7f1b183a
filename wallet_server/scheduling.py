"""Puts together what activates versions when their time has come."""

import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncEngine

from wallet_server.countdown import Countdown
from wallet_server.execution.administration.scheduler import Scheduler
from wallet_server.execution.administration.scheduling import SCHEDULING_LEASE, Scheduling
from wallet_server.execution.lease import Lease
from wallet_server.settings import Settings

logger = logging.getLogger(__name__)


@asynccontextmanager
async def open_scheduling(
    settings: Settings, engine: AsyncEngine, now: Callable[[], datetime], time: Countdown
) -> AsyncGenerator[Scheduling]:
    """Provides what activates versions. It is not started yet.

    At the end of the block it finishes the activation that it has begun, or gives it up.
    """
    lease = Lease(engine, SCHEDULING_LEASE, seconds=settings.scheduling_lease_seconds)
    scheduling = Scheduling(Scheduler(engine, now), lease, settings.for_administration())
    try:
        yield scheduling
    finally:
        if not await time.suffices(scheduling.finish()):
            logger.warning("gave up a scheduled version; it will be activated later")
