"""Which operating-system account runs Postgres, and where that account may go.

Postgres refuses to run as root. So root lends it an unprivileged account, and
everyone else runs it as themselves.
"""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

from wallet_server.embedded.errors import ClosedDirectoryError, DataDirError, NoAccountError

# What root may lend, best first. `nobody` is everywhere, but also runs other things.
LENDABLE_NAMES = ("postgres", "nobody")


@dataclass(frozen=True, slots=True)
class Account:
    """An account to run Postgres under."""

    name: str
    uid: int
    gid: int

    @property
    def is_lent(self) -> bool:
        """Whether this is not the account that the launcher itself runs under."""
        return self.uid != os.geteuid()

    # The next three are what `subprocess` wants: None changes nothing.

    @property
    def user(self) -> int | None:
        """The user to change to."""
        return self.uid if self.is_lent else None

    @property
    def group(self) -> int | None:
        """The group to change to."""
        return self.gid if self.is_lent else None

    @property
    def extra_groups(self) -> tuple[int, ...] | None:
        """The further groups to change to: none at all."""
        return () if self.is_lent else None


def choose_account(cluster: Path) -> Account:
    """Returns the account that runs, or will run, the cluster.

    A cluster that exists stays with its owner: a `postgres` account that some
    package adds later could not read what `nobody` made.
    """
    if os.geteuid() != 0:
        return account_of(os.geteuid())
    if cluster.exists():
        owner = cluster.stat().st_uid
        if owner == 0:
            raise DataDirError(f"{cluster} belongs to root, as whom Postgres refuses to run.")
        return account_of(owner)
    for name in LENDABLE_NAMES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise NoAccountError(
        f"Postgres does not run as root, and there is no account {' or '.join(LENDABLE_NAMES)}. "
        "Add one of them, or run as another user."
    )


def account_of(uid: int) -> Account:
    """Returns the account with this user id."""
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise NoAccountError(
            f"User id {uid} has no entry in /etc/passwd, without which Postgres makes no "
            "database. Add one, or run as a user that has one."
        ) from None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def find_closed_directory(path: Path, account: Account) -> Path | None:
    """Returns the topmost directory on the way to `path`, itself included, that is closed.

    Goes by the mode bits alone, as an access list that opens what they close is rare.
    """
    resolved = path.resolve()
    for directory in (*reversed(resolved.parents), resolved):
        if directory.is_dir() and not may_enter(directory.stat(), account):
            return directory
    return None


def check_reachable(path: Path, account: Account) -> None:
    """Makes sure that an account lent to Postgres finds its way to `path`.

    Raises:
        ClosedDirectoryError: It does not. Nothing is opened for it.

    """
    closed = find_closed_directory(path, account) if account.is_lent else None
    if closed is not None:
        raise ClosedDirectoryError(closed, account.name)


def may_enter(status: os.stat_result, account: Account) -> bool:
    """Whether the account may pass through a directory."""
    if account.uid == status.st_uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if account.gid == status.st_gid:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)
