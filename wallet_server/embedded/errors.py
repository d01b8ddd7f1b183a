"""Every way the embedded Postgres can fail, each saying what to do about it."""

from pathlib import Path


class EmbeddedPostgresError(Exception):
    """The embedded Postgres cannot do what was asked. The message says what would help."""


class BinariesError(EmbeddedPostgresError):
    """The wheel's Postgres programs are missing or cannot be made ready to run."""


class NoAccountError(EmbeddedPostgresError):
    """There is no operating-system account that Postgres could run under."""


class DataDirError(EmbeddedPostgresError):
    """The data directory cannot be used."""


class ClosedDirectoryError(DataDirError):
    """A directory above the data keeps out the account that Postgres runs under."""

    def __init__(self, directory: Path, account_name: str) -> None:
        super().__init__(
            f"Postgres runs as {account_name!r}, which may not enter {directory}. "
            f"Choose a data directory outside it, or allow entry with: chmod o+x {directory}"
        )
        self.directory = directory


class DataDirInUseError(DataDirError):
    """A live launcher, or the last one's Postgres still stopping, holds the data directory."""

    def __init__(self, data_dir: Path, pid: int | None) -> None:
        holder = "another process" if pid is None else f"process {pid}"
        super().__init__(
            f"{data_dir} is in use by {holder}. Stop it, or choose another data directory."
        )
        self.pid = pid


class InitializeError(EmbeddedPostgresError):
    """A new cluster could not be made. Nothing half made is left behind."""


class StartError(EmbeddedPostgresError):
    """Postgres did not become ready. The message ends with the last lines of its log."""


class StopError(EmbeddedPostgresError):
    """A Postgres outlived every signal sent to it, in the time there was."""


class EmbeddedNatsError(Exception):
    """The embedded NATS server cannot do what was asked. The message says what would help."""
