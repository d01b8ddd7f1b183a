"""What SIGTERM does to commands that run for a while."""

import signal
import threading
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def ended_by_sigterm() -> Generator[None]:
    """Has SIGTERM end the block as SIGINT does, so that it leaves nothing behind.

    Does nothing in a thread: signals come to the main one alone.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
