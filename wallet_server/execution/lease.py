"""This process' share in a lease."""

import asyncio
import logging

from sqlalchemy.ext.asyncio import AsyncEngine

from wallet_server.execution.id_source import new_id
from wallet_server.storage.leases import give_up_lease, take_lease

logger = logging.getLogger(__name__)

PATIENCE_SECONDS = 5.0
"""How long the database may take to say who has the lease."""


class Lease:
    """The right to do work that one process is enough for; now and then two have it for a while."""

    def __init__(self, engine: AsyncEngine, name: str, *, seconds: float) -> None:
        """Has not got it yet. Whoever has it keeps it for so long after the last `take`."""
        self._engine = engine
        self._name = name
        self._seconds = seconds
        self._holder = new_id()
        self._may_have_it = False
        self._sure_until_seconds = 0.0

    @property
    def name(self) -> str:
        """What it is the right to."""
        return self._name

    @property
    def holder(self) -> str:
        """What this process is called where it has it."""
        return self._holder

    async def take(self) -> bool:
        """Takes it, or keeps it, unless another process has it. Tells which.

        The database is only asked where a third of its time has gone by, so this may be
        called as often as anybody likes.

        Raises:
            OSError: The database cannot be reached; or what asyncpg or SQLAlchemy raise.
        """
        now_seconds = asyncio.get_running_loop().time()
        if now_seconds < self._sure_until_seconds:
            return True
        self._may_have_it = True
        async with asyncio.timeout(PATIENCE_SECONDS):
            taken = await take_lease(self._engine, self._name, self._holder, seconds=self._seconds)
        self._may_have_it = taken
        self._sure_until_seconds = now_seconds + self._seconds / 3 if taken else 0.0
        return taken

    async def give_up(self) -> None:
        """Lets another process take it at once. Where that fails, it ends by itself."""
        if not self._may_have_it:
            return
        self._may_have_it, self._sure_until_seconds = False, 0.0
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await give_up_lease(self._engine, self._name, self._holder)
        except Exception as error:  # noqa: BLE001 - nothing depends on it.
            logger.warning("a lease was not given up: %s", type(error).__name__)
