"""The directory of a NATS server: what lies where in it, and what an earlier one left running."""

import json
import os
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from wallet_server.embedded.processes import POLL_SECONDS, PROC

LOOPBACK = "127.0.0.1"
LEFTOVER_SECONDS_MAX = 4.0


@dataclass(frozen=True, slots=True)
class NatsDir:
    """The paths in it."""

    root: Path

    @property
    def streams(self) -> Path:
        """What JetStream keeps."""
        return self.root / "streams"

    @property
    def configuration(self) -> Path:
        """The server's settings, written anew at each start."""
        return self.root / "nats.conf"

    @property
    def pid_file(self) -> Path:
        """Where a running server says who it is."""
        return self.root / "nats.pid"

    @property
    def log(self) -> Path:
        """What the server says, since its last start."""
        return self.root / "nats.log"

    @property
    def lock(self) -> Path:
        """Held from before the server starts until after it has stopped."""
        return self.root / "nats.lock"


def write_configuration(
    data: NatsDir, run_directory: Path, *, listen_port: int, settings: str
) -> None:
    """Writes the server's settings. Its format takes strings as JSON writes them."""
    lines = [
        "# Written by the launcher at each start.",
        f"listen: {json.dumps(f'{LOOPBACK}:{listen_port}')}",
        f"pid_file: {json.dumps(str(data.pid_file))}",
        f"ports_file_dir: {json.dumps(str(run_directory))}",
        f"jetstream {{ store_dir: {json.dumps(str(data.streams))} }}",
        settings,
        "",
    ]
    data.configuration.write_text("\n".join(lines), encoding="utf-8")


def read_port(run_directory: Path) -> int | None:
    """Returns where the server listens, as soon as it does and has said so."""
    for file in run_directory.glob("*.ports"):
        with suppress(ValueError):  # It may be half written.
            urls: list[str] = json.loads(file.read_text(encoding="utf-8"))["nats"]
            return int(urls[0].rpartition(":")[2])
    return None


def read_pid(data: NatsDir) -> int | None:
    """Returns the pid that the server has noted."""
    try:
        return int(data.pid_file.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None


def is_running(data: NatsDir, pid: int) -> bool:
    """Whether a process is the server of this directory. Pids are used again."""
    try:
        line = (PROC / str(pid) / "cmdline").read_bytes()
    except OSError:
        return False
    return os.fsencode(data.configuration) in line.split(b"\0")


def stop_leftover(data: NatsDir) -> None:
    """Stops the server that has outlived its warden, if one has, and removes its pid file.

    A warden outlives its launcher, so that takes two SIGKILLs. Where there is no /proc, such a
    server is not found, and keeps its port.
    """
    pid = read_pid(data)
    if pid is not None and is_running(data, pid):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)  # Its files bear that.
        deadline = time.monotonic() + LEFTOVER_SECONDS_MAX
        while is_running(data, pid) and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
    data.pid_file.unlink(missing_ok=True)
