"""What SIGTERM and SIGINT do: the first asks to stop, the second ends the process."""

import asyncio
import os
import signal
from collections.abc import Callable

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)


def catch_stop_signals() -> asyncio.Event:
    """Returns what the first SIGTERM or SIGINT sets. A second one ends the process at once."""
    stop = asyncio.Event()
    on_stop_signals(lambda _: (stop.set(), release_stop_signals()))
    return stop


def catch_stop_signals_for(end_others: Callable[[], None]) -> asyncio.Event:
    """Does the same for a process that others end with: `end_others` is called before its end."""
    stop = asyncio.Event()

    def take(signal_number: signal.Signals) -> None:
        if not stop.is_set():
            stop.set()
            return
        end_others()
        release_stop_signals()
        os.kill(os.getpid(), signal_number)

    on_stop_signals(take)
    return stop


def on_stop_signals(take: Callable[[signal.Signals], object]) -> None:
    """Has the running loop call `take` with each signal that comes."""
    for signal_number in STOP_SIGNALS:
        asyncio.get_running_loop().add_signal_handler(signal_number, take, signal_number)


def release_stop_signals() -> None:
    """Lets the signals do again what they do by default, even where the loop is stuck."""
    for signal_number in STOP_SIGNALS:
        asyncio.get_running_loop().remove_signal_handler(signal_number)
