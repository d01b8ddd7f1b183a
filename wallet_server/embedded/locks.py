"""Locks on files, which the kernel lets go of when their holder dies, however it dies."""

import fcntl
import os
import time
from pathlib import Path

POLL_SECONDS = 0.01

# Descriptors that keep something alive for as long as this process lives. A forked
# child inherits them and would go on keeping it alive; close-on-exec does not help a
# child that never execs.
_vital: set[int] = set()


def keep_from_forks(descriptor: int) -> None:
    """Takes the descriptor away from every child forked from now on."""
    _vital.add(descriptor)


def close_vital(descriptor: int) -> None:
    """Closes a descriptor that was kept from forks."""
    _vital.discard(descriptor)
    os.close(descriptor)


def _blind_child() -> None:
    """Points the descriptors elsewhere; closing them would free their numbers for reuse."""
    if _vital:
        nowhere = os.open(os.devnull, os.O_RDWR)
        for descriptor in _vital:
            os.dup2(nowhere, descriptor, inheritable=False)
        os.close(nowhere)
        _vital.clear()


os.register_at_fork(after_in_child=_blind_child)


def lock_file(path: Path, *, wait_seconds: float) -> int | None:
    """Returns a descriptor that holds the lock, or None if someone else kept it all the time."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    keep_from_forks(descriptor)
    deadline = time.monotonic() + wait_seconds
    while not _try_lock(descriptor):
        if time.monotonic() >= deadline:
            close_vital(descriptor)
            return None
        time.sleep(POLL_SECONDS)
    return descriptor


def write_holder(descriptor: int, pid: int) -> None:
    """Notes in a locked file who holds it."""
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, str(pid).encode(), 0)


def read_holder(path: Path) -> int | None:
    """Returns who was last noted as the holder, if anyone was."""
    try:
        return int(path.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
