"""What readers of events ask for, and what they get."""

from collections.abc import Sequence
from datetime import datetime

from wallet_server.core.events.event import EventType
from wallet_server.core.events.told import ToldEvent
from wallet_server.core.value import value


@value
class EventFilter:
    """What events must be to be read; nothing is for all.

    Of a player, only events of wallets are read, and with a currency only those of one wallet. A
    currency needs a player.
    """

    types: tuple[EventType, ...] = ()
    player_id: str = ""
    currency_code: str = ""


ALL_EVENTS = EventFilter()


@value
class EventHead:
    """How far the events of a tenant are.

    `position` is the last that was given, zero if there is none; `first_position` is the first
    that is kept, one more than `position` if none is.
    """

    position: int
    first_position: int

    def has_removed(self, after: int) -> bool:
        """Whether events after a position are kept no more. Zero means the first that is kept."""
        return 0 < after < self.first_position - 1

    def has_reached(self, position: int) -> bool:
        """Whether a position has been given."""
        return position <= self.position


NO_EVENTS = EventHead(position=0, first_position=1)


@value
class EventStart:
    """Where the events of a tenant begin that got their positions since a time: after `position`.

    Those that got theirs at `kept_time` or later are all kept. Of earlier ones some may be gone, if
    any were removed at all: when these had got theirs nobody knows any more.
    """

    position: int
    head: EventHead
    kept_time: datetime

    def has_removed(self, time: datetime) -> bool:
        """Whether events may be gone that got their positions at a time or later."""
        return self.head.first_position > 1 and time < self.kept_time


@value
class EventPage:
    """Some events of a tenant, in the order of their positions, and how far the tenant is.

    All that were asked for, up to `position`, are in it or in pages before it: the next page begins
    after it. There may be none in it though more follow.
    """

    events: Sequence[ToldEvent]
    position: int
    head: EventHead

    @property
    def is_last(self) -> bool:
        """Whether there was nothing after it when it was read."""
        return self.position >= self.head.position
