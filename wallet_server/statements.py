"""Puts together what keeps statements."""

import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncEngine

from wallet_server.countdown import Countdown
from wallet_server.execution.lease import Lease
from wallet_server.execution.statements.background import STATEMENTS_LEASE, Statements
from wallet_server.execution.statements.keeper import StatementKeeper
from wallet_server.settings import Settings

logger = logging.getLogger(__name__)


@asynccontextmanager
async def open_statements(
    settings: Settings, database_url: str, engine: AsyncEngine, time: Countdown
) -> AsyncGenerator[Statements]:
    """Provides what keeps statements, on a connection of its own. It is not started yet.

    At the end of the block it ends the step that it has begun, or gives it up.
    """
    lease = Lease(engine, STATEMENTS_LEASE, seconds=settings.statements_lease_seconds)
    keeper = StatementKeeper(database_url, settings.for_statements())
    statements = Statements(keeper, lease, settings.for_statements())
    try:
        yield statements
    finally:
        if not await time.suffices(statements.finish()):
            logger.warning("gave up a step of statements; it will be done again")
