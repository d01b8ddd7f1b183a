"""What can go wrong with a statement, and what that means for running it again."""

from collections.abc import Collection
from enum import Enum, auto

import asyncpg

CONFLICT_STATES = frozenset(
    {
        "40001",  # Serialization failure.
        "40P01",  # Deadlock.
        "40003",  # Statement completion unknown: CockroachDB's word for a lost COMMIT.
        "22012",  # Division by zero: how the record statement says that a claim missed.
        "23505",  # Unique violation: another server opened the wallet at the same time.
        "53100",  # Disk full.
        "53200",  # Out of memory, or of room for predicate locks.
        "55P03",  # Lock not available.
        "57014",  # Statement timeout: whatever held the wallet for so long.
    }
)
LOST_STATES = frozenset(
    {
        "57P01",  # Admin shutdown.
        "57P02",  # Crash shutdown.
        "57P03",  # Cannot connect now.
        "57P05",  # Idle for too long, where somebody has set a limit.
        "53300",  # Too many connections.
        "25006",  # Read-only: a primary that was demoted.
        "3D000",  # No such database: it is being restored, or made anew.
    }
)
# TimeoutError is an OSError: nothing came back in time. The last are for a connection
# that asyncpg and Postgres understand differently.
CONNECTION_ERRORS = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
)

SHARD_COMMIT = "could not commit transaction for shard"


class WalletMovedError(Exception):
    """A wallet was changed by somebody else between two statements that load it."""


class FencedError(Exception):
    """Commands of some tenants have to wait: somebody is about to replace their topologies."""

    def __init__(self, tenant_ids: Collection[str]) -> None:
        """Carries the tenants."""
        super().__init__(", ".join(sorted(tenant_ids)))
        self.tenant_ids = frozenset(tenant_ids)


class Trouble(Enum):
    """What a failed statement means. In all but the last the batch may run again."""

    CONFLICT = auto()
    LOST = auto()
    BROKEN = auto()


def trouble_of(error: Exception) -> Trouble:
    """Returns what an error of a statement or connection means.

    LOST leaves open whether the statement took effect; running the whole batch again
    finds out. BROKEN is for the statement's own fault, such as a violated CHECK.
    """
    if isinstance(error, WalletMovedError | FencedError):
        return Trouble.CONFLICT
    if isinstance(error, asyncpg.PostgresError):
        return _trouble_of_state(error, error.sqlstate or "")
    # A value that asyncpg cannot encode is an InterfaceError too, and a ValueError.
    if isinstance(error, CONNECTION_ERRORS) and not isinstance(error, ValueError):
        return Trouble.LOST
    return _trouble_of_engine(error)


class CannotConnectError(OSError):
    """The database cannot be reached, or lets nobody in, for whatever reason."""


def is_blocked(error: Exception) -> bool:
    """Tells whether a row was kept locked for longer than anybody may wait."""
    return isinstance(error, asyncpg.LockNotAvailableError | asyncpg.QueryCanceledError)


def leaves_open(error: Exception) -> bool:
    """Tells whether a statement may have taken effect, or still may."""
    if isinstance(error, asyncpg.PostgresError):
        unknown = error.sqlstate == "40003" or SHARD_COMMIT in str(error)
        return unknown or trouble_of(error) is Trouble.LOST
    return trouble_of(error) is Trouble.LOST


def is_duplicate(error: Exception) -> bool:
    """Tells whether a key was there already: a race at first, a fault if it stays so."""
    return isinstance(error, asyncpg.UniqueViolationError)


def _trouble_of_engine(error: Exception) -> Trouble:
    """Returns what an error means that SQLAlchemy may have made."""
    from sqlalchemy import exc  # noqa: PLC0415 - what makes files starts in half the time without.

    if isinstance(error, exc.TimeoutError):
        return Trouble.LOST
    if not isinstance(error, exc.DBAPIError):
        return Trouble.BROKEN
    if error.connection_invalidated:
        return Trouble.LOST
    return _trouble_of_state(error, getattr(error.orig, "sqlstate", None) or "")


def _trouble_of_state(error: Exception, state: str) -> Trouble:
    if state in CONFLICT_STATES or (state == "XX000" and SHARD_COMMIT in str(error)):
        return Trouble.CONFLICT
    if state in LOST_STATES or state.startswith("08"):
        return Trouble.LOST
    return Trouble.BROKEN
