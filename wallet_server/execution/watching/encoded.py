"""Events as they are sent, and who reads them so."""

import logging
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeAlias

import msgspec

from wallet_server.core.events.event import EventType
from wallet_server.core.events.reading import ALL_EVENTS, EventFilter, EventHead
from wallet_server.core.events.told import ToldEvent
from wallet_server.core.value import value
from wallet_server.execution.event_reader import EventReader

logger = logging.getLogger(__name__)

Encode: TypeAlias = Callable[[ToldEvent], bytes]


class EncodedEvent(msgspec.Struct, array_like=True, gc=False):
    """An event on its way to many: encoded, and what filters ask of it.

    `player_id` and `currency_code` are empty for an event of the tenant itself.
    """

    position: int
    type: EventType
    player_id: str
    currency_code: str
    encoded: bytes

    @property
    def size_bytes(self) -> int:
        """How much of it is sent."""
        return len(self.encoded)

    def passes(self, wanted: EventFilter) -> bool:
        """Tells whether somebody wants it."""
        return (
            (not wanted.player_id or self.player_id == wanted.player_id)
            and (not wanted.types or self.type in wanted.types)
            and (not wanted.currency_code or self.currency_code == wanted.currency_code)
        )


@value
class EncodedPage:
    """Some events of a tenant, encoded: as `EventPage` has them, and how far the tenant is.

    `processor_seconds` is what it took of the processor to encode them.
    """

    events: Sequence[EncodedEvent]
    position: int
    head: EventHead
    processor_seconds: float


class EncodedReader(Protocol):
    """Answers what has happened, encoded, as `EventReader` does."""

    async def page(
        self, tenant_id: str, *, after: int, limit: int, wanted: EventFilter = ALL_EVENTS
    ) -> EncodedPage:
        """Returns the next events of a tenant after a position.

        Raises:
            RefusedError: There is no such tenant; or what is asked for is kept no more, or not
                reached.
            Fault: The database cannot be reached.
            ValueError: One of them cannot be told by this release.
        """
        ...

    async def head(self, tenant_id: str) -> EventHead:
        """Returns how far the events of a tenant are. Raises as `page` does."""
        ...

    async def heads(self, tenant_ids: Collection[str]) -> Mapping[str, EventHead]:
        """Returns how far the events of tenants are; those without events are left out.

        Raises:
            Fault: The database cannot be reached.
        """
        ...

    async def position_before(self, tenant_id: str, time: datetime) -> int:
        """Returns the position that the first event is behind that got its own at a time or later.

        Raises:
            Fault: The database cannot be reached.
        """
        ...


class EncodingReader:
    """Reads events and encodes them, here."""

    def __init__(self, reader: EventReader, encode: Encode) -> None:
        """Takes who reads them, and how they are encoded."""
        self._reader = reader
        self._encode = encode
        self.head = reader.head
        self.heads = reader.heads
        self.position_before = reader.position_before

    async def page(
        self, tenant_id: str, *, after: int, limit: int, wanted: EventFilter = ALL_EVENTS
    ) -> EncodedPage:
        """Returns the next events of a tenant after a position."""
        page = await self._reader.page(tenant_id, after=after, limit=limit, wanted=wanted)
        began_seconds = time.process_time()
        events = [self._encoded(event) for event in page.events]
        return EncodedPage(events, page.position, page.head, time.process_time() - began_seconds)

    def _encoded(self, event: ToldEvent) -> EncodedEvent:
        ref = event.wallet
        return EncodedEvent(
            event.position,
            event.type,
            "" if ref is None else ref.player_id,
            "" if ref is None else ref.currency_code,
            self._bytes_of(event),
        )

    def _bytes_of(self, event: ToldEvent) -> bytes:
        """Returns an event as it is sent.

        Raises:
            ValueError: It cannot be told; a bug too is so of this event, and not of all.
        """
        try:
            return self._encode(event)
        except ValueError:
            raise
        except Exception as error:
            name = type(error).__name__
            logger.exception("an event cannot be encoded", extra={"tenant_id": event.tenant_id})
            raise ValueError(f"the event at {event.position} was not encoded: {name}") from error
