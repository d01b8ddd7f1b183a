"""The data directory: what lies where in it, and how a new one is taken over.

It belongs to the launcher. Only `cluster/` belongs to the account that runs
Postgres, and the launcher never writes in there: a root that writes where
another account may plant symbolic links writes wherever that account likes.
"""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path

from wallet_server.embedded.account import check_reachable, choose_account
from wallet_server.embedded.errors import DataDirError

PRODUCT = "wallet-server"
ROOT_DATA_DIR = Path("/var/lib") / PRODUCT
HOMELESS_DATA_DIRS = Path("/var/tmp")  # noqa: S108 - what is found there is used only if ours.

# A fresh volume's own; a directory with nothing else in it is empty.
VOLUME_ENTRIES = {"lost+found"}


@dataclass(frozen=True, slots=True)
class DataDir:
    """The paths in a data directory."""

    root: Path

    @property
    def cluster(self) -> Path:
        """What Postgres calls its data directory."""
        return self.root / "cluster"

    @property
    def pid_file(self) -> Path:
        """Where a running Postgres says who it is and whether it is ready."""
        return self.cluster / "postmaster.pid"

    @property
    def launcher_lock(self) -> Path:
        """Held by a live launcher, and by nothing else."""
        return self.root / "launcher.lock"

    @property
    def warden_lock(self) -> Path:
        """Held from before Postgres starts until after it has stopped."""
        return self.root / "warden.lock"

    @property
    def passwords(self) -> Path:
        """The passwords of all roles."""
        return self.root / "passwords.json"

    @property
    def configuration(self) -> Path:
        """Postgres' settings, written anew at each start."""
        return self.root / "postgresql.conf"

    @property
    def authentication(self) -> Path:
        """Postgres' rules of who may connect, written anew at each start."""
        return self.root / "pg_hba.conf"

    @property
    def socket_note(self) -> Path:
        """Names the socket directory, so that the next start can remove a stale one."""
        return self.root / "socket_directory"

    @property
    def start_log(self) -> Path:
        """What Postgres says before it opens its own log, and what the warden says."""
        return self.root / "start.log"


def default_data_dir() -> Path:
    """Returns where the data goes when nobody says: a place that works for this user.

    Root's home is closed to the account that root lends to Postgres, and a
    user may have no home at all, as in many containers.
    """
    if os.geteuid() == 0:
        return ROOT_DATA_DIR
    xdg_data_home = Path(os.environ.get("XDG_DATA_HOME", ""))
    if xdg_data_home.is_absolute():
        return xdg_data_home / PRODUCT
    home = find_home()
    if home is not None:
        return home / ".local" / "share" / PRODUCT
    return HOMELESS_DATA_DIRS / f"{PRODUCT}-{os.geteuid()}"


def find_home() -> Path | None:
    """Returns the user's home, if there is one that can be written to."""
    try:
        home = Path(os.environ.get("HOME") or pwd.getpwuid(os.geteuid()).pw_dir)
    except KeyError:
        return None
    return home if home.is_absolute() and os.access(home, os.W_OK | os.X_OK) else None


def prepare_data_dir(path: Path) -> DataDir:
    """Makes the data directory, or checks that an existing one is ours or empty.

    Changes the mode of no directory that it did not make, but for an empty one
    given as the data directory itself.
    """
    root = Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow links; not yet.
    data = DataDir(root)
    try:
        # Before making anything; whether `root` itself is open is another matter.
        check_reachable(root.parent, choose_account(data.cluster))
        make_directories(root)
        if not data.launcher_lock.exists():
            take_over(data)
        owner = root.stat().st_uid
    except OSError as error:
        raise DataDirError(
            f"{root} cannot be used: {error.strerror}. Choose another data directory."
        ) from error
    if owner != os.geteuid():
        raise DataDirError(
            f"{root} belongs to user id {owner}. "
            "Run as that user, or choose another data directory."
        )
    return DataDir(root.resolve())


def make_directories(root: Path) -> None:
    """Makes `root` and what is missing above it, whatever the umask."""
    missing = [directory for directory in (root, *root.parents) if not directory.exists()]
    for directory in reversed(missing):
        directory.mkdir(exist_ok=True)
        directory.chmod(directory_mode())


def take_over(data: DataDir) -> None:
    """Makes an empty directory ours."""
    is_empty = {entry.name for entry in data.root.iterdir()} <= VOLUME_ENTRIES
    if not is_empty and not data.launcher_lock.exists():  # Another launcher may just have begun.
        raise DataDirError(
            f"{data.root} holds something else than a database of this program. "
            "Choose an empty directory, or one that does not exist yet."
        )
    if os.geteuid() == 0:
        os.chown(data.root, 0, 0)
    data.root.chmod(directory_mode())


def directory_mode() -> int:
    """Returns the mode of our own directories: root's let the lent account pass through."""
    return 0o711 if os.geteuid() == 0 else 0o700
