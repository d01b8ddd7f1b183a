"""What SIGTERM does to commands that run for a while."""

import signal
import threading
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType


def _as_sigint(number: int, frame: FrameType | None) -> None:
    """Does what SIGINT does just now: while asyncio runs that cancels, and raises nothing there."""
    handler = signal.getsignal(signal.SIGINT)
    if not callable(handler):  # It is ignored, or not Python's.
        handler = signal.default_int_handler
    handler(number, frame)


@contextmanager
def ended_by_sigterm() -> Generator[None]:
    """Has SIGTERM end the block as SIGINT does, so that it leaves nothing behind.

    Does nothing in a thread: signals come to the main one alone.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _as_sigint)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
