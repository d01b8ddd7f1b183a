"""What one watcher hears: what is past, and then what comes."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from datetime import datetime

from wallet_server.core.events.reading import EventFilter
from wallet_server.execution.event_reader import check_position
from wallet_server.execution.watching.encoded import EncodedEvent, EncodedPage
from wallet_server.execution.watching.feed import Feed
from wallet_server.execution.watching.hub import Hub
from wallet_server.execution.watching.subscription import Subscription

PAGE_EVENTS = 200
"""How many events are read at once for one watcher: few, so that others have their turn."""

MESSAGE_EVENTS_MAX = 500
MESSAGE_BYTES_MAX = 262_144
"""How much is told at once, if it is more than one event."""

HEARTBEAT_STEPS = 5
"""Between two heartbeats of one watcher, so often there is a moment for those of others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Where a watcher begins: after a position, at a time, or, with neither, with what comes next.

    After zero is with the first event that is kept.
    """

    after: int | None = None
    time: datetime | None = None


NOW = Start()


@dataclass(frozen=True, slots=True)
class Told:
    """Some events, encoded; all that the watcher wants, up to a position, it has been told now."""

    events: Sequence[bytes]
    position: int


class Watch:
    """One watcher of a tenant's events."""

    def __init__(self, hub: Hub, tenant_id: str, wanted: EventFilter) -> None:
        """Watches where `told` is called."""
        self._hub = hub
        self._tenant_id = tenant_id
        self._wanted = wanted
        self._heartbeat_seconds = hub.settings.watch_heartbeat_seconds
        self._clock = asyncio.get_running_loop().time
        self._told_seconds = self._clock()

    async def told(
        self, start: Start = NOW, *, until_seconds: float | None = None
    ) -> AsyncGenerator[Told]:
        """Yields events in the order of their positions.

        At once, and where there are none for a while, it yields how far it is.

        Args:
            start: Where to begin.
            until_seconds: When to end, on the running loop's clock; none for never.

        Raises:
            RefusedError: There is no such tenant; or what it asks for is kept no more, or not
                reached.
            Fault: Too many watch; the server stops; or the database cannot be reached.
        """
        async with self._hub.feed_of(self._tenant_id) as feed:
            position = await self._first_position(feed, start)
            yield self._tell([], position)
            has_fallen_behind = False
            while not self._is_over(until_seconds):
                self._hub.check_running()
                # One that has fallen behind reads first: it may have to be told that it cannot.
                subscription = None if has_fallen_behind else feed.subscribe(self._wanted, position)
                if subscription is None:
                    told = await self._past(position)
                    position, has_fallen_behind = told.position, False
                    if told.events or self._is_quiet():
                        yield self._tell(told.events, position)
                    continue
                try:
                    async for told in self._live(feed, subscription, position, until_seconds):
                        position = told.position
                        yield told
                finally:
                    feed.unsubscribe(subscription)
                has_fallen_behind = True

    async def _first_position(self, feed: Feed, start: Start) -> int:
        """Returns the position after which a watcher begins."""
        reader = self._hub.reader
        if start.time is not None:
            return await reader.position_before(self._tenant_id, start.time)
        if start.after is None:
            return feed.position
        if not feed.has(start.after):
            check_position(await reader.head(self._tenant_id), start.after)
        return start.after

    async def _past(self, position: int) -> Told:
        """Reads the next page of what is past, when it is this watcher's turn."""
        hub = self._hub
        hub.statistics.behind += 1
        try:
            page = await hub.turns.take(
                lambda: hub.reader.page(
                    self._tenant_id, after=position, limit=PAGE_EVENTS, wanted=self._wanted
                )
            )
        finally:
            hub.statistics.behind -= 1
        return cut(page)

    async def _live(
        self, feed: Feed, subscription: Subscription, after: int, until_seconds: float | None
    ) -> AsyncGenerator[Told]:
        """Yields what comes, until the watcher has fallen behind or its time is over."""
        while not subscription.is_behind:
            if self._is_over(until_seconds):
                return
            events = subscription.take(events_max=MESSAGE_EVENTS_MAX, bytes_max=MESSAGE_BYTES_MAX)
            after = position_after(events, feed, subscription, after)
            if events or self._is_quiet():
                yield self._tell([event.encoded for event in events], after)
                continue
            await self._wait(subscription)
            self._hub.check_running()
        self._hub.statistics.overruns += 1

    async def _wait(self, subscription: Subscription) -> None:
        """Waits for something to tell; not for longer than a watcher may hear nothing."""
        timer = asyncio.get_running_loop().call_at(self._quiet_until(), subscription.wake)
        try:
            await subscription.wait()
        finally:
            timer.cancel()

    def _is_over(self, until_seconds: float | None) -> bool:
        return until_seconds is not None and self._clock() >= until_seconds

    def _is_quiet(self) -> bool:
        return self._clock() >= self._quiet_until()

    def _quiet_until(self) -> float:
        """Returns when the watcher is told how far it is, if there is nothing else.

        Somewhat early, so that it is with others: to tell many at one time costs half as much.
        """
        step_seconds = self._heartbeat_seconds / HEARTBEAT_STEPS
        return (self._told_seconds + self._heartbeat_seconds) // step_seconds * step_seconds

    def _tell(self, events: Sequence[bytes], position: int) -> Told:
        self._told_seconds = self._clock()
        self._hub.statistics.events += len(events)
        return Told(events, position)


def position_after(
    events: Sequence[EncodedEvent], feed: Feed, subscription: Subscription, after: int
) -> int:
    """Returns how far a watcher is that is told some events: as far as its feed, if all."""
    return events[-1].position if subscription.has_pending else max(after, feed.position)


def cut(page: EncodedPage) -> Told:
    """Returns as much of a page as is told at once: one event at least, if there is any."""
    events = [event.encoded for event in page.events]
    size_bytes = 0
    for place, encoded in enumerate(events):
        size_bytes += len(encoded)
        if size_bytes > MESSAGE_BYTES_MAX and place > 0:
            return Told(events[:place], page.events[place - 1].position)
    return Told(events, page.position)
