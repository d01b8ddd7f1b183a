"""Rows of the outbox, made by hand, and what must hold of events however they came about."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias
from uuid import UUID, uuid4

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from wallet_server.core.ids import WalletRef, locate
from wallet_server.storage.sequencing import TAKE

AnyConnection: TypeAlias = "asyncpg.Connection[Any] | PoolConnectionProxy[Any]"

TENANT = "demo"
NOON = datetime(2026, 1, 2, 12, 0, 0, tzinfo=UTC)

# What is wrong, one row each.
NOT_DENSE = """
SELECT h.tenant_id, 'positions' AS what
FROM event_heads AS h
LEFT JOIN LATERAL (
    SELECT count(*) AS count, min(position) AS first, max(position) AS last
    FROM events AS x WHERE x.tenant_id = h.tenant_id
) AS e ON true
WHERE e.count <> h.position - h.first_position + 1
    OR (e.count > 0 AND (e.first, e.last) <> (h.first_position, h.position))
UNION ALL
SELECT tenant_id, 'no head' FROM events WHERE tenant_id NOT IN (SELECT tenant_id FROM event_heads)
"""
OUT_OF_ORDER = """
SELECT tenant_id, wallet_id, sequence, before
FROM (
    SELECT tenant_id, wallet_id, sequence, coalesce(lag(sequence) OVER (
        PARTITION BY tenant_id, wallet_id ORDER BY position
    ), 0) AS before
    FROM events
) AS e
WHERE sequence <> before + 1
"""
TIME_FALLS = """
SELECT tenant_id, position
FROM (
    SELECT tenant_id, position, position_time, lag(position_time) OVER (
        PARTITION BY tenant_id ORDER BY position
    ) AS before
    FROM events
) AS e
WHERE position_time < before
"""
UNTOLD = """
SELECT a.shard, a.wallet_id, a.sequence
FROM answers AS a
LEFT JOIN (
    SELECT shard, wallet_id, wallet_sequence, request_id, count(*) AS count
    FROM events WHERE is_first
    GROUP BY shard, wallet_id, wallet_sequence, request_id
) AS e ON (e.shard, e.wallet_id, e.wallet_sequence, e.request_id)
    = (a.shard, a.wallet_id, a.sequence, a.request_id)
WHERE e.count IS DISTINCT FROM 1
"""
UNNUMBERED = """
SELECT w.shard, w.wallet_id, w.event_sequence
FROM wallets AS w
LEFT JOIN (
    SELECT shard, wallet_id, max(sequence) AS last FROM events GROUP BY shard, wallet_id
) AS e ON (e.shard, e.wallet_id) = (w.shard, w.wallet_id)
WHERE w.event_sequence <> coalesce(e.last, 0)
"""


async def find_disorder(connection: AnyConnection) -> list[tuple[object, ...]]:
    """Returns what is wrong with the events that have positions, if none was removed."""
    wrong = [
        row
        for query in (NOT_DENSE, OUT_OF_ORDER, TIME_FALLS)
        for row in await connection.fetch(query)
    ]
    return [tuple(row) for row in wrong]


async def find_loss(connection: AnyConnection) -> list[tuple[object, ...]]:
    """Returns what of the ledger has not been given positions, or has been twice."""
    wrong = [row for query in (UNTOLD, UNNUMBERED) for row in await connection.fetch(query)]
    return [tuple(row) for row in wrong]


async def give_positions(connection: AnyConnection, rows_max: int = 10_000) -> None:
    """Gives positions to what waits, under a lease that nobody else wants."""
    lease = ("by hand", "tests")
    await connection.execute(
        "INSERT INTO leases VALUES ($1, $2, now()) ON CONFLICT DO NOTHING", *lease
    )
    await connection.execute(TAKE, rows_max, *lease)


@dataclass
class Outbox:
    """Fills an outbox, as batches do. Events of a wallet, or of a tenant, are numbered as they come."""

    connection: AnyConnection
    _sequences: dict[object, int] = field(default_factory=dict[object, int])

    async def add(
        self, *subjects: WalletRef | str, seconds: float = 0, event_type: str = "COMMAND_ANSWERED"
    ) -> UUID:
        """Adds a row with an event for each wallet, or tenant, at so long after noon."""
        batch_id = uuid4()
        time = NOON + timedelta(seconds=seconds)
        rows = [self._row(subject, time, event_type) for subject in subjects]
        await self.connection.execute(
            "INSERT INTO outbox (shard, batch_id, create_time, headers, documents)"
            " VALUES ($1, $2, $3, $4, $5)",
            rows[0][0] or 0,
            batch_id,
            time,
            json.dumps([header for *header, _ in rows]),
            [json.dumps(document) for *_, document in rows],
        )
        return batch_id

    def _row(self, subject: WalletRef | str, time: datetime, event_type: str) -> list[object]:
        sequence = self._sequences[subject] = self._sequences.get(subject, 0) + 1
        if isinstance(subject, str):
            key, ref = (None, None), (subject, None, None)
        else:
            key, ref = locate(subject), tuple(subject)
        return [
            *(key[0], key[1] and str(key[1]), *ref, sequence),
            *(0 if isinstance(subject, str) else sequence, True, event_type, time.isoformat()),
            *("Command", f"r{sequence}", "flow", {"number": sequence, "note": 'said "é"'}),
        ]


async def told(connection: AnyConnection, tenant_id: str = TENANT) -> Sequence[tuple[str, int]]:
    """Returns whom the events of a tenant are about, and their numbers, by position."""
    rows = await connection.fetch(
        "SELECT coalesce(player_id, '') AS player_id, sequence FROM events"
        " WHERE tenant_id = $1 ORDER BY position",
        tenant_id,
    )
    return [(row["player_id"], row["sequence"]) for row in rows]
