"""Writes chapters every now and then. Any server may; a lease keeps all but one from it."""

from dataclasses import dataclass

from wallet_server.execution.chapters.statistics import ChapterStatistics
from wallet_server.execution.chapters.writer import ChapterWriter
from wallet_server.execution.held_back import HeldBack
from wallet_server.execution.lease import Lease
from wallet_server.execution.own_work import OwnWork
from wallet_server.execution.repetition import Repetition
from wallet_server.storage.chapters import TenantBehind

CHAPTERS_LEASE = "chapters"


@dataclass(frozen=True, slots=True)
class ChapterSettings:
    """How often ended chapters are looked for, and the longest pause while that fails.

    A process that has the lease and falls silent keeps others away for `chapters_lease_seconds`.
    """

    chapters_interval_seconds: float = 5.0
    chapters_pause_seconds_max: float = 60.0
    chapters_lease_seconds: float = 30.0


class Chapters(OwnWork):
    """Looks for chapters that have ended again and again, and writes them."""

    def __init__(self, writer: ChapterWriter, lease: Lease, settings: ChapterSettings) -> None:
        """Does nothing until it is started."""
        repetition = Repetition(
            "writing chapters",
            self.catch_up,
            interval_seconds=settings.chapters_interval_seconds,
            pause_seconds_max=settings.chapters_pause_seconds_max,
        )
        super().__init__(repetition, lease)
        self._writer = writer
        self.statistics = ChapterStatistics()

    async def catch_up(self) -> None:
        """Writes what has ended by now, unless another process is at it.

        What befalls one wallet or tenant is no matter to the others.

        Raises:
            OSError: The database cannot be reached; or what asyncpg or SQLAlchemy raise.
        """
        if not await self._may_work():
            return
        with HeldBack() as held_back:
            try:
                await self._measure()
                for tenant in await self._writer.tenants_behind():
                    with held_back.one():
                        await self._write(tenant, held_back)
            except BaseException:
                self._writer.close_now()
                raise

    def _close_now(self) -> None:
        self._writer.close_now()
        self.statistics = self.statistics.ended()

    async def _write(self, tenant: TenantBehind, held_back: HeldBack) -> None:
        """Writes the chapters of a tenant, but for those that fail."""
        behind: TenantBehind | None = await self._writer.try_again(tenant, held_back)
        while behind is not None and await self._may_work():
            behind = await self._writer.write(behind, held_back)
            await self._measure()

    async def _may_work(self) -> bool:
        """Tells whether this process is the one, and not about to stop."""
        may = not self._repetition.is_stopping and await self._lease.take()
        if not may:
            self.statistics.lag_seconds = 0.0
        return may

    async def _measure(self) -> None:
        """Takes note of how far it is."""
        self.statistics.chapters = self._writer.chapters_count
        self.statistics.lag_seconds = await self._writer.lag_seconds()
