"""Where all who watch in a process hear of events: each tenant's are read once for all of them.

A watcher first hears what is past, in pages that are read for it alone (`watch.py`), and then what
comes, out of its tenant's feed (`feed.py`), which one loop keeps going. The feed waits for nobody:
a watcher that is too slow for it falls behind, and reads what it has missed at its own pace.

Where this process gives events their positions, the hub is `poke`d, and events wait for nothing
more. They come some at a time where there are many, as positions are given so: what is sent to many
costs much the same however many events it has.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager

from wallet_server.core.events.reading import NO_EVENTS
from wallet_server.core.value import value
from wallet_server.execution.errors import OverloadedError, RefusedError, ShuttingDownError
from wallet_server.execution.repetition import AT_ONCE, Pause, Repetition
from wallet_server.execution.tracing import TurnTracing, turn_of
from wallet_server.execution.watching.catching_up import Turns
from wallet_server.execution.watching.encoded import EncodedPage, EncodedReader
from wallet_server.execution.watching.feed import Feed
from wallet_server.execution.watching.settings import WatchSettings
from wallet_server.execution.watching.statistics import WatchStatistics

logger = logging.getLogger(__name__)

PAGE_EVENTS = 500
"""How many events of a tenant are read at once."""

OPENING_EVENTS = 200
"""How far back a feed begins: those who come back after a while join it at once."""

PAUSE_SECONDS_MAX = 5.0

POKED_INTERVALS = 4
"""How many usual pauses the one after a poke has, unless it ends with another: that is likely."""

MS_PER_SECOND = 1_000


@value
class ReadOn:
    """What was read of a feed: how many events there were, and how many waited after them."""

    events_count: int = 0
    waiting_count: int = 0


NOTHING_READ = ReadOn()


class Hub:
    """Reads the events of all tenants that are watched, and hands them out."""

    def __init__(
        self,
        reader: EncodedReader,
        settings: WatchSettings,
        tracing: TurnTracing | None = None,
        statistics: WatchStatistics | None = None,
    ) -> None:
        """Does nothing until it is started. `tracing` is told of its looks."""
        self._tracing = tracing
        self.reader = reader
        self.settings = settings
        self.turns = Turns()
        self.statistics = statistics or WatchStatistics()
        self._feeds: dict[str, Feed] = {}
        self._is_watched = asyncio.Event()
        self._was_poked = False
        self._seconds = settings.watch_interval_ms / MS_PER_SECOND
        self._repetition = Repetition(
            "watching",
            self._look,
            interval_seconds=self._seconds,
            pause_seconds_max=PAUSE_SECONDS_MAX,
        )

    def start(self) -> None:
        """Begins to look for new events, while anybody watches."""
        self._repetition.start()

    def poke(self) -> None:
        """Tells that there may be events. It costs nothing to tell often."""
        self._was_poked = True
        self._repetition.poke()

    def stop_soon(self) -> None:
        """Lets all who watch go elsewhere."""
        self._repetition.stop_soon()
        self._is_watched.set()
        for feed in self._feeds.values():
            feed.wake_all()

    async def finish(self) -> None:
        """Looks no more."""
        self.stop_soon()
        await self._repetition.finish()

    def check_running(self) -> None:
        """Makes sure that there is more to come.

        Raises:
            Fault: The server is about to stop.
        """
        if self._repetition.is_stopping:
            raise ShuttingDownError

    @asynccontextmanager
    async def feed_of(self, tenant_id: str) -> AsyncGenerator[Feed]:
        """Lends the feed of a tenant to one more watcher.

        Raises:
            RefusedError: There is no such tenant.
            Fault: Too many watch already; or the database cannot be reached.
        """
        feed = self._enter(tenant_id)
        try:
            async with feed.opening:
                if not feed.is_open:
                    await self._open(feed, tenant_id)
            yield feed
        finally:
            self._leave(tenant_id, feed)

    def _enter(self, tenant_id: str) -> Feed:
        self.check_running()
        feed = self._feeds.get(tenant_id) or Feed()
        if (
            self.statistics.watchers >= self.settings.watchers_max
            or feed.users_count >= self.settings.tenant_watchers_max
        ):
            raise OverloadedError
        self._feeds[tenant_id] = feed
        feed.users_count += 1
        self.statistics.watchers += 1
        self._is_watched.set()
        return feed

    def _leave(self, tenant_id: str, feed: Feed) -> None:
        feed.users_count -= 1
        self.statistics.watchers -= 1
        if feed.users_count == 0:
            del self._feeds[tenant_id]
        if not self._feeds:
            self.statistics.waiting_events = 0
            if not self._repetition.is_stopping:
                self._is_watched.clear()

    async def _open(self, feed: Feed, tenant_id: str) -> None:
        """Reads the last events that there are, and begins with these; or after them."""
        head = await self.reader.head(tenant_id)
        after = max(head.position - OPENING_EVENTS, head.first_position - 1)
        page = await self._opening_page(tenant_id, after)
        if page is None:
            feed.open(head.position, (), head.position)
        else:
            feed.open(after, page.events, page.position)

    async def _opening_page(self, tenant_id: str, after: int) -> EncodedPage | None:
        """Returns the events after a position; none if they cannot be had without a gap."""
        try:
            page = await self.reader.page(tenant_id, after=after, limit=OPENING_EVENTS)
        except RefusedError:  # The database was restored; or retention was quicker.
            return None
        except ValueError as error:
            tell_of_trouble(tenant_id, error)
            return None
        return None if page.head.first_position > after + 1 else page

    async def _look(self) -> Pause:
        """Reads what has come for all feeds, a page at most for each. Returns the pause after it.

        That is none if there is more; and a long one after a poke, as there will be another.
        """
        await self._is_watched.wait()
        was_poked, self._was_poked = self._was_poked, False
        feeds = {tenant_id: feed for tenant_id, feed in self._feeds.items() if feed.is_open}
        with turn_of(self._tracing, "watching") as turn:
            moved = await self._moved(feeds) if len(feeds) > 1 else [*feeds]
            read = [await self._go_on(feeds[tenant_id], tenant_id) for tenant_id in moved]
            turn.done += sum(each.events_count for each in read)
        self.statistics.waiting_events = sum(each.waiting_count for each in read)
        if self.statistics.waiting_events:
            return AT_ONCE
        intervals = POKED_INTERVALS if was_poked else 1
        return Pause(intervals * self._seconds, ends_with_poke=True)

    async def _moved(self, feeds: Mapping[str, Feed]) -> list[str]:
        """Returns the tenants that are elsewhere than their feeds. One is read without asking."""
        heads = await self.reader.heads(feeds)
        return [
            each
            for each, feed in feeds.items()
            if heads.get(each, NO_EVENTS).position != feed.position
        ]

    async def _go_on(self, feed: Feed, tenant_id: str) -> ReadOn:
        """Reads what comes next in a feed."""
        after = feed.position
        try:
            page = await self.reader.page(tenant_id, after=after, limit=PAGE_EVENTS)
        except RefusedError:  # The database was restored; or retention was quicker.
            await self._restart(feed, tenant_id)
            return NOTHING_READ
        except ValueError as error:  # One that this release cannot tell of: who reads it hears so.
            tell_of_trouble(tenant_id, error)
            await self._restart(feed, tenant_id)
            return NOTHING_READ
        if page.head.first_position > after + 1:
            feed.restart(page.head.position)
            return NOTHING_READ
        feed.take(page.events, page.position)
        waiting_count = max(0, page.head.position - page.position)
        return ReadOn(len(page.events), waiting_count)

    async def _restart(self, feed: Feed, tenant_id: str) -> None:
        """Goes on from where the tenant is by now."""
        heads = await self.reader.heads([tenant_id])
        feed.restart(heads.get(tenant_id, NO_EVENTS).position)


def tell_of_trouble(tenant_id: str, error: Exception) -> None:
    """Logs that some events of a tenant cannot be told. Those of others can."""
    logger.error("events cannot be told: %s", error, extra={"tenant_id": tenant_id})
