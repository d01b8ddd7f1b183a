"""Responses with events, put together of events that are encoded already.

An event is sent to many, and is encoded for the first of them. That one message may be put together
of the encoded parts of another is a promise of protobuf's.
"""

from collections.abc import Iterable

from wallet.v1 import wallet_events_pb2 as pb
from wallet_server.core.events.reading import EventPage
from wallet_server.core.events.told import ToldEvent
from wallet_server.rpc.encode.events import fill_event

PAGE_BYTES_MAX = 2_097_152
"""How much a page has at most, if it is more than one event: half of what clients of gRPC take."""


def list_response(page: EventPage) -> pb.ListEventsResponse:
    """Returns a page; where it would be too large, its beginning."""
    response = pb.ListEventsResponse(position=page.position, at_end=page.is_last)
    size_bytes = 0
    for place, told in enumerate(page.events):
        event = response.events.add()
        fill_event(event, told)
        size_bytes += event.ByteSize()
        if place and size_bytes > PAGE_BYTES_MAX:
            del response.events[place]
            response.position, response.at_end = page.events[place - 1].position, False
            break
    return response


def encode_for_many(event: ToldEvent) -> bytes:
    """Returns an event as a part of a response."""
    response = pb.WatchEventsResponse()
    fill_event(response.events.add(), event)
    return response.SerializeToString()


def watch_response(events: Iterable[bytes], position: int) -> bytes:
    """Returns a `WatchEventsResponse`, encoded, with events that are parts of one."""
    rest = pb.WatchEventsResponse(position=position).SerializeToString()
    return b"".join([*events, rest])
