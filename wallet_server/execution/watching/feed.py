"""The events of one tenant as they come: the latest of them, and who waits for which."""

import asyncio
from collections import deque
from collections.abc import Sequence
from itertools import islice

from wallet_server.core.events.event import EventType
from wallet_server.core.events.reading import EventFilter
from wallet_server.execution.watching.encoded import EncodedEvent
from wallet_server.execution.watching.subscription import Subscription

RECENT_EVENTS_MAX = 1_000
RECENT_BYTES_MAX = 524_288
"""What is kept of a tenant for those who join: less than may wait for one of them."""


class Feed:
    """Hands the events of a tenant to those who have asked for them.

    They are found by the player or the type that they ask for, so that an event costs nothing for
    those who wait for others. `position` is how far it is.
    """

    def __init__(self) -> None:
        """Is empty, and not open: whoever uses it first opens it."""
        self.opening = asyncio.Lock()
        self.is_open = False
        self.users_count = 0
        self.position = 0
        self._went_back = False
        self._since = 0
        self._recent: deque[EncodedEvent] = deque()
        self._recent_bytes = 0
        self._all: dict[Subscription, None] = {}
        self._by_player: dict[str, dict[Subscription, None]] = {}
        self._by_type: dict[EventType, dict[Subscription, None]] = {}
        self._unfiltered: dict[Subscription, None] = {}

    def open(self, after: int, events: Sequence[EncodedEvent], position: int) -> None:
        """Begins with all events after one position, up to another."""
        self.is_open = True
        self._since = after
        self.take(events, position)

    def take(self, events: Sequence[EncodedEvent], position: int) -> None:
        """Takes the next events of the tenant, up to a position, and hands them out."""
        size_bytes = sum([len(event.encoded) for event in events])
        if events:
            for subscription in self._unfiltered:
                subscription.offer_all(events, size_bytes)
        by_player, by_type = self._by_player, self._by_type
        for event in events:
            if (subscriptions := by_player.get(event.player_id)) is not None:
                for subscription in subscriptions:
                    subscription.offer_if_wanted(event)
            if (subscriptions := by_type.get(event.type)) is not None:
                for subscription in subscriptions:
                    subscription.offer(event)
        self._keep(events, size_bytes)
        self.position = position

    def restart(self, position: int) -> None:
        """Goes on from elsewhere, as what comes next is not to be had. All must read on alone."""
        self._went_back = self._went_back or position < self.position
        self.position = self._since = position
        self._recent.clear()
        self._recent_bytes = 0
        for subscription in self._all:
            subscription.fall_behind()

    def has(self, position: int) -> bool:
        """Whether it can go on after a position."""
        return self.is_open and self._since <= position <= self.position

    def subscribe(self, wanted: EventFilter, after: int) -> Subscription | None:
        """Hands out events after a position from now on; or none, if it cannot go on from there.

        That is too far back; or so far ahead that the database may have been restored since.
        """
        if not self.is_open or after < self._since or (self._went_back and after > self.position):
            return None
        subscription = Subscription(wanted, after)
        for event in islice(self._recent, after - self._since, None):
            subscription.offer_if_wanted(event)
        self._all[subscription] = None
        for place in self._places_of(wanted):
            place[subscription] = None
        return subscription

    def unsubscribe(self, subscription: Subscription) -> None:
        """Hands out nothing more to somebody."""
        del self._all[subscription]
        for place in self._places_of(subscription.wanted):
            del place[subscription]
        if subscription.wanted.player_id:
            self._tidy(self._by_player, subscription.wanted.player_id)

    def wake_all(self) -> None:
        """Lets all who wait look whether they should go on."""
        for subscription in self._all:
            subscription.wake()

    def _places_of(self, wanted: EventFilter) -> list[dict[Subscription, None]]:
        """Returns where somebody is found by what they want."""
        if wanted.player_id:
            return [self._by_player.setdefault(wanted.player_id, {})]
        if wanted.types:
            return [self._by_type.setdefault(each, {}) for each in wanted.types]
        return [self._unfiltered]

    def _tidy(self, places: dict[str, dict[Subscription, None]], name: str) -> None:
        if not places[name]:
            del places[name]

    def _keep(self, events: Sequence[EncodedEvent], size_bytes: int) -> None:
        self._recent.extend(events)
        self._recent_bytes += size_bytes
        while len(self._recent) > RECENT_EVENTS_MAX or self._recent_bytes > RECENT_BYTES_MAX:
            gone = self._recent.popleft()
            self._recent_bytes -= gone.size_bytes
            self._since = gone.position
