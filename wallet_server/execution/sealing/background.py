"""Seals every now and then. Any number of servers may; a lease keeps all but one from it."""

import asyncio
import logging
from pathlib import Path

from sqlalchemy.exc import IntegrityError

from wallet_server.core.administration.chain import Block, Head, head_of
from wallet_server.execution.lease import Lease
from wallet_server.execution.own_work import OwnWork
from wallet_server.execution.repetition import Repetition
from wallet_server.execution.sealing.heads import append_head, head_as_document
from wallet_server.execution.sealing.sealer import Sealer
from wallet_server.execution.sealing.statistics import SealingStatistics
from wallet_server.execution.settings import SealingSettings

logger = logging.getLogger(__name__)


class Sealing(OwnWork):
    """Makes block after block, with pauses in between, and tells of the heads."""

    def __init__(
        self,
        sealer: Sealer,
        lease: Lease,
        settings: SealingSettings,
        *,
        heads_file: Path | None = None,
    ) -> None:
        """Does nothing until it is started. Heads are added to the file, if there is one."""
        repetition = Repetition(
            "sealing",
            self._run_once,
            interval_seconds=settings.sealing_interval_seconds,
            pause_seconds_max=settings.sealing_pause_seconds_max,
        )
        super().__init__(repetition, lease)
        self._sealer = sealer
        self._settings = settings
        self._heads_file = heads_file
        self.statistics = SealingStatistics()
        self._head: Head | None = None
        self._told: Head | None = None
        self._told_seconds = float("-inf")

    @property
    def head(self) -> Head | None:
        """The last block that this process made."""
        return self._head

    async def catch_up(self) -> None:
        """Seals all that waits now, unless another process is at it.

        Raises:
            OSError: The database cannot be reached; or what asyncpg or SQLAlchemy raise.
        """
        more = True
        while more and not self._repetition.is_stopping and await self._lease.take():
            block, more = await self._sealer.seal()
            if block is not None:
                self._take(block)
        self.tell_head()

    async def look(self) -> None:
        """Looks how much waits, whoever seals it.

        Raises:
            OSError: The database cannot be reached; or what asyncpg or SQLAlchemy raise.
        """
        waiting = self.statistics
        waiting.waiting_commits, waiting.lag_seconds = await self._sealer.look()

    def tell_head(self, *, at_once: bool = False) -> None:
        """Logs the head and adds it to the file, unless that was done a short while ago."""
        if self._head is None or self._head == self._told:
            return
        now_seconds = asyncio.get_running_loop().time()
        waited_seconds = now_seconds - self._told_seconds
        if not at_once and waited_seconds < self._settings.chain_heads_interval_seconds:
            return
        self._told, self._told_seconds = self._head, now_seconds
        logger.info("the chain has a new head", extra=dict(head_as_document(self._head)))
        if self._heads_file is not None:
            try:
                append_head(self._heads_file, self._head)
            except OSError:
                logger.exception("a head of the chain was not written down")

    async def _conclude(self) -> None:
        self.tell_head(at_once=True)

    def _take(self, block: Block) -> None:
        """Notes a block, and tells if it is not of the chain that was known."""
        self.statistics.blocks += 1
        known, self._head = self._head, head_of(block)
        if known is not None and block.number <= known.number:
            logger.error(
                "the chain is shorter than it was: somebody has removed blocks",
                extra={"known": dict(head_as_document(known)), "number": block.number},
            )
            self._told_seconds = float("-inf")

    async def _run_once(self) -> None:
        """Seals what waits, and looks how much still does, though it could not be sealed."""
        try:
            await self.catch_up()
        except IntegrityError:
            logger.info("another process has made the block")
        finally:
            await self.look()
