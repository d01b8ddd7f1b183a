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
class PositionNotReached(Unready):
    """The tenant's events have not come as far as the caller says that it has."""

    reason = "POSITION_NOT_REACHED"
    message = "the tenant's events are at position {position}, not at {after_position}"

    after_position: int
    position: int
