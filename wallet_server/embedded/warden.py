"""The process between a launcher and what it runs: stops that when the launcher is gone.

Run as a program. Standard input is the lifeline: one line of JSON that says
what to start, then nothing, until the launcher closes it or dies. Whatever way
it dies, the kernel closes it. It also holds the warden lock, by a descriptor it
was given, until Postgres has stopped.

Imports the standard library only and no sibling, so that it starts fast and
whatever the launcher's import path is.
"""

import json
import os
import select
import shutil
import signal
import subprocess
import sys
from typing import TypedDict

LIFELINE = 0

# What Postgres gets, and how long it then has: disconnect and write everything out;
# stop without that; stop existing. Less in all than a next start waits.
STOP_STEPS = ((signal.SIGINT, 12.0), (signal.SIGQUIT, 3.0), (signal.SIGKILL, 3.0))


class Orders(TypedDict):
    """What the launcher says."""

    command: list[str]
    user: int | None  # As in `subprocess`: None changes nothing.
    group: int | None
    extra_groups: list[int] | None
    environment: dict[str, str]
    run_directory: str  # Removed at the end.


def main() -> int:
    """Runs Postgres for as long as the lifeline holds. Returns its exit code."""
    # Postgres stops when the lifeline breaks and not before: a SIGTERM to everyone
    # comes while the launcher still finishes its work.
    for signal_number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signal_number, _ignore)
    child_ended = _report_ended_children()
    with open(LIFELINE, "rb", buffering=0, closefd=False) as lifeline:
        line = lifeline.readline()
    if not line.endswith(b"\n"):
        return 0  # The launcher died before it had said everything.
    orders: Orders = json.loads(line)
    postgres = _start(orders)
    while postgres.poll() is None:
        ready, _, _ = select.select([LIFELINE, child_ended], [], [])
        if LIFELINE in ready:
            _stop(postgres)
        else:
            os.read(child_ended, 1)
    shutil.rmtree(orders["run_directory"], ignore_errors=True)
    return postgres.returncode


def _ignore(*_: object) -> None:
    """Does nothing; unlike SIG_IGN, it is not inherited by the child."""


def _report_ended_children() -> int:
    """Returns a descriptor that becomes readable whenever a child ends."""
    read_end, write_end = os.pipe()
    os.set_blocking(write_end, False)
    signal.set_wakeup_fd(write_end, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, _ignore)
    return read_end


def _start(orders: Orders) -> subprocess.Popen[bytes]:
    """Starts Postgres, in a session of its own that no terminal can interrupt."""
    return subprocess.Popen(
        orders["command"],
        stdin=subprocess.DEVNULL,
        cwd="/",
        env=orders["environment"],
        user=orders["user"],
        group=orders["group"],
        extra_groups=orders["extra_groups"],
        umask=0o077,
        start_new_session=True,
    )


def _stop(postgres: subprocess.Popen[bytes]) -> None:
    """Stops Postgres, less and less politely."""
    for signal_number, wait_seconds in STOP_STEPS:
        postgres.send_signal(signal_number)
        try:
            postgres.wait(wait_seconds)
        except subprocess.TimeoutExpired:
            continue
        return


if __name__ == "__main__":
    sys.exit(main())
