"""Puts together what removes events that are past their time."""

import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncEngine

from wallet_server.countdown import Countdown
from wallet_server.execution.event_retention.background import (
    EVENT_RETENTION_LEASE,
    LEASE_SECONDS,
    EventRetention,
)
from wallet_server.execution.event_retention.removal import Removal
from wallet_server.execution.lease import Lease
from wallet_server.settings import Settings
from wallet_server.storage.engine import create_engine

logger = logging.getLogger(__name__)


@asynccontextmanager
async def open_event_retention(
    settings: Settings, engine: AsyncEngine, time: Countdown
) -> AsyncGenerator[EventRetention | None]:
    """Provides what removes events, on a connection of its own role, and starts it.

    None where events are kept for ever, or removed by nobody here. At the end of the block it ends
    what it has begun, or gives it up.
    """
    url = settings.retention_database_url.get_secret_value()
    if settings.event_retention_days is None or not url:
        yield None
        return
    lease = Lease(engine, EVENT_RETENTION_LEASE, seconds=LEASE_SECONDS)
    retention_engine = create_engine(url, connections_max=1)
    limits = settings.for_event_retention()
    retention = EventRetention(Removal(retention_engine, limits), lease, limits)
    retention.start()
    try:
        yield retention
    finally:
        if not await time.suffices(retention.finish()):
            logger.warning("gave up removing events; they will be removed later")
        await retention_engine.dispose()
