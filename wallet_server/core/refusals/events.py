"""Refusals of those who ask for events that are not there: any more, or yet."""

from wallet_server.core.refusals.administration import Unready
from wallet_server.core.value import value


@value
class EventsRemoved(Unready):
    """Events that are asked for are kept no more. What is left begins at `first_position`."""

    reason = "EVENTS_REMOVED"
    message = "events after position {after_position} were removed: begin at {first_position}"

    after_position: int
    first_position: int


@value
class EventsOfTimeRemoved(Unready):
    """Some events may be kept no more that got their positions since a time.

    What is left begins at `first_position`; of the time since `kept_time` nothing was removed.
    Times are in ISO 8601.
    """

    reason = "EVENTS_OF_TIME_REMOVED"
    message = "events since {start_time} were removed: begin at {first_position}, or at {kept_time}"

    start_time: str
    first_position: int
    kept_time: str


@value
class PositionNotReached(Unready):
    """The tenant's events have not come as far as the caller says that it has."""

    reason = "POSITION_NOT_REACHED"
    message = "the tenant's events are at position {position}, not at {after_position}"

    after_position: int
    position: int
