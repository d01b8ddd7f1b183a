"""Reads of events by position, as they were given theirs."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime

from wallet_server.core.events.reading import (
    ALL_EVENTS,
    EventFilter,
    EventHead,
    EventPage,
    EventStart,
)
from wallet_server.core.refusals import TenantNotFound
from wallet_server.core.refusals.events import (
    EventsOfTimeRemoved,
    EventsRemoved,
    PositionNotReached,
)
from wallet_server.execution.errors import RefusedError
from wallet_server.execution.faults import faults_told
from wallet_server.storage.events_read import find_heads, find_start, read_events
from wallet_server.storage.readers import Readers
from wallet_server.storage.wallets import find_epoch


class EventReader:
    """Answers what has happened, a page at a time."""

    def __init__(self, readers: Readers) -> None:
        """Takes the connections to read with."""
        self._readers = readers

    async def page(
        self, tenant_id: str, *, after: int, limit: int, wanted: EventFilter = ALL_EVENTS
    ) -> EventPage:
        """Returns the next events of a tenant after a position; zero is before all that are kept.

        Raises:
            RefusedError: There is no such tenant; some of what is asked for is kept no more; or
                the tenant has not come as far.
            Fault: The database cannot be reached.
        """
        with faults_told():
            page = await read_events(
                self._readers, tenant_id, after=after, limit=limit, wanted=wanted
            )
            if page.head.position == 0:
                await self._check_tenant(tenant_id)
        check_position(page.head, after)
        return page

    async def head(self, tenant_id: str) -> EventHead:
        """Returns how far the events of a tenant are.

        Raises:
            RefusedError: There is no such tenant.
            Fault: The database cannot be reached.
        """
        return (await self.page(tenant_id, after=0, limit=1)).head

    async def heads(self, tenant_ids: Collection[str]) -> Mapping[str, EventHead]:
        """Returns how far the events of tenants are; those without events are left out.

        Raises:
            Fault: The database cannot be reached.
        """
        with faults_told():
            return await find_heads(self._readers, tenant_ids)

    async def position_before(self, tenant_id: str, time: datetime) -> int:
        """Returns the position that the first event is behind that got its own at a time or later.

        Raises:
            RefusedError: Some of these events may be kept no more.
            Fault: The database cannot be reached.
        """
        with faults_told():
            start = await find_start(self._readers, tenant_id, time)
        check_start(start, time)
        return start.position

    async def _check_tenant(self, tenant_id: str) -> None:
        async with self._readers.acquire() as connection:
            if await find_epoch(connection, tenant_id) is None:  # pyright: ignore[reportArgumentType] - a pool lends proxies.
                raise RefusedError(TenantNotFound(tenant_id))


def check_start(start: EventStart, time: datetime) -> None:
    """Makes sure that a tenant's events since a time are kept.

    Raises:
        RefusedError: Some of them may be gone.
    """
    if start.has_removed(time):
        raise RefusedError(
            EventsOfTimeRemoved(
                start_time=time.astimezone(UTC).isoformat(),
                first_position=start.head.first_position,
                kept_time=start.kept_time.astimezone(UTC).isoformat(),
            )
        )


def check_position(head: EventHead, after: int) -> None:
    """Makes sure that a tenant's events after a position can be told.

    Raises:
        RefusedError: Some of them are kept no more; or it has not been reached.
    """
    if head.has_removed(after):
        raise RefusedError(EventsRemoved(after, head.first_position))
    if not head.has_reached(after):
        raise RefusedError(PositionNotReached(after, head.position))
