"""Takes what batches and acts have committed into blocks of the chain, and rolls usage up.

All of one block happens in one transaction: a commit is in its table, or what it says is in the
chain and in `bucket_usage`. Two sealers at once make the same number, and one of them nothing.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from wallet_server.core.administration.audit_record import (
    AuditOutcome,
    AuditRecord,
    Resource,
    ResourceKind,
)
from wallet_server.core.administration.chain import CHAIN, Block, Head, SealedRecord
from wallet_server.core.commands.actor import Actor
from wallet_server.core.ids import Location
from wallet_server.core.value import value
from wallet_server.storage.audit_records import row_of
from wallet_server.storage.chain_rows import ENTRY_COLUMNS, RECORD_COLUMNS, sent_row
from wallet_server.storage.json_text import to_json
from wallet_server.storage.tables import audit_records, chain_blocks

# Ranges are written as `chain.write_range` does. OFFSET 0 keeps each look-up a look-up by key, from
# which entries come in their order: to sort each range's would take as long as all else.
TAKE = sa.text(f"""
WITH taken AS (
    DELETE FROM commits
    WHERE ctid = ANY (ARRAY(SELECT ctid FROM commits LIMIT :commits_max))
    RETURNING document
), counted AS (
    INSERT INTO bucket_usage AS b (tenant_id, bucket, kind, asset_code, count, total)
    SELECT u ->> 0, u ->> 1, u ->> 2, u ->> 3, sum((u ->> 4)::bigint), sum((u ->> 5)::numeric)
    FROM taken CROSS JOIN LATERAL json_array_elements(document -> 'usage') AS of_commit (u)
    GROUP BY 1, 2, 3, 4
    ORDER BY 1, 2, 3, 4
    ON CONFLICT (tenant_id, bucket, kind, asset_code) DO UPDATE
    SET count = b.count + excluded.count, total = b.total + excluded.total
), ranges AS MATERIALIZED (
    SELECT (r ->> 0)::smallint AS shard, (r ->> 1)::uuid AS wallet_id,
        (r ->> 2)::bigint AS first, (r ->> 3)::bigint AS last
    FROM taken CROSS JOIN LATERAL json_array_elements(document -> 'wallets') AS of_commit (r)
), digests AS (
    SELECT k.*, d.*
    FROM ranges AS k
    CROSS JOIN LATERAL (
        SELECT count(*)::integer AS count, sha256(coalesce(
            string_agg({sent_row(ENTRY_COLUMNS, "x")}, ''::bytea), ''::bytea
        )) AS digest
        FROM (
            SELECT * FROM entries
            WHERE shard = k.shard AND wallet_id = k.wallet_id
                AND sequence BETWEEN k.first AND k.last
            ORDER BY sequence, ordinal
            OFFSET 0
        ) AS x
    ) AS d
)
SELECT (SELECT count(*) FROM taken) AS commits_count,
    (SELECT coalesce(sum(count), 0)::integer FROM digests) AS entries_count,
    (
        SELECT coalesce(string_agg(
            int2send(shard) || uuid_send(wallet_id) || int8send(first) || int8send(last)
                || int4send(count) || digest,
            ''::bytea ORDER BY shard, wallet_id, first
        ), ''::bytea) FROM digests
    ) AS ranges,
    ARRAY(
        SELECT a::text
        FROM taken CROSS JOIN LATERAL json_array_elements(document -> 'acts') AS of_commit (a)
    ) AS acts,
    ARRAY(
        SELECT r::text
        FROM taken CROSS JOIN LATERAL json_array_elements(document -> 'records') AS of_commit (r)
    ) AS records
""")

ACTS = sa.text(
    """
SELECT a.shard, a.wallet_id, a.request_id, a.sequence, a.command, a.answer_time, a.refusal,
    a.details, a.correlation_id, w.tenant_id, w.player_id, w.currency_code
FROM json_array_elements(CAST(:acts AS json)) AS k (r)
JOIN answers AS a ON a.shard = (r ->> 0)::smallint AND a.wallet_id = (r ->> 1)::uuid
    AND a.request_id = r ->> 2
JOIN wallets AS w ON w.shard = a.shard AND w.wallet_id = a.wallet_id
ORDER BY w.tenant_id, a.answer_time, a.shard, a.wallet_id, a.sequence
""".replace(":acts::json", "CAST(:acts AS json)")
)

# One that is gone already is sealed all the same, as nothing: then it is found that it is gone.
DIGESTS = sa.text(f"""
SELECT r ->> 0 AS tenant_id, (r ->> 1)::uuid AS record_id,
    sha256(CASE WHEN x.record_id IS NULL THEN '' ELSE {sent_row(RECORD_COLUMNS, "x")} END) AS digest
