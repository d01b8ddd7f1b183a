"""Programs of our own, each run by a warden: whatever becomes of us, they end with us."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from wallet_server.embedded import warden
from wallet_server.embedded.errors import StopError
from wallet_server.embedded.locks import close_vital, keep_from_forks
from wallet_server.embedded.processes import POLL_SECONDS

# Longer than a warden takes at most to stop its ward.
STOP_TIMEOUT_SECONDS = 20.0

T = TypeVar("T")


@dataclass(slots=True)
class Warden:
    """A running warden, and the lifeline whose end tells it to stop its ward."""

    process: subprocess.Popen[bytes]
    lifeline: int | None
    ward: str = "Postgres"

    @property
    def is_running(self) -> bool:
        """Whether it is there, and with it its ward."""
        return self.process.poll() is None

    def stop(self) -> None:
        """Has the warden stop what it runs, and waits until it has. May be called again.

        Raises:
            StopError: The warden is still at it.

        """
        if self.lifeline is not None:
            close_vital(self.lifeline)
            self.lifeline = None
        try:
            self.process.wait(STOP_TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired:
            raise StopError(
                f"{self.ward} has not stopped after {STOP_TIMEOUT_SECONDS:g} seconds; process "
                f"{self.process.pid} is still at it."
            ) from None

    def wait_for(self, find: Callable[[], T | None], *, timeout_seconds: float) -> T | None:
        """Returns what shows that the ward is ready, as soon as it is found.

        None if the warden ended, or nothing was found in time.
        """
        deadline = time.monotonic() + timeout_seconds
        while time.monotonic() < deadline:
            if (found := find()) is not None:
                return found
            if not self.is_running:
                return None
            time.sleep(POLL_SECONDS)
        return None


class Ward:
    """A running program. Ends with `stop`, with the `with` block, or with this process.

    `ending` undoes, in order, all that its start did.
    """

    def __init__(self, guard: Warden, pid: int, ending: ExitStack) -> None:
        self._warden = guard
        self._pid = pid
        self._ending = ending
        self._launcher_pid = os.getpid()

    def stop(self) -> None:
        """Stops the program and waits until it has stopped. May be called again.

        Does nothing in a forked child, whose program it is not.

        Raises:
            StopError: It resists. It is still being stopped.

        """
        if os.getpid() == self._launcher_pid:
            self._ending.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        """The process id of the program."""
        return self._pid

    @property
    def warden_pid(self) -> int:
        """The process id of the warden."""
        return self._warden.process.pid

    @property
    def is_running(self) -> bool:
        """Whether the warden is there, and with it the program."""
        return self._warden.is_running


def give_orders(orders: warden.Orders, log: Path, *, lock: int, ward: str = "Postgres") -> Warden:
    """Starts a warden that does as it is told. What it says, and its ward, is in the log.

    It holds `lock` until its ward has stopped.
    """
    read_end, lifeline = os.pipe()
    keep_from_forks(lifeline)
    try:
        process = _spawn_warden(log, lifeline=read_end, lock=lock)
    except BaseException:
        close_vital(lifeline)
        raise
    finally:
        os.close(read_end)
    with suppress(BrokenPipeError):  # A warden that is already dead is noticed by who waits.
        os.write(lifeline, json.dumps(orders).encode() + b"\n")
    return Warden(process, lifeline, ward)


def _spawn_warden(log_file: Path, *, lifeline: int, lock: int) -> subprocess.Popen[bytes]:
    """Starts the program, in a session of its own that no terminal can interrupt."""
    with log_file.open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-I", "-S", warden.__file__],
            stdin=lifeline,
            stdout=log,
            stderr=log,
            cwd="/",
            pass_fds=(lock,),
            start_new_session=True,
        )
