"""Activates scheduled versions every now and then. Any number of servers may do so at once."""

from wallet_server.execution.administration.scheduler import Scheduler
from wallet_server.execution.held_back import HeldBack
from wallet_server.execution.lease import Lease
from wallet_server.execution.own_work import OwnWork
from wallet_server.execution.repetition import Repetition
from wallet_server.execution.settings import AdministrationSettings

SCHEDULING_LEASE = "scheduling"


class Scheduling(OwnWork):
    """Looks for versions that are due again and again, with a pause in between."""

    def __init__(
        self, scheduler: Scheduler, lease: Lease, settings: AdministrationSettings
    ) -> None:
        """Does nothing until it is started."""
        repetition = Repetition(
            "scheduling",
            self.catch_up,
            interval_seconds=settings.scheduling_interval_seconds,
            pause_seconds_max=settings.scheduling_pause_seconds_max,
        )
        super().__init__(repetition, lease)
        self._scheduler = scheduler

    async def catch_up(self) -> None:
        """Activates what is due now, whether it is started or not, unless another process does.

        What befalls one version is no matter to the others.

        Raises:
            Fault: The database is away, or every attempt ended in a conflict.
            OSError: The database cannot be reached; or what asyncpg or SQLAlchemy raise.
        """
        with HeldBack() as held_back:
            for due in await self._scheduler.due():
                if self._repetition.is_stopping or not await self._lease.take():
                    break
                with held_back.one():
                    await self._scheduler.activate(due)
