"""Keeps statements every now and then. Any number of servers may; a lease keeps all but one off."""

from wallet_server.execution.lease import Lease
from wallet_server.execution.own_work import OwnWork
from wallet_server.execution.repetition import Repetition
from wallet_server.execution.statements.keeper import StatementKeeper
from wallet_server.execution.statements.settings import StatementSettings
from wallet_server.execution.statements.statistics import StatementStatistics

STATEMENTS_LEASE = "statements"


class Statements(OwnWork):
    """Looks for what statements lack again and again, with a pause in between."""

    def __init__(self, keeper: StatementKeeper, lease: Lease, settings: StatementSettings) -> None:
        """Does nothing until it is started."""
        repetition = Repetition(
            "keeping statements",
            self.catch_up,
            interval_seconds=settings.statements_interval_seconds,
            pause_seconds_max=settings.statements_pause_seconds_max,
        )
        super().__init__(repetition, lease)
        self._keeper = keeper
        self.statistics = StatementStatistics()

    async def catch_up(self) -> None:
        """Counts all that is not counted now, unless another process is at it.

        Tenants take turns, so that none waits for all of another's history. What befalls one is no
        matter to the others.

        Raises:
            OSError: The database cannot be reached; or what asyncpg or SQLAlchemy raise.
        """
        trouble: dict[str, Exception] = {}
        while await self._may_work():
            self.statistics.lag_seconds = await self._keeper.lag_seconds()
            tenants = [each for each in await self._keeper.tenants_behind() if each not in trouble]
            if not tenants:
                break
            for tenant_id in tenants:
                if not await self._may_work():
                    break
                try:
                    self.statistics.events += await self._keeper.step(tenant_id)
                except Exception as error:  # noqa: BLE001 - it is raised below.
                    self._keeper.close_now()
                    trouble[tenant_id] = error
        for error in trouble.values():
            raise error

    def _close_now(self) -> None:
        self._keeper.close_now()
        self.statistics = self.statistics.ended()

    async def _may_work(self) -> bool:
        """Tells whether this process is the one, and not about to stop."""
        may = not self._repetition.is_stopping and await self._lease.take()
        if not may:
            self.statistics.lag_seconds = 0.0
        return may
