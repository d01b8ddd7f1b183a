"""Turns at a wallet that several servers work on: locks that outlive a transaction."""

from collections.abc import Sequence

from wallet_server.storage.connections import Connection

TAKE = "SELECT pg_advisory_lock(key) FROM unnest($1::bigint[]) AS key"
GIVE_UP = "SELECT pg_advisory_unlock_all()"


async def take_turns(connection: Connection, keys: Sequence[int]) -> None:
    """Waits for the turn at each key, in the order given, which must be everybody's."""
    await connection.execute(TAKE, list(keys))


async def give_up_turns(connection: Connection) -> None:
    """Ends all turns that the connection has."""
    await connection.execute(GIVE_UP)