FROM json_array_elements(CAST(:records AS json)) AS k (r)
LEFT JOIN audit_records AS x ON x.tenant_id = r ->> 0 AND x.record_id = (r ->> 1)::uuid
ORDER BY x.record_time, 1, 2
""")

# Commits of before they had a time, and those of recounts, have none. What goes away first is
# what lies first.
WAITING = sa.text("""
SELECT (SELECT count(*) FROM (SELECT FROM commits LIMIT :counted_max) AS c) AS commits_count,
    (
        SELECT min((document ->> 'time')::timestamptz)
        FROM (SELECT document FROM commits LIMIT :commits_max) AS c
    ) AS oldest_time
""")

WAITING_COUNTED_MAX = 100_000
"""So many that wait are counted, and no more."""

METHOD = "WalletCommands."


@value
class Taken:
    """What commits say, together. `ranges` are as contents have them."""

    commits_count: int
    entries_count: int
    ranges: bytes
    acts: Sequence[str]
    records: Sequence[str]


@value
class Waiting:
    """What is not sealed yet: how many commits, and since when the oldest of the next block's."""

    commits_count: int
    oldest_time: datetime | None


async def find_waiting(connection: AsyncConnection, *, commits_max: int) -> Waiting:
    """Returns what waits for a block. A block is of at most so many commits."""
    limits = {"commits_max": commits_max, "counted_max": WAITING_COUNTED_MAX}
    row = (await connection.execute(WAITING, limits)).mappings().one()
    return Waiting(**row)


async def take_commits(connection: AsyncConnection, *, commits_max: int) -> Taken:
    """Takes some commits away, and adds what they changed to what refers to buckets."""
    row = (await connection.execute(TAKE, {"commits_max": commits_max})).mappings().one()
    return Taken(**row)


async def record_acts(connection: AsyncConnection, acts: Sequence[str]) -> list[str]:
    """Adds the audit records of acts on wallets. Returns their names, as commits have them."""
    if not acts:
        return []
    rows = (await connection.execute(ACTS, {"acts": f"[{','.join(acts)}]"})).mappings()
    records = [act_record(row) for row in rows]
    await connection.execute(sa.insert(audit_records), [row_of(each) for each in records])
    return [to_json((each.tenant_id, each.record_id)) for each in records]


def act_record(row: sa.RowMapping) -> AuditRecord:
    """Returns the audit record of a command that a person decided on, by its answer."""
    details: dict[str, Any] = row["details"] or {}
    actor = details.get("actor", {})
    reasons = [details.get(name, "") for name in ("reason_code", "comment")]
    return AuditRecord(
        tenant_id=row["tenant_id"],
        record_id=act_record_id(row["wallet_id"], row["request_id"]),
        record_time=row["answer_time"],
        actor=Actor(actor.get("name", ""), tuple(actor.get("roles", ()))),
        method=METHOD + row["command"],
        resource=Resource(
            ResourceKind.WALLET,
            f"{row['tenant_id']}/{row['player_id']}/{row['currency_code']}",
            row["sequence"],
        ),
        outcome=AuditOutcome.REFUSED if row["refusal"] else AuditOutcome.APPLIED,
        credential_id=details.get("credential_id", ""),
        peer=details.get("peer", ""),
        request_id=row["request_id"],
        refusal=row["refusal"],
        reason=": ".join(each for each in reasons if each),
        correlation_id=row["correlation_id"],
        wallet=Location(row["shard"], row["wallet_id"]),
    )


def act_record_id(wallet_id: UUID, request_id: str) -> UUID:
    """Returns the id of the audit record of a command: always the same."""
    return uuid5(NAMESPACE_OID, f"{wallet_id}/{request_id}")


async def digest_records(connection: AsyncConnection, records: Sequence[str]) -> list[SealedRecord]:
    """Returns audit records with their digests, the oldest first."""
    if not records:
        return []
    rows = await connection.execute(DIGESTS, {"records": f"[{','.join(records)}]"})
    return [SealedRecord(*row) for row in rows]


async def find_head(connection: AsyncConnection) -> Head | None:
    """Returns the last block's head; none where there is no block yet."""
    columns = chain_blocks.c
    query = (
        sa.select(
            columns.chain,
            columns.number,
            columns.block_hash,
            columns.seal_time,
            columns.key_id,
            columns.signature,
        )
        .where(columns.chain == CHAIN)
        .order_by(columns.number.desc())
        .limit(1)
    )
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else Head(*row)


async def insert_block(connection: AsyncConnection, block: Block) -> None:
    """Adds a block.

    Raises:
        IntegrityError: Another sealer has made one of that number.
    """
    row = {name: getattr(block, name) for name in chain_blocks.c.keys()}  # noqa: SIM118
    await connection.execute(sa.insert(chain_blocks).values(row))
