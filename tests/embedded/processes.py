"""Starts parents to kill, and sees what lives."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
WAIT_SECONDS = 15.0


@dataclass
class Parent:
    """A running parent.py and what it said."""

    process: subprocess.Popen[str]
    pid: int
    warden_pid: int
    child_pid: int | None
    uid: int
    url: str


def spawn(
    data_dir: Path, *arguments: str, prefix: Sequence[str] = (), user: int | None = None
) -> subprocess.Popen[str]:
    """Starts parent.py, which may fail."""
    return subprocess.Popen(
        [*prefix, sys.executable, "-m", "tests.embedded.parent", str(data_dir), *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=REPOSITORY,
        user=user,
        group=user,
        extra_groups=None if user is None else (),
    )


@contextmanager
def parent(
    data_dir: Path, *arguments: str, prefix: Sequence[str] = (), user: int | None = None
) -> Generator[Parent]:
    """Runs parent.py from when Postgres is up."""
    with spawn(data_dir, *arguments, prefix=prefix, user=user) as process:
        child_pid: int | None = None
        try:
            assert process.stdout is not None
            assert process.stderr is not None
            line = process.stdout.readline()
            assert line, process.stderr.read()
            started = Parent(process, **json.loads(line))
            child_pid = started.child_pid
            yield started
        finally:
            process.kill()
            if child_pid is not None:
                os.kill(child_pid, signal.SIGKILL)


def is_alive(pid: int) -> bool:
    """Whether the process exists and is more than an entry that nobody has collected yet."""
    listed = subprocess.run(
        ["/bin/ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return bool(listed.stdout.strip()) and not listed.stdout.startswith("Z")


def wait_until(condition: Callable[[], bool]) -> None:
    """Waits for a condition that will hold soon."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.005)


def is_root() -> bool:
    """Whether the tests run as root, which lends Postgres another account."""
    return os.geteuid() == 0
