"""What every test needs that starts a Postgres of its own."""

import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from tests.memory import folder_in_memory
from wallet_server.embedded.postgres import EmbeddedPostgres

# Fast, and a power cut ruins it: for throw-away clusters only.
FAST_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "shared_buffers": "32MB",
}


@contextmanager
def open_directory() -> Generator[Path]:
    """Makes a temporary directory that every account may enter, and removes it in the end.

    pytest's own are closed to the account that root lends to Postgres. In memory, where there is
    room: no test cuts the power.
    """
    directory = Path(tempfile.mkdtemp(prefix="wallet-test-", dir=folder_in_memory()))
    directory.chmod(0o755)
    try:
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


@contextmanager
def throwaway_postgres() -> Generator[EmbeddedPostgres]:
    """Runs a fast Postgres with a fresh cluster, and removes it in the end."""
    with (
        open_directory() as directory,
        EmbeddedPostgres.start(directory / "data", settings=FAST_SETTINGS) as postgres,
    ):
        yield postgres
