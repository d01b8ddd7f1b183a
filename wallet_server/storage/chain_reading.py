"""Reads the chain and what it covers, to verify it."""

from collections.abc import AsyncIterator, Sequence
from typing import NamedTuple
from uuid import UUID

from wallet_server.core.administration.chain import CHAIN, Block, SealedRange, SealedRecord
from wallet_server.storage.chain_rows import (
    COUNTS_FROM_ONE,
    ENTRY_COLUMNS,
    RECORD_COLUMNS,
    counts_from_one,
    entry_name,
    record_name,
    row_bytes,
)
from wallet_server.storage.verification import Connection

BLOCKS_AT_ONCE = 16

BLOCKS = """
    SELECT chain, number, seal_time, entries_count, records_count, contents, previous_hash,
        contents_hash, block_hash, key_id, signature
    FROM chain_blocks WHERE chain = $1 AND number > $2 ORDER BY number LIMIT $3
"""

ENTRIES = f"""
    SELECT k.place, e.*, {counts_from_one(ENTRY_COLUMNS, "e")} AS {COUNTS_FROM_ONE}
    FROM unnest($1::smallint[], $2::uuid[], $3::bigint[], $4::bigint[])
        WITH ORDINALITY AS k (shard, wallet_id, first, last, place)
    CROSS JOIN LATERAL (
        SELECT * FROM entries AS x
        WHERE x.shard = k.shard AND x.wallet_id = k.wallet_id
            AND x.sequence BETWEEN k.first AND k.last
        OFFSET 0
    ) AS e
    ORDER BY k.place, e.sequence, e.ordinal
"""

RECORDS = f"""
    SELECT k.place, x.*, {counts_from_one(RECORD_COLUMNS, "x")} AS {COUNTS_FROM_ONE}
    FROM unnest($1::text[], $2::uuid[]) WITH ORDINALITY AS k (tenant_id, record_id, place)
    JOIN audit_records AS x ON x.tenant_id = k.tenant_id AND x.record_id = k.record_id
"""

NAMES = """
    SELECT w.shard, w.wallet_id, w.tenant_id, w.player_id, w.currency_code
    FROM unnest($1::smallint[], $2::uuid[]) AS k (shard, wallet_id)
    JOIN wallets AS w ON w.shard = k.shard AND w.wallet_id = k.wallet_id
"""

# What is there, and what of it waits for a block.
ENTRY_NAMES = "SELECT shard, wallet_id, sequence, ordinal FROM entries"
RECORD_NAMES = "SELECT tenant_id, record_id FROM audit_records"
WAITING_ENTRY_NAMES = """
    SELECT e.shard, e.wallet_id, e.sequence, e.ordinal
    FROM commits AS c
    CROSS JOIN LATERAL json_array_elements(c.document -> 'wallets') AS of_commit (r)
    JOIN entries AS e ON e.shard = (r ->> 0)::smallint AND e.wallet_id = (r ->> 1)::uuid
        AND e.sequence BETWEEN (r ->> 2)::bigint AND (r ->> 3)::bigint
"""
WAITING_RECORD_NAMES = """
    SELECT a.tenant_id, a.record_id
    FROM commits AS c
    CROSS JOIN LATERAL json_array_elements(c.document -> 'records') AS of_commit (r)
    JOIN audit_records AS a ON a.tenant_id = r ->> 0 AND a.record_id = (r ->> 1)::uuid
"""
WAITING_RANGES = """
    SELECT (r ->> 0)::smallint AS shard, (r ->> 1)::uuid AS wallet_id,
        (r ->> 2)::bigint AS first, (r ->> 3)::bigint AS last
    FROM commits AS c CROSS JOIN LATERAL json_array_elements(c.document -> 'wallets') AS k (r)
"""
WAITING_RECORDS = """
    SELECT r ->> 0 AS tenant_id, (r ->> 1)::uuid AS record_id
    FROM commits AS c CROSS JOIN LATERAL json_array_elements(c.document -> 'records') AS k (r)
"""
ENTRY_KEYS = """
    SELECT shard, wallet_id, array_agg(DISTINCT sequence ORDER BY sequence) AS sequences
    FROM entries GROUP BY shard, wallet_id ORDER BY shard, wallet_id
"""
RECORD_KEYS = "SELECT tenant_id, record_id, method, resource_id FROM audit_records"


