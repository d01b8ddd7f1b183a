"""What `verify` reads. All but the first and the last two take the keys of a chunk of wallets.

Text is ordered by its bytes, which is how Python orders it, whatever the database's
collation.
"""

from collections.abc import Mapping

from wallet_server.storage.connections import STEADY_PLANS
from wallet_server.storage.rows import BET_COLUMNS

WALLETS = """
    SELECT w.*, p.status, p.revision, p.document::text AS document, p.due_time
    FROM wallets AS w
    LEFT JOIN players AS p
        ON (p.shard, p.tenant_id, p.player_id) = (w.shard, w.tenant_id, w.player_id)
    WHERE (w.shard, w.wallet_id) > ($1, $2)
        AND ($3::text IS NULL OR w.tenant_id = $3)
        AND ($4::uuid[] IS NULL OR w.wallet_id = ANY ($4))
    ORDER BY w.shard, w.wallet_id
    LIMIT $5
"""

LAST = 2**63 - 1

# OFFSET 0 keeps the look-up of terms one by their whole key.
TERMS = """
    LEFT JOIN LATERAL (
        SELECT * FROM bet_terms AS x
        WHERE (x.tenant_id, x.terms_id) = (w.tenant_id, b.terms_id)
        OFFSET 0
    ) AS t ON true
"""

ANSWER_COLUMNS = f"a.*, a.bet::text AS answered_bet, {BET_COLUMNS}"

ANSWERS = f"""
    SELECT {ANSWER_COLUMNS} FROM unnest($1::smallint[], $2::uuid[]) AS chunk (shard, wallet_id)
    JOIN wallets AS w USING (shard, wallet_id)
    JOIN answers AS a USING (shard, wallet_id)
    LEFT JOIN bets AS b USING (shard, wallet_id, provider_id, bet_ref)
    {TERMS}
    ORDER BY a.shard, a.wallet_id, a.sequence, a.request_id COLLATE "C"
"""

ENTRIES = """
    SELECT e.* FROM unnest($1::smallint[], $2::uuid[]) AS chunk (shard, wallet_id)
    JOIN entries AS e USING (shard, wallet_id)
    ORDER BY e.shard, e.wallet_id, e.sequence, e.ordinal
"""

# Events of a wallet are found by its player: the order asked for is that of the one index that has
# players. Those without a position are in the outbox, which is mostly empty.
EVENTS = f"""
    SELECT e.shard, e.wallet_id, e.wallet_sequence AS sequence, e.sequence AS event_sequence,
        e.position, e.is_first, e.type, e.event_time, e.command, e.request_id,
        e.document::text AS document
    FROM unnest($1::smallint[], $2::uuid[]) AS chunk (shard, wallet_id)
    JOIN wallets AS w USING (shard, wallet_id)
    CROSS JOIN LATERAL (
        SELECT * FROM events AS x
        WHERE (x.tenant_id, x.player_id, x.position) > (w.tenant_id, w.player_id, 0)
            AND (x.tenant_id, x.player_id, x.position) <= (w.tenant_id, w.player_id, {LAST})
            AND x.wallet_id = w.wallet_id AND x.wallet_id IS NOT NULL
        ORDER BY x.tenant_id, x.player_id, x.position
        OFFSET 0
    ) AS e
    UNION ALL
    SELECT chunk.shard, chunk.wallet_id, (r ->> 6)::bigint, (r ->> 5)::bigint, NULL,
        (r ->> 7)::boolean, r ->> 8, (r ->> 9)::timestamptz, r ->> 10, r ->> 11,
        of_batch.document::text
    FROM outbox AS o
    CROSS JOIN LATERAL ROWS FROM (jsonb_array_elements(o.headers), unnest(o.documents))
        AS of_batch (r, document)
    JOIN unnest($1::smallint[], $2::uuid[]) AS chunk (shard, wallet_id)
        ON (chunk.shard, chunk.wallet_id) = ((r ->> 0)::smallint, (r ->> 1)::uuid)
    ORDER BY shard, wallet_id, sequence, event_sequence
"""

STORED_BETS = f"""
    SELECT b.shard, b.wallet_id, b.provider_id, b.bet_ref, b.sequence, b.terms_id, {BET_COLUMNS}
    FROM unnest($1::smallint[], $2::uuid[]) AS chunk (shard, wallet_id)
    JOIN wallets AS w USING (shard, wallet_id)
    JOIN bets AS b USING (shard, wallet_id)
    {TERMS}
"""

BETS = f"""
    {STORED_BETS}
    ORDER BY b.shard, b.wallet_id, b.provider_id COLLATE "C", b.bet_ref COLLATE "C"
"""

# A decline does not hold its bet; the bet has the number of the command that recorded it.
DECLINED_BETS = f"""
    {STORED_BETS}
    WHERE b.state = 'DECLINED'
    ORDER BY b.shard, b.wallet_id, b.sequence, b.provider_id COLLATE "C", b.bet_ref COLLATE "C"
"""

