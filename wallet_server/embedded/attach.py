"""Finds a Postgres that another process runs, by its data directory."""

from pathlib import Path
from urllib.parse import quote

from wallet_server.embedded.cluster import DATABASE
from wallet_server.embedded.data_dir import DataDir
from wallet_server.embedded.errors import DataDirError
from wallet_server.embedded.roles import Passwords, Role

SOCKET_PREFIX = ".s.PGSQL."
LOCK_SUFFIX = ".lock"


def find_running(data_dir: Path, role: Role, database: str = DATABASE) -> str:
    """Returns the URL of the Postgres that another launcher runs on `data_dir`.

    Raises:
        DataDirError: None does, or its files may not be read.

    """
    data = DataDir(data_dir.resolve())
    try:
        directory = Path(data.socket_note.read_text(encoding="utf-8"))
        names = [entry.name for entry in directory.iterdir()]
        password = Passwords.load_or_create(data.passwords).by_user[role]
    except OSError as error:
        message = f"no Postgres can be found by {data.root}: {error.strerror}."
        raise DataDirError(message) from error
    ports = [
        name.removeprefix(SOCKET_PREFIX)
        for name in names
        if name.startswith(SOCKET_PREFIX) and not name.endswith(LOCK_SUFFIX)
    ]
    if len(ports) != 1:
        raise DataDirError(f"no Postgres listens for {data.root}. Is it still starting?")
    host = quote(str(directory), safe="/")
    return f"postgresql://{role}:{password}@/{quote(database, safe='')}?host={host}&port={ports[0]}"
