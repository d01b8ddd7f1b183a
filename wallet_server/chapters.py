"""Puts together what writes the chapters of journals."""

import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncEngine

from wallet_server.countdown import Countdown
from wallet_server.execution.chapters.background import CHAPTERS_LEASE, Chapters
from wallet_server.execution.chapters.writer import ChapterWriter
from wallet_server.execution.lease import Lease
from wallet_server.settings import Settings

logger = logging.getLogger(__name__)


@asynccontextmanager
async def open_chapters(
    settings: Settings, database_url: str, engine: AsyncEngine, time: Countdown
) -> AsyncGenerator[Chapters]:
    """Provides what writes chapters, on a connection of its own. It is not started yet.

    At the end of the block it leaves what it has not written to others.
    """
    lease = Lease(engine, CHAPTERS_LEASE, seconds=settings.chapters_lease_seconds)
    chapters = Chapters(ChapterWriter(database_url), lease, settings.for_chapters())
    try:
        yield chapters
    finally:
        if not await time.suffices(chapters.finish()):
            logger.warning("gave up writing chapters; it will be done again")
