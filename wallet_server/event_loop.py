"""The event loop of servers: asyncio's own, which wakes up for grpc once and not once an event.

grpc.aio tells a loop of each event by a byte in a socket, and a wake-up takes one byte, though
it takes all events that are there. So under load three wake-ups of four find nothing to do.
Here each takes all bytes but one first. No event is missed by that: grpc queues an event
before it writes the byte, so whatever a byte that is taken here stood for is in the queue by
now, which is emptied next.
"""

import asyncio
import functools
import socket
import sys
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

POLLER = "grpc._cython.cygrpc.PollerCompletionQueue"
"""What takes grpc's events. Should a release call it otherwise, nothing is different here."""

WAKE_UPS_MAX = 4_096

UNREAD = bytearray(WAKE_UPS_MAX)
"""Where bytes go that are only counted. Nobody looks at it, so all wake-ups have the same."""

Result = TypeVar("Result")


class ServerEventLoop(asyncio.SelectorEventLoop):
    """A loop that lets grpc take many events in one turn."""

    def add_reader(self, fd: Any, callback: Callable[..., Any], *args: Any) -> None:  # noqa: ANN401 - as asyncio has it.
        """Watches a file as asyncio does."""
        if isinstance(fd, socket.socket) and is_poller(callback):
            callback = functools.partial(take_wake_ups, fd, callback)
        super().add_reader(fd, callback, *args)


def is_poller(callback: Callable[..., Any]) -> bool:
    """Tells whether a callback takes grpc's events."""
    function = callback.func if isinstance(callback, functools.partial) else callback
    owner: object = getattr(function, "__self__", None)
    kind = type(owner)
    return f"{kind.__module__}.{kind.__qualname__}" == POLLER


def take_wake_ups(wake_ups: socket.socket, callback: Callable[..., Any], *args: Any) -> None:  # noqa: ANN401
    """Leaves one of the bytes that wait in the socket, and then takes the events."""
    try:
        waiting = wake_ups.recv_into(UNREAD, WAKE_UPS_MAX, socket.MSG_PEEK)
    except BlockingIOError:
        return
    if waiting > 1:
        wake_ups.recv_into(UNREAD, waiting - 1)
    callback(*args)


def run(main: Coroutine[Any, Any, Result]) -> Result:
    """Runs a server, as `asyncio.run` does."""
    loop_factory = ServerEventLoop if sys.platform == "linux" else None
    with asyncio.Runner(loop_factory=loop_factory) as runner:
        return runner.run(main)
