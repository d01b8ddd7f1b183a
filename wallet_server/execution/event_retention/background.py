"""Retention in a server, every now and then; a lease keeps other servers from it meanwhile."""

import logging

from wallet_server.execution.event_retention.removal import Removal
from wallet_server.execution.event_retention.settings import EventRetentionSettings
from wallet_server.execution.lease import Lease
from wallet_server.execution.own_work import OwnWork
from wallet_server.execution.repetition import Repetition

logger = logging.getLogger(__name__)

EVENT_RETENTION_LEASE = "event-retention"
LEASE_SECONDS = 600.0


class EventRetention(OwnWork):
    """Removes what is past its time again and again, and tells who keeps it from that."""

    def __init__(self, removal: Removal, lease: Lease, settings: EventRetentionSettings) -> None:
        """Does nothing until it is started."""
        seconds = settings.event_retention_interval_seconds
        repetition = Repetition(
            "retention of events",
            self.remove_all,
            interval_seconds=seconds,
            pause_seconds_max=seconds,
        )
        super().__init__(repetition, lease)
        self._removal = removal

    async def remove_all(self) -> None:
        """Removes what is past its time, unless another process is at it.

        Raises:
            OSError: The database cannot be reached; or what asyncpg or SQLAlchemy raise.
        """
        if not await self._lease.take():
            return
        removed = await self._removal.remove_all(lambda: not self._repetition.is_stopping)
        for tenant_id, count in removed.events.items():
            logger.info("events were removed", extra={"tenant_id": tenant_id, "count": count})
        for each in removed.holders:
            logger.warning(
                "events that are past their time are kept for a consumer",
                extra={
                    "tenant_id": each.tenant_id,
                    "consumer": each.consumer,
                    "position": each.position,
                },
            )