async def load_blocks(connection: Connection, *, after: int) -> list[Block]:
    """Returns the next blocks, in their order."""
    rows = await connection.fetch(BLOCKS, CHAIN, after, BLOCKS_AT_ONCE)
    return [Block(**dict(row)) for row in rows]


class FoundEntry(NamedTuple):
    """An entry: what tells it from all others, and the bytes that were sealed of it."""

    name: bytes
    row: bytes


async def load_entries(
    connection: Connection, ranges: Sequence[SealedRange]
) -> list[list[FoundEntry]]:
    """Returns the entries of each range, in their order."""
    rows = await connection.fetch(
        ENTRIES,
        [covered.shard for covered in ranges],
        [covered.wallet_id for covered in ranges],
        [covered.first for covered in ranges],
        [covered.last for covered in ranges],
    )
    found: list[list[FoundEntry]] = [[] for _ in ranges]
    for row in rows:
        place: int = row["place"]
        found[place - 1].append(FoundEntry(entry_name(row), row_bytes(ENTRY_COLUMNS, row)))
    return found


async def load_records(
    connection: Connection, records: Sequence[SealedRecord]
) -> list[list[bytes]]:
    """Returns the rows of each audit record, as the bytes that were sealed: one, unless altered.

    There is none where it is gone, and more than one where somebody has put another beside it: who
    has all rights also has those to remove the key that keeps rows apart.
    """
    found: list[list[bytes]] = [[] for _ in records]
    for row in await connection.fetch(
        RECORDS, [record.tenant_id for record in records], [record.record_id for record in records]
    ):
        place: int = row["place"]
        found[place - 1].append(row_bytes(RECORD_COLUMNS, row))
    return found


async def load_names(
    connection: Connection, keys: Sequence[tuple[int, UUID]]
) -> dict[tuple[int, UUID], str]:
    """Returns what wallets are called in reports: by their keys, those that are there."""
    shards, wallet_ids = [shard for shard, _ in keys], [wallet_id for _, wallet_id in keys]
    return {
        (row["shard"], row["wallet_id"]): "/".join(
            (row["tenant_id"], row["player_id"], row["currency_code"])
        )
        for row in await connection.fetch(NAMES, shards, wallet_ids)
    }


async def load_entry_names(connection: Connection, *, waiting: bool) -> AsyncIterator[bytes]:
    """Yields what all entries are told apart by, or those that wait for a block."""
    async for row in connection.cursor(WAITING_ENTRY_NAMES if waiting else ENTRY_NAMES):
        yield entry_name(row)


async def load_record_names(connection: Connection, *, waiting: bool) -> AsyncIterator[bytes]:
    """Yields what all audit records are told apart by, or those that wait for a block."""
    async for row in connection.cursor(WAITING_RECORD_NAMES if waiting else RECORD_NAMES):
        yield record_name(row["tenant_id"], row["record_id"])


async def load_waiting(
    connection: Connection,
) -> tuple[list[tuple[tuple[int, UUID], int, int]], list[tuple[str, UUID]]]:
    """Returns the ranges and the audit records that wait for a block."""
    ranges = await connection.fetch(WAITING_RANGES)
    records = await connection.fetch(WAITING_RECORDS)
    return (
        [((r["shard"], r["wallet_id"]), r["first"], r["last"]) for r in ranges],
        [(r["tenant_id"], r["record_id"]) for r in records],
    )


async def load_entry_keys(
    connection: Connection,
) -> AsyncIterator[tuple[tuple[int, UUID], list[int]]]:
    """Yields the keys of wallets with the sequences of which they have entries."""
    async for row in connection.cursor(ENTRY_KEYS):
        yield (row["shard"], row["wallet_id"]), row["sequences"]


async def load_record_keys(connection: Connection) -> AsyncIterator[tuple[tuple[str, UUID], str]]:
    """Yields the keys of audit records, each with what the record is about."""
    async for row in connection.cursor(RECORD_KEYS):
        yield (row["tenant_id"], row["record_id"]), f"{row['method']} {row['resource_id']}"
