"""The worker's end of what ties it to its supervisor.

The kernel closes the lifeline when the supervisor dies, whatever way it dies. A
thread waits for that, so that it is noticed even where the loop is stuck.
"""

import os
import sys
import threading
import time
from collections.abc import Callable

LIFELINE = 0

EXIT_GAVE_UP = 70


def read_orders() -> bytes:
    """Waits for the first line. Returns nothing where the supervisor died before its end."""
    with open(LIFELINE, "rb", buffering=0, closefd=False) as lifeline:
        line = lifeline.readline()
    return line if line.endswith(b"\n") else b""


def watch_lifeline(at_end: Callable[[], object], *, then_seconds_max: float) -> None:
    """Calls `at_end`, from a thread, when the lifeline ends; ends the process if it lives on."""

    def watch() -> None:
        while os.read(LIFELINE, 1):
            pass
        at_end()
        time.sleep(then_seconds_max)
        print("A worker could not end in time, and was ended.", file=sys.stderr, flush=True)  # noqa: T201 - logging may be stuck.
        os._exit(EXIT_GAVE_UP)

    threading.Thread(target=watch, name="lifeline", daemon=True).start()
