"""Responses with events, put together of events that are encoded already.

An event is sent to many, and is encoded for the first of them. That one message may be put together
of the encoded parts of another is a promise of protobuf's.
"""

from collections.abc import Iterable

from wallet.v1 import wallet_events_pb2 as pb
from wallet_server.core.events.told import ToldEvent
from wallet_server.rpc.encode.events import fill_event


def encode_for_many(event: ToldEvent) -> bytes:
    """Returns an event as a part of a response."""
    response = pb.WatchEventsResponse()
    fill_event(response.events.add(), event)
    return response.SerializeToString()


def watch_response(events: Iterable[bytes], position: int) -> bytes:
    """Returns a `WatchEventsResponse`, encoded, with events that are parts of one."""
    rest = pb.WatchEventsResponse(position=position).SerializeToString()
    return b"".join([*events, rest])
