"""Starts a warden with its Postgres, and waits until that is ready."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from wallet_server.embedded import warden
from wallet_server.embedded.account import Account
from wallet_server.embedded.binaries import Binaries
from wallet_server.embedded.cluster import ENVIRONMENT
from wallet_server.embedded.data_dir import DataDir
from wallet_server.embedded.endpoint import Endpoint
from wallet_server.embedded.errors import StartError, StopError
from wallet_server.embedded.locks import close_vital, keep_from_forks
from wallet_server.embedded.processes import (
    POLL_SECONDS,
    cluster_name,
    is_process,
    read_pid_file,
)

LOG_LINES_MAX = 20

# Longer than a warden takes at most to stop its Postgres.
STOP_TIMEOUT_SECONDS = 20.0


@dataclass(slots=True)
class Warden:
    """A running warden, and the lifeline whose end tells it to stop its ward."""

    process: subprocess.Popen[bytes]
    lifeline: int | None
    ward: str = "Postgres"

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


def start_warden(
    data: DataDir, account: Account, binaries: Binaries, endpoint: Endpoint, *, lock: int
) -> Warden:
    """Starts a warden, which starts Postgres and holds `lock` until Postgres has stopped."""
    orders: warden.Orders = {
        "command": _postgres_command(data, binaries),
        "user": account.user,
        "group": account.group,
        "extra_groups": None if account.extra_groups is None else list(account.extra_groups),
        "environment": ENVIRONMENT,
        "run_directory": str(endpoint.socket_directory),
    }
    return give_orders(orders, data.start_log, lock=lock)


def give_orders(orders: warden.Orders, log: Path, *, lock: int, ward: str = "Postgres") -> Warden:
    """Starts a warden that does as it is told. What it says, and its ward, is in the log."""
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


def wait_until_ready(data: DataDir, guard: Warden, *, timeout_seconds: float) -> int:
    """Returns Postgres' pid as soon as it accepts connections.

    Raises:
        StartError: Postgres ended, or was not ready in time. The warden may live on.

    """
    deadline = time.monotonic() + timeout_seconds
    while time.monotonic() < deadline:
        pid, is_ready = read_pid_file(data)
        if is_ready and pid is not None and is_process(pid, data.cluster):
            return pid
        if guard.process.poll() is not None:
            raise StartError(f"Postgres ended while it started:\n{last_log_lines(data)}")
        time.sleep(POLL_SECONDS)
    raise StartError(
        f"Postgres was not ready after {timeout_seconds:g} seconds:\n{last_log_lines(data)}"
    )


def last_log_lines(data: DataDir) -> str:
    """Returns the end of what Postgres said, before and after it opened its own log."""
    own_logs = sorted(data.cluster.glob("log/*.log"), key=lambda path: path.stat().st_mtime)
    lines = [line for path in (data.start_log, *own_logs[-1:]) for line in _lines(path)]
    return "\n".join(lines[-LOG_LINES_MAX:]) or "(its log is empty)"


def _lines(path: Path) -> Sequence[str]:
    return path.read_text(encoding="utf-8", errors="replace").splitlines()


def _postgres_command(data: DataDir, binaries: Binaries) -> list[str]:
    name = cluster_name(data.cluster)
    return [
        *(str(binaries.postgres), "-D", str(data.cluster)),
        *("-c", f"config_file={data.configuration}"),
        *("-c", f"cluster_name={name}"),  # By which processes.py knows it again.
    ]
