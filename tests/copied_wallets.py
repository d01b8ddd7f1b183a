"""Wallets with a history in no time: those that the engine has played, copied under other names.

What is copied by SQL is every row that belongs to a wallet, whatever its columns. So `verify`
finds the copies as sound as their originals.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import TypeAlias

import asyncpg

from wallet_server.core.ids import WalletRef, locate

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

Connect: TypeAlias = Callable[[], AbstractAsyncContextManager[Connection]]
"""Connects as somebody who may do anything."""

COPIERS_COUNT = 4
"""Connections that copy at the same time: each wallet of a long history takes milliseconds."""

TABLES = """
    SELECT table_name, array_agg(column_name::text ORDER BY ordinal_position) AS columns
    FROM information_schema.columns
    WHERE table_schema = 'public' AND is_generated = 'NEVER'
        AND table_name NOT IN ('commits', 'audit_records', 'outbox', 'events')
    GROUP BY table_name
    HAVING 'shard' = ANY (array_agg(column_name::text))
    ORDER BY table_name
"""


async def copy_wallet(connect: Connect, source: WalletRef, player_ids: Sequence[str]) -> None:
    """Gives each of the players a wallet with the history of a wallet of the same tenant."""

    async def copy(part: Sequence[str]) -> None:
        async with connect() as connection:
            await copy_part(connection, source, part)

    async with asyncio.TaskGroup() as tasks:
        for first in range(COPIERS_COUNT):
            tasks.create_task(copy(player_ids[first::COPIERS_COUNT]))


async def finish_copying(connect: Connect) -> None:
    """Makes the books of all tenants sound again: copies were never counted, audited or told of.

    It is as after an upgrade from a release that did neither.
    """
    async with connect() as connection:
        await connection.execute("UPDATE tenants SET is_counted = false, event_sequence = 0")
        await connection.execute("DELETE FROM outbox")
        await connection.execute("UPDATE wallets SET event_sequence = 0")
        await connection.execute("VACUUM (ANALYZE)")


async def copy_part(connection: Connection, source: WalletRef, player_ids: Sequence[str]) -> None:
    """Copies a wallet over one connection, which can be used for no other copies."""
    await connection.execute(
        "CREATE TEMP TABLE copies (shard smallint, wallet_id uuid, player_id text)"
    )
    places = ((locate(source._replace(player_id=each)), each) for each in player_ids)
    records = [(place.shard, place.wallet_id, player_id) for place, player_id in places]
    await connection.copy_records_to_table("copies", records=records)
    for table in await connection.fetch(TABLES):
        await copy_rows(connection, table["table_name"], table["columns"], source)


async def copy_rows(
    connection: Connection, table: str, columns: Sequence[str], source: WalletRef
) -> None:
    """Copies a wallet's rows of one table, its oldest first: as if all had played at once."""
    place = locate(source)
    own = {"shard", "wallet_id", "player_id"}
    values = ", ".join(f"{'c' if each in own else 't'}.{each}" for each in columns)
    by_player = "wallet_id" not in columns
    statement = f"""
        INSERT INTO {table} ({", ".join(columns)})
        SELECT {values} FROM {table} AS t CROSS JOIN copies AS c
        WHERE t.shard = $1 AND {"t.player_id" if by_player else "t.wallet_id"} = $2
    """
    key = (place.shard, source.player_id if by_player else place.wallet_id)
    if "sequence" not in columns or table == "wallets":
        await connection.execute(statement, *key)
        return
    found = await connection.fetch(
        f"SELECT DISTINCT sequence FROM {table} WHERE shard = $1 AND wallet_id = $2 ORDER BY 1",
        *key,
    )
    for row in found:
        await connection.execute(f"{statement} AND t.sequence = $3", *key, row["sequence"])
