"""Makes a new cluster: all of it, with its roles and its database, or nothing."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from wallet_server.embedded.account import Account
from wallet_server.embedded.binaries import Binaries
from wallet_server.embedded.data_dir import DataDir
from wallet_server.embedded.errors import InitializeError
from wallet_server.embedded.roles import SUPERUSER, Passwords, Role, sync_directory

DATABASE = "wallet"
TIMEOUT_SECONDS = 120
UNFINISHED_PREFIX = "cluster.new-"
BECOME = Path(__file__).with_name("become.py")

# Nothing of ours, and nothing that could redirect Postgres.
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def initialize(
    data: DataDir,
    account: Account,
    binaries: Binaries,
    passwords: Passwords,
    *,
    lock: int,
    durable: bool,
) -> None:
    """Makes the cluster beside its place and moves it there when it is whole.

    Requires the locks of the data directory. The programs inherit `lock`, the
    warden's: should the launcher be killed, the next one waits until they have
    ended and then clears away what they made. `durable` is False only for
    clusters that need not survive a power cut.
    """
    for unfinished in data.root.glob(f"{UNFINISHED_PREFIX}*"):
        shutil.rmtree(unfinished, ignore_errors=True)
    unfinished = Path(tempfile.mkdtemp(prefix=UNFINISHED_PREFIX, dir=data.root))
    try:
        if account.is_lent:
            shutil.chown(unfinished, account.uid, account.gid)
        initdb = _initdb_command(binaries, unfinished, durable=durable)
        _run_as(account, initdb, lock=lock)
        single_user = _single_user_command(binaries, unfinished, durable=durable)
        _run_as(account, single_user, lock=lock, script=_first_statements(passwords))
        unfinished.rename(data.cluster)
        sync_directory(data.root)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _initdb_command(binaries: Binaries, cluster: Path, *, durable: bool) -> list[str | Path]:
    return [
        binaries.initdb,
        f"--pgdata={cluster}",
        f"--username={SUPERUSER}",
        "--auth=reject",  # Until our own rules are in force, nobody gets in.
        "--encoding=UTF8",
        "--locale-provider=libc",
        "--locale=C",
        "--data-checksums",
        "--no-instructions",
        *([] if durable else ["--no-sync"]),
    ]


def _single_user_command(binaries: Binaries, cluster: Path, *, durable: bool) -> list[str | Path]:
    """Runs statements in the one way that needs neither a network nor a password."""
    return [
        binaries.postgres,
        "--single",
        "-D",
        cluster,
        *("-c", "exit_on_error=on"),
        *("-c", f"fsync={'on' if durable else 'off'}"),
        *("-c", "password_encryption=scram-sha-256"),
        *("-c", "log_min_messages=fatal"),
        *("-c", "log_min_error_statement=panic"),  # Statements hold passwords.
        "template1",
    ]


def _first_statements(passwords: Passwords) -> str:
    """Returns what makes the roles and the database, one statement a line."""
    by_user = passwords.by_user
    lines = [f"ALTER ROLE {SUPERUSER} PASSWORD '{by_user[SUPERUSER]}'"]
    lines += [f"CREATE ROLE {role} LOGIN PASSWORD '{by_user[role]}'" for role in Role]
    lines += [f"CREATE DATABASE {DATABASE} OWNER {Role.OWNER}"]
    return "".join(f"{line};\n" for line in lines)


def _become(account: Account) -> list[str | Path]:
    """Returns what a command starts with so that it runs under the account."""
    if not account.is_lent:
        return []
    return [sys.executable, "-I", "-S", BECOME, str(account.uid), str(account.gid)]


def _run_as(
    account: Account, command: Sequence[str | Path], *, lock: int, script: str = ""
) -> None:
    try:
        result = subprocess.run(
            [*_become(account), *command],
            input=script,
            capture_output=True,
            text=True,
            check=False,
            timeout=TIMEOUT_SECONDS,
            cwd="/",
            env=ENVIRONMENT,
            umask=0o077,
            pass_fds=(lock,),
        )
    except (OSError, subprocess.SubprocessError) as error:
        # Not chained: a timeout's own message holds what was said, and so may passwords.
        raise InitializeError(
            f"{command[0]} did not run as {account.name!r}: {type(error).__name__}."
        ) from None
    if result.returncode != 0:
        said = (result.stderr or result.stdout).strip()
        raise InitializeError(f"{command[0]} failed as {account.name!r}:\n{said}")
