"""Finds and stops what an earlier launcher left running.

A pid file alone proves nothing: pids are used again, in containers after every
restart. So each cluster has a name, by which all its processes are known: the
postmaster by its command line, its children by their titles. Both are readable
even to a root without the right to trace, as in a container.
"""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from wallet_server.embedded.data_dir import DataDir
from wallet_server.embedded.errors import StopError

PROC = Path("/proc")
POLL_SECONDS = 0.005

# What a leftover gets, and how long it then has: disconnect and write everything
# out; stop without that; stop existing.
STOP_STEPS = ((signal.SIGINT, 12.0), (signal.SIGQUIT, 4.0), (signal.SIGKILL, 4.0))


def cluster_name(cluster: Path) -> str:
    """Returns the name that a cluster's processes carry.

    It comes from the directory's inode: a cluster that is moved keeps its name,
    and a copy of it gets another.
    """
    status = cluster.stat()
    return f"wallet-{status.st_dev:x}-{status.st_ino:x}"


def find_processes(cluster: Path) -> set[int]:
    """Returns the pids of all processes of the cluster that have not ended."""
    owner = cluster.stat().st_uid
    name = cluster_name(cluster).encode()
    return {pid for pid, uid, line in _command_lines() if uid == owner and _carries(line, name)}


def is_process(pid: int, cluster: Path) -> bool:
    """Whether `pid` is a process of the cluster."""
    if not PROC.is_dir():
        return pid in find_processes(cluster)
    try:
        return _carries(_command_line(pid), cluster_name(cluster).encode())
    except OSError:
        return False


def read_pid_file(data: DataDir) -> tuple[int | None, bool]:
    """Returns the pid of the postmaster, and whether it says that it is ready."""
    try:
        lines = data.pid_file.read_text(encoding="utf-8", errors="replace").splitlines()
        pid = int(lines[0])
    except (OSError, ValueError, IndexError):
        return None, False
    return pid, len(lines) > 7 and lines[7].strip() == "ready"  # noqa: PLR2004 - Postgres' format.


def stop_leftover(data: DataDir) -> None:
    """Stops every process of the cluster and removes a pid file that names a stranger.

    Raises:
        StopError: Something survived even SIGKILL.

    """
    for signal_number, wait_seconds in STOP_STEPS:
        alive = find_processes(data.cluster)
        if not alive:
            break
        postmaster, _ = read_pid_file(data)
        # Without their postmaster the others leave by themselves, or are stuck.
        _send(signal_number, {postmaster} if postmaster in alive else alive)
        _wait_until_gone(data.cluster, wait_seconds)
    if alive := find_processes(data.cluster):
        pids = ", ".join(map(str, sorted(alive)))
        raise StopError(f"A Postgres of an earlier run cannot be stopped. Look at: ps {pids}")
    _remove_misleading_pid_file(data)


def _remove_misleading_pid_file(data: DataDir) -> None:
    """Removes a pid file that would keep Postgres from starting.

    Where no process has the pid, Postgres removes the file by itself, after
    looking for survivors in its own way as well. So that is left to it.
    """
    pid, _ = read_pid_file(data)
    if pid is None:
        return
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return
    except PermissionError:
        pass
    data.pid_file.unlink(missing_ok=True)


def _send(signal_number: signal.Signals, pids: set[int]) -> None:
    for pid in pids:
        try:
            os.kill(pid, signal_number)
        except ProcessLookupError:
            continue


def _wait_until_gone(cluster: Path, wait_seconds: float) -> None:
    deadline = time.monotonic() + wait_seconds
    while find_processes(cluster) and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)


def _carries(command_line: bytes, name: bytes) -> bool:
    is_postmaster = b"cluster_name=" + name in command_line.replace(b"\0", b" ").split()
    return is_postmaster or command_line.startswith(b"postgres: " + name + b": ")


def _command_line(pid: int) -> bytes:
    return (PROC / str(pid) / "cmdline").read_bytes()


def _command_lines() -> Iterator[tuple[int, int, bytes]]:
    """Yields pid, user id and command line of every process; ended ones have an empty line."""
    if not PROC.is_dir():
        yield from _command_lines_by_ps()
        return
    for entry in PROC.iterdir():
        if entry.name.isdecimal():
            try:
                yield int(entry.name), entry.stat().st_uid, _command_line(int(entry.name))
            except OSError:
                continue  # It ended while we looked.


def _command_lines_by_ps() -> Iterator[tuple[int, int, bytes]]:
    """Yields the same where there is no /proc, as on macOS."""
    listing = subprocess.run(
        ["/bin/ps", "-axww", "-o", "pid=,uid=,command="], capture_output=True, check=True
    )
    for line in listing.stdout.splitlines():
        pid, uid, command = line.split(None, 2)
        yield int(pid), int(uid), command
