"""Turns at a wallet that several servers work on: locks that outlive a transaction."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from wallet_server.core.ids import WalletRef, locate
from wallet_server.storage.connections import Connection

TAKE = "SELECT pg_advisory_lock(key) FROM unnest($1::bigint[]) AS key"
MARK = "UPDATE wallets SET contended_until = $3 WHERE shard = $1 AND wallet_id = $2"
GIVE_UP = "SELECT pg_advisory_unlock_all()"


async def take_turns(connection: Connection, keys: Sequence[int]) -> None:
    """Waits for the turn at each key, in the order given, which must be everybody's."""
    await connection.execute(TAKE, list(keys))


async def mark_contended(
    connection: Connection, wallets: Iterable[WalletRef], until: datetime
) -> None:
    """Lets every server that loads the wallets know that it must take turns.

    Waits for whoever is recording them, and so happens even where claims never win.
    """
    for place in sorted(map(locate, wallets)):
        await connection.execute(MARK, place.shard, place.wallet_id, until)


async def give_up_turns(connection: Connection) -> None:
    """Ends all turns that the connection has."""
    await connection.execute(GIVE_UP)
