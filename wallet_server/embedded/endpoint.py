"""Where Postgres listens: on a Unix socket in a private directory, and perhaps on loopback.

A socket's path must be short, so it has a directory of its own, however long
the path of the data directory is.
"""

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from wallet_server.embedded.account import Account, find_closed_directory
from wallet_server.embedded.data_dir import DataDir
from wallet_server.embedded.errors import EmbeddedPostgresError

PREFIX = "wallet-pg-"

# The kernel's limit is 108 bytes with a final zero, macOS' is 104; what mkdtemp adds to
# the prefix and the socket's own name (".s.PGSQL." and up to five digits) come after.
PATH_BYTES_MAX = 103
NAME_BYTES = len(f"/{PREFIX}12345678/.s.PGSQL.65535")


# The port in the name of the socket when there is no other. The directory is private, so
# it never clashes.
SOCKET_PORT = 5432


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where one Postgres listens."""

    socket_directory: Path
    listen_port: int | None  # On loopback; None is nowhere.

    @property
    def port(self) -> int:
        """The port as Postgres knows it; the socket's name has it, too."""
        return SOCKET_PORT if self.listen_port is None else self.listen_port


def make_socket_directory(data: DataDir, account: Account) -> Path:
    """Makes the directory, its owner being whoever runs Postgres, and notes it."""
    for parent in candidate_parents():
        if is_suitable(parent, account):
            directory = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
            data.socket_note.write_text(str(directory), encoding="utf-8")
            if account.is_lent:
                shutil.chown(directory, account.uid, account.gid)
            return directory
    raise EmbeddedPostgresError(
        f"No directory is fit for Postgres' socket: tried {candidate_parents()}. "
        "Set TMPDIR to one with a short path that you may write to."
    )


def remove_socket_directory(data: DataDir) -> None:
    """Removes the noted directory, which is still there if the warden was killed."""
    if data.socket_note.exists():
        noted = Path(data.socket_note.read_text(encoding="utf-8"))
        if noted.name.startswith(PREFIX):
            shutil.rmtree(noted, ignore_errors=True)
        data.socket_note.unlink()


def candidate_parents() -> list[Path]:
    """Returns where the directory may go, best first: where nobody else can write."""
    runtime = Path("/run") if os.geteuid() == 0 else Path(os.environ.get("XDG_RUNTIME_DIR", ""))
    return [runtime, Path(tempfile.gettempdir()), Path("/tmp")]  # noqa: S108 - mkdtemp's is safe.


def is_suitable(parent: Path, account: Account) -> bool:
    """Whether a socket in a new directory in `parent` would be found, and short enough."""
    return (
        parent.is_absolute()
        and parent.is_dir()
        and os.access(parent, os.W_OK | os.X_OK)
        and len(os.fsencode(parent)) + NAME_BYTES <= PATH_BYTES_MAX
        and find_closed_directory(parent, account) is None
    )
