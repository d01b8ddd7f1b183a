"""Who may log in, and with which password."""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Self, TypedDict

SUPERUSER = "postgres"
PASSWORD_BYTES = 24


class Role(StrEnum):
    """The roles for everyone but the launcher, which alone uses the superuser."""

    OWNER = "wallet_owner"  # Owns the database; runs migrations.
    SERVER = "wallet_server"  # Serves calls.
    RETENTION = "wallet_retention"  # Removes what is past its time.


class ConnectOptions(TypedDict):
    """What `asyncpg.connect` and `asyncpg.create_pool` need, as keyword arguments."""

    host: str
    port: int
    user: str
    password: str
    database: str


@dataclass(frozen=True, slots=True, repr=False)
class Passwords:
    """The password of each role and of the superuser. Has no repr that could reach a log."""

    by_user: Mapping[str, str]

    @classmethod
    def load_or_create(cls, path: Path) -> Self:
        """Reads the passwords, or draws new ones and keeps them where only the owner may look.

        The file is complete before it has its name, so a cluster never knows a
        password that the file does not.
        """
        if not path.exists():
            users = [SUPERUSER, *Role]
            fresh = {str(user): secrets.token_hex(PASSWORD_BYTES) for user in users}
            write_private(path, json.dumps(fresh, indent=2) + "\n")
        stored: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
        return cls(MappingProxyType(stored))


def write_private(path: Path, text: str) -> None:
    """Writes a file of mode 0600 in one step: after a crash it is there whole, or not at all."""
    unfinished = path.with_name(f"{path.name}.new")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    sync_directory(path.parent)


def sync_directory(directory: Path) -> None:
    """Makes the names in `directory` survive a power cut."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
