"""Writes chapters every now and then. Any server may; a lease keeps all but one from it."""

from dataclasses import dataclass

from wallet_server.execution.chapters.writer import ChapterWriter
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

    async def catch_up(self) -> None:
        """Writes what has ended by now, unless another process is at it.

        Raises:
            OSError: The database cannot be reached; or what asyncpg or SQLAlchemy raise.
        """
        if not await self._lease.take():
            return
        try:
            for tenant in await self._writer.tenants_behind():
                await self._write(tenant)
        except BaseException:
            self._writer.close_now()
            raise

    def _close_now(self) -> None:
        self._writer.close_now()

    async def _write(self, tenant: TenantBehind) -> None:
        behind: TenantBehind | None = tenant
        while behind is not None and not self._repetition.is_stopping and await self._lease.take():
            behind = await self._writer.write(behind)
