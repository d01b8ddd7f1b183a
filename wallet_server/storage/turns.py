"""Turns at a wallet that several servers work on: locks that outlive a transaction."""

from collections.abc import Sequence
from contextlib import suppress

import asyncpg

from wallet_server.core.ids import WalletRef, locate
from wallet_server.storage.connections import Connection

TAKE = "SELECT pg_advisory_lock(key) FROM unnest($1::bigint[]) AS key"
TRY = "SELECT key FROM unnest($1::bigint[]) AS key WHERE pg_try_advisory_lock(key)"
# By the clock of the database, which all servers share. It decides who waits, nothing else.
MARK = """
UPDATE wallets SET contended_until = clock_timestamp() + make_interval(secs => $3)
WHERE shard = $1 AND wallet_id = $2
"""
MARK_LOCK_TIMEOUT = "SET LOCAL lock_timeout = '100ms'"
GIVE_UP = "SELECT pg_advisory_unlock_all()"


async def take_turns(connection: Connection, keys: Sequence[int]) -> None:
    """Waits for the turn at each key, in the order given, which must be everybody's."""
    await connection.execute(TAKE, list(keys))


async def try_turns(connection: Connection, keys: Sequence[int]) -> frozenset[int]:
    """Takes the turn at each key where nobody has it, without waiting. Returns those keys."""
    return frozenset(row["key"] for row in await connection.fetch(TRY, list(keys)))


async def mark_contended(connection: Connection, wallet: WalletRef, seconds: float) -> None:
    """Lets every server that loads a wallet know that it must take turns for so long.

    It waits for whoever is recording the wallet, and so happens even where claims never
    win; but not for somebody who keeps it locked.
    """
    place = locate(wallet)
    with suppress(asyncpg.LockNotAvailableError):
        async with connection.transaction():
            await connection.execute(MARK_LOCK_TIMEOUT)
            await connection.execute(MARK, place.shard, place.wallet_id, seconds)


async def give_up_turns(connection: Connection) -> None:
    """Ends all turns that the connection has."""
    await connection.execute(GIVE_UP)