BET_ANSWERS = f"""
    SELECT {ANSWER_COLUMNS} FROM unnest($1::smallint[], $2::uuid[]) AS chunk (shard, wallet_id)
    JOIN wallets AS w USING (shard, wallet_id)
    JOIN answers AS a USING (shard, wallet_id)
    LEFT JOIN bets AS b USING (shard, wallet_id, provider_id, bet_ref)
    {TERMS}
    WHERE a.bet IS NOT NULL
    ORDER BY a.shard, a.wallet_id,
        a.provider_id COLLATE "C", a.bet_ref COLLATE "C", a.sequence, a.request_id COLLATE "C"
"""

BET_ENTRIES = """
    SELECT e.* FROM unnest($1::smallint[], $2::uuid[]) AS chunk (shard, wallet_id)
    JOIN entries AS e USING (shard, wallet_id)
    WHERE e.provider_id IS NOT NULL AND e.bet_ref IS NOT NULL
    ORDER BY e.shard, e.wallet_id,
        e.provider_id COLLATE "C", e.bet_ref COLLATE "C", e.sequence, e.ordinal
"""

ITEMS = """
    SELECT i.*, i.document::text AS item_text
    FROM unnest($1::smallint[], $2::uuid[]) AS chunk (shard, wallet_id)
    JOIN wallet_items AS i USING (shard, wallet_id)
    ORDER BY i.shard, i.wallet_id, i.kind COLLATE "C", i.item_id COLLATE "C"
"""

# What says that it is in a round, by the round. A win that only says again what was paid
# before is in none.
ROUND_MEMBERS = """
    SELECT b.shard, b.wallet_id, 'ROUND' AS kind,
        b.provider_id || ' ' || b.round_ref AS item_id, b.bet_ref, b.state, b.kind AS bet_kind
    FROM unnest($1::smallint[], $2::uuid[]) AS chunk (shard, wallet_id)
    JOIN bets AS b USING (shard, wallet_id)
    WHERE b.round_ref IS NOT NULL AND b.state NOT IN ('DECLINED', 'TOMBSTONED')
        AND (
            b.kind IS NULL
            OR coalesce(b.particulars ->> 'summary', 'false') = 'false'
            OR coalesce(b.particulars ->> 'moves', '[]') <> '[]'
        )
    ORDER BY b.shard, b.wallet_id,
        (b.provider_id || ' ' || b.round_ref) COLLATE "C", b.bet_ref COLLATE "C"
"""

BUCKETS = """
    SELECT DISTINCT t.tenant_id, bucket ->> 'code' AS code, bucket ->> 'asset_code' AS asset_code
    FROM topologies AS t, jsonb_array_elements(t.document -> 'buckets') AS bucket
    WHERE t.tenant_id = ANY ($1) AND t.state IN ('ACTIVE', 'SUPERSEDED')
"""

ORPHANS = """
    SELECT DISTINCT 'answers' AS table_name, t.shard, t.wallet_id FROM answers AS t
    WHERE NOT EXISTS (
        SELECT FROM wallets AS w WHERE (w.shard, w.wallet_id) = (t.shard, t.wallet_id)
    )
    UNION ALL
    SELECT DISTINCT 'entries' AS table_name, t.shard, t.wallet_id FROM entries AS t
    WHERE NOT EXISTS (
        SELECT FROM wallets AS w WHERE (w.shard, w.wallet_id) = (t.shard, t.wallet_id)
    )
    UNION ALL
    SELECT DISTINCT 'bets' AS table_name, t.shard, t.wallet_id FROM bets AS t
    WHERE NOT EXISTS (
        SELECT FROM wallets AS w WHERE (w.shard, w.wallet_id) = (t.shard, t.wallet_id)
    )
    UNION ALL
    SELECT DISTINCT 'events' AS table_name, t.shard, t.wallet_id FROM events AS t
    WHERE t.wallet_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM wallets AS w WHERE (w.shard, w.wallet_id) = (t.shard, t.wallet_id)
    )
    UNION ALL
    SELECT DISTINCT 'wallet_items' AS table_name, t.shard, t.wallet_id FROM wallet_items AS t
    WHERE NOT EXISTS (
        SELECT FROM wallets AS w WHERE (w.shard, w.wallet_id) = (t.shard, t.wallet_id)
    )
"""

CHUNK_PLANS: Mapping[str, str] = {**STEADY_PLANS, "enable_hashjoin": "on"}
"""How the statements that take the keys of a chunk are planned: rows are looked up by key."""

PLANS_OF: Mapping[str, Mapping[str, str]] = {
    # Where statistics say that there is one event, to read all of a tenant and sort them seems as
    # cheap as to look up those of a player.
    EVENTS: {"enable_sort": "off", "enable_incremental_sort": "off"},
}
"""How single statements are planned, beside that."""
