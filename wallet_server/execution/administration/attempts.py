"""Runs the transactions of administration again where they conflict."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import NoReturn, TypeVar

from sqlalchemy.exc import DBAPIError

from wallet_server.execution.errors import ContentionError, StorageUnavailableError
from wallet_server.storage.troubles import Trouble, trouble_of

T = TypeVar("T")

ATTEMPTS_MAX = 10
RETRY_DELAY_SECONDS = 0.002
RETRY_DELAY_SECONDS_MAX = 0.1

# A serialization failure, a deadlock, and a key that another transaction was faster to use.
CONFLICTS = frozenset({"40001", "40P01", "23505"})


async def run_again(transaction: Callable[[], Awaitable[T]]) -> T:
    """Runs a transaction, again where it conflicts with others, a bounded number of times.

    It may have no effect but through its connection. What it raises besides passes through.

    Raises:
        ContentionError: Every attempt ended in a conflict.
        StorageUnavailableError: The database is away, or was lost on the way: whether the
            transaction took effect is open then, and sending the same request again tells.
    """
    for attempts_count in range(ATTEMPTS_MAX):
        await pause(attempts_count)
        try:
            return await transaction()
        except Exception as error:  # noqa: BLE001 - every kind is told apart below.
            if not is_conflict(error):
                raise_meaning(error)
    raise ContentionError


async def pause(attempts_count: int) -> None:
    """Waits a little before an attempt that is not the first, never the same for two processes."""
    if attempts_count:
        limit = min(RETRY_DELAY_SECONDS * 2**attempts_count, RETRY_DELAY_SECONDS_MAX)
        await asyncio.sleep(random.uniform(0, limit))  # noqa: S311 - jitter, no secret.


def is_conflict(error: Exception) -> bool:
    """Tells whether somebody else was faster."""
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in CONFLICTS


def raise_meaning(error: Exception) -> NoReturn:
    """Raises what a failed transaction means to its caller; where it means no fault, the error."""
    match trouble_of(error):
        case Trouble.CONFLICT:
            raise ContentionError from error
        case Trouble.LOST:
            raise StorageUnavailableError from error
        case Trouble.BROKEN:
            raise error
