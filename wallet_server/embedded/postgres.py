"""A Postgres of our own: started with the program, stopped with it, its data kept.

For development, demonstrations and tests. Production brings its own Postgres.
"""

import os
from collections.abc import Generator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Self
from urllib.parse import quote

from wallet_server.embedded import databases
from wallet_server.embedded.account import Account, check_reachable, choose_account
from wallet_server.embedded.binaries import Binaries, find_binaries
from wallet_server.embedded.cluster import DATABASE, initialize
from wallet_server.embedded.configuration import write_configuration
from wallet_server.embedded.data_dir import DataDir, prepare_data_dir
from wallet_server.embedded.endpoint import (
    Endpoint,
    make_socket_directory,
    remove_socket_directory,
)
from wallet_server.embedded.errors import DataDirInUseError, EmbeddedPostgresError
from wallet_server.embedded.launch import start_warden, wait_until_ready
from wallet_server.embedded.locks import close_vital, lock_file, read_holder, write_holder
from wallet_server.embedded.processes import stop_leftover
from wallet_server.embedded.roles import SUPERUSER, ConnectOptions, Passwords, Role
from wallet_server.embedded.wards import STOP_TIMEOUT_SECONDS, Ward, Warden

# A launcher that was just killed may keep its lock for a moment, until the kernel has
# taken it apart.
LAUNCHER_WAIT_SECONDS = 1.0

START_TIMEOUT_SECONDS = 60.0  # A start after a crash replays the log first.

NO_SETTINGS: Mapping[str, str] = MappingProxyType({})


class EmbeddedPostgres(Ward):
    """A running Postgres. Made by `start`."""

    def __init__(
        self, endpoint: Endpoint, passwords: Passwords, guard: Warden, pid: int, ending: ExitStack
    ) -> None:
        super().__init__(guard, pid, ending)
        self._endpoint = endpoint
        self._passwords = passwords

    @classmethod
    def start(
        cls,
        data_dir: Path,
        *,
        settings: Mapping[str, str] = NO_SETTINGS,
        listen_port: int | None = None,
        start_timeout_seconds: float = START_TIMEOUT_SECONDS,
    ) -> Self:
        """Starts Postgres on `data_dir`, making what is not there yet.

        Blocks: about a tenth of a second, a second more the first time, and up
        to twenty while the Postgres of a killed launcher still stops. It listens
        on a private Unix socket, and at `listen_port` of 127.0.0.1 if that is
        given. `settings` win over those of postgresql.conf.

        Raises:
            DataDirInUseError: A live launcher has the directory.
            EmbeddedPostgresError: Anything else; the subclass says what.

        """
        data = prepare_data_dir(data_dir)
        try:
            return cls._start(data, settings, listen_port, start_timeout_seconds)
        except OSError as error:
            raise EmbeddedPostgresError(
                f"Postgres cannot be started on {data.root}: {error}. As root, this needs "
                "the right to give files away and to change the user."
            ) from error

    @classmethod
    def _start(
        cls,
        data: DataDir,
        settings: Mapping[str, str],
        listen_port: int | None,
        start_timeout_seconds: float,
    ) -> Self:
        """Starts Postgres, or undoes what it did towards that."""
        with ExitStack() as ending:
            ending.enter_context(_launcher_lock(data))
            with _warden_lock(data) as lock:
                account, binaries = _choose_programs(data)
                passwords = _prepare_cluster(data, account, binaries, settings, lock=lock)
                endpoint = Endpoint(make_socket_directory(data, account), listen_port)
                ending.callback(remove_socket_directory, data)
                write_configuration(data, endpoint, settings, has_lz4=binaries.has_lz4())
                ending.callback(stop_leftover, data)  # Finds one only if the warden was killed.
                guard = start_warden(data, account, binaries, endpoint, lock=lock)
                ending.callback(guard.stop)
                write_holder(lock, guard.process.pid)
            pid = wait_until_ready(data, guard, timeout_seconds=start_timeout_seconds)
            return cls(endpoint, passwords, guard, pid, ending.pop_all())

    def connect_options(self, role: Role, database: str = DATABASE) -> ConnectOptions:
        """Returns the keyword arguments for `asyncpg.connect` or `asyncpg.create_pool`."""
        return self._options(role, database)

    def url(self, role: Role, database: str = DATABASE) -> str:
        """Returns the same as a URL, with the socket's directory as `host` in its query."""
        options = self._options(role, database)
        host = quote(options["host"], safe="/")
        return (
            f"postgresql://{options['user']}:{options['password']}@/{quote(database, safe='')}"
            f"?host={host}&port={options['port']}"
        )

    async def create_database(self, name: str, template: str | None = None) -> None:
        """Makes a database owned by the owner role, as a copy of `template` if given.

        Nobody may be connected to the template meanwhile. Privileges on the
        template's tables are copied, those on the database itself are not.
        """
        await databases.create_database(self._options(SUPERUSER, SUPERUSER), name, template)

    async def drop_database(self, name: str) -> None:
        """Drops a database, if there is one, whoever is connected to it."""
        await databases.drop_database(self._options(SUPERUSER, SUPERUSER), name)

    def _options(self, user: str, database: str) -> ConnectOptions:
        return {
            "host": str(self._endpoint.socket_directory),
            "port": self._endpoint.port,
            "user": str(user),
            "password": self._passwords.by_user[user],
            "database": database,
        }


@contextmanager
def _launcher_lock(data: DataDir) -> Generator[None]:
    """Keeps every other launcher off the directory."""
    descriptor = lock_file(data.launcher_lock, wait_seconds=LAUNCHER_WAIT_SECONDS)
    if descriptor is None:
        raise DataDirInUseError(data.root, read_holder(data.launcher_lock))
    write_holder(descriptor, os.getpid())
    try:
        yield
    finally:
        close_vital(descriptor)


@contextmanager
def _warden_lock(data: DataDir) -> Generator[int]:
    """Waits until the last launcher's Postgres has stopped, and keeps the lock for the next.

    The new warden holds it as well, and goes on holding it.
    """
    descriptor = lock_file(data.warden_lock, wait_seconds=STOP_TIMEOUT_SECONDS)
    if descriptor is None:
        raise DataDirInUseError(data.root, read_holder(data.warden_lock))
    try:
        yield descriptor
    finally:
        close_vital(descriptor)


def _choose_programs(data: DataDir) -> tuple[Account, Binaries]:
    """Returns the account to run Postgres under, and programs that it may run."""
    account = choose_account(data.cluster)
    check_reachable(data.root, account)
    return account, find_binaries(account)


def _prepare_cluster(
    data: DataDir,
    account: Account,
    binaries: Binaries,
    settings: Mapping[str, str],
    *,
    lock: int,
) -> Passwords:
    """Clears away what an earlier run left, and makes the cluster if there is none."""
    passwords = Passwords.load_or_create(data.passwords)
    remove_socket_directory(data)
    if data.cluster.exists():
        stop_leftover(data)
    else:
        durable = settings.get("fsync") != "off"
        initialize(data, account, binaries, passwords, lock=lock, durable=durable)
    return passwords
