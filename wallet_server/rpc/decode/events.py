"""Requests for events, as values."""

from wallet.v1 import event_pb2
from wallet.v1 import wallet_events_pb2 as pb
from wallet_server.core.events.event import EventType
from wallet_server.core.events.reading import EventFilter
from wallet_server.execution.watching.watch import NOW, Start
from wallet_server.rpc.decode.values import bound, values_by_number
from wallet_server.rpc.validation import FieldViolation, InvalidRequestError

EVENT_TYPES = values_by_number(EventType, event_pb2.EventType, prefix="EVENT_TYPE")

PLAYER_NEEDED = FieldViolation("filter.currency_code", "needs a player_id beside it", "REQUIRED")


def event_filter(request: pb.WatchEventsRequest | pb.ListEventsRequest) -> EventFilter:
    """Decodes which events are asked for.

    Raises:
        InvalidRequestError: A currency is named, and no player.
    """
    wanted = request.filter
    if wanted.currency_code and not wanted.player_id:
        raise InvalidRequestError([PLAYER_NEEDED])
    return EventFilter(
        tuple(EVENT_TYPES[number] for number in wanted.types),
        wanted.player_id,
        wanted.currency_code,
    )


def start_of(request: pb.WatchEventsRequest) -> Start:
    """Decodes where a stream is to begin."""
    match request.WhichOneof("start"):
        case "after_position":
            return Start(after=request.after_position)
        case "start_time":
            return Start(time=bound(request.start_time))
        case _:
            return NOW
