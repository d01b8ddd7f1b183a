"""Does what time makes due, every now and then. Any number of servers may do so at once."""

from collections.abc import Callable
from datetime import datetime

from wallet_server.execution.due_work.statistics import DueWorkStatistics
from wallet_server.execution.due_work.sweeper import DueSweeper
from wallet_server.execution.executor import Executor
from wallet_server.execution.lease import Lease
from wallet_server.execution.own_work import OwnWork
from wallet_server.execution.repetition import Repetition
from wallet_server.execution.settings import DueWorkSettings
from wallet_server.storage.readers import Readers


class DueWork(OwnWork):
    """Looks for due items again and again, with a pause in between."""

    def __init__(
        self,
        executor: Executor,
        readers: Readers,
        lease: Lease,
        settings: DueWorkSettings,
        now: Callable[[], datetime],
    ) -> None:
        """Does nothing until it is started. `now` is the executor's clock."""
        repetition = Repetition(
            "due work",
            self.catch_up,
            interval_seconds=settings.due_work_interval_seconds,
            pause_seconds_max=settings.due_work_pause_seconds_max,
        )
        super().__init__(repetition, lease)
        stopping = repetition.stopping
        self._sweeper = DueSweeper(executor, readers, lease, settings, now, stopping)

    @property
    def statistics(self) -> DueWorkStatistics:
        """What was done so far."""
        return self._sweeper.statistics

    async def catch_up(self) -> None:
        """Does what is due now, whether it is started or not.

        Raises:
            Fault: The engine has no room, or the database is away.
            OSError: The database cannot be reached; or what asyncpg or SQLAlchemy raise.
        """
        await self._sweeper.sweep()
