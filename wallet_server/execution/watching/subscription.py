"""What waits to be sent to one watcher, within limits."""

import asyncio
from collections import deque
from collections.abc import Sequence

from wallet_server.core.events.reading import EventFilter
from wallet_server.execution.watching.encoded import EncodedEvent

PENDING_EVENTS_MAX = 2_000
PENDING_BYTES_MAX = 1_048_576
"""What may wait for one watcher, if it is more than one event. Beyond it falls behind."""


class Subscription:
    """The events that one watcher wants and was not sent yet.

    All of them after `after` were offered. Where too many wait, it `is_behind`: nothing waits any
    more, and nothing comes.
    """

    def __init__(self, wanted: EventFilter, after: int) -> None:
        """Waits for events after a position."""
        self.wanted = wanted
        self.is_behind = False
        self._after = after
        self._pending: deque[EncodedEvent] = deque()
        self._pending_bytes = 0
        self._wake = asyncio.Event()

    @property
    def has_pending(self) -> bool:
        """Whether there is anything to send."""
        return bool(self._pending)

    def offer_if_wanted(self, event: EncodedEvent) -> None:
        """Takes an event, if it is wanted."""
        if event.passes(self.wanted):
            self.offer(event)

    def offer_all(self, events: Sequence[EncodedEvent], size_bytes: int) -> None:
        """Takes events that are all wanted, as `offer` does one by one. They have so many bytes."""
        is_at_once = (
            not self.is_behind
            and len(self._pending) + len(events) <= PENDING_EVENTS_MAX
            and self._pending_bytes + size_bytes <= PENDING_BYTES_MAX
            and events[0].position > self._after
        )
        if not is_at_once:
            for event in events:
                self.offer(event)
            return
        self._pending.extend(events)
        self._pending_bytes += size_bytes
        self._wake.set()

    def offer(self, event: EncodedEvent) -> None:
        """Takes an event that is wanted, unless it was read already."""
        if self.is_behind or event.position <= self._after:
            return
        size_bytes = self._pending_bytes + event.size_bytes
        if self._pending and (
            len(self._pending) >= PENDING_EVENTS_MAX or size_bytes > PENDING_BYTES_MAX
        ):
            self.fall_behind()
            return
        self._pending.append(event)
        self._pending_bytes = size_bytes
        self._wake.set()

    def fall_behind(self) -> None:
        """Gives up what waits: it is to be read from where it is kept."""
        self.is_behind = True
        self._pending.clear()
        self._wake.set()

    def wake(self) -> None:
        """Lets whoever waits go on, with nothing if there is nothing."""
        self._wake.set()

    async def wait(self) -> None:
        """Waits until there is something to send, it has fallen behind, or somebody wakes it."""
        await self._wake.wait()
        self._wake.clear()

    def take(self, *, events_max: int, bytes_max: int) -> list[EncodedEvent]:
        """Returns the next events to be sent: one at least, if there is any."""
        if len(self._pending) <= events_max and self._pending_bytes <= bytes_max:
            everything = [*self._pending]
            self._pending.clear()
            self._pending_bytes = 0
            return everything
        taken: list[EncodedEvent] = []
        size_bytes = 0
        while self._pending and len(taken) < events_max and size_bytes < bytes_max:
            taken.append(self._pending.popleft())
            size_bytes += taken[-1].size_bytes
        self._pending_bytes -= size_bytes
        if self._pending:
            self._wake.set()
        return taken
