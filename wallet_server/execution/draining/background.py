"""Empties buckets for drains that are under way. Any number of servers may do so at once."""

import logging
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncEngine

from wallet_server.execution.draining.job import DrainJob
from wallet_server.execution.errors import OverloadedError
from wallet_server.execution.executor import Executor
from wallet_server.execution.lease import Lease
from wallet_server.execution.own_work import OwnWork
from wallet_server.execution.repetition import Repetition
from wallet_server.execution.settings import DrainingSettings
from wallet_server.storage.readers import Readers

logger = logging.getLogger(__name__)

DRAINING_LEASE = "draining"


class Draining(OwnWork):
    """Looks for drains again and again, with a pause in between."""

    def __init__(
        self,
        executor: Executor,
        readers: Readers,
        engine: AsyncEngine,
        lease: Lease,
        settings: DrainingSettings,
        now: Callable[[], datetime],
    ) -> None:
        """Does nothing until it is started. `now` is the executor's clock."""
        repetition = Repetition(
            "draining",
            self._catch_up_or_leave,
            interval_seconds=settings.draining_interval_seconds,
            pause_seconds_max=settings.draining_pause_seconds_max,
        )
        super().__init__(repetition, lease)
        stopping = repetition.stopping
        self._job = DrainJob(executor, readers, engine, lease, settings, now, stopping)

    async def catch_up(self) -> None:
        """Goes on with drains as far as they get now, whether it is started or not.

        Raises:
            Fault: The engine has no room, or the database is away.
            OSError: The database cannot be reached; or what asyncpg or SQLAlchemy raise.
        """
        await self._job.work()

    async def _catch_up_or_leave(self) -> None:
        """Catches up as far as it gets.

        To have no room for callers' sake is no failure. But others may have room: they can go on.
        """
        try:
            await self.catch_up()
        except OverloadedError:
            logger.info("draining is left to others for now: the engine has no room")
            await self._lease.give_up()
