"""What `verify` reads. All but the first and the last two take the keys of a chunk of wallets.

Text is ordered by its bytes, which is how Python orders it, whatever the database's
collation.
"""

WALLETS = """
    SELECT w.*, EXISTS (
        SELECT FROM players AS p
        WHERE (p.shard, p.tenant_id, p.player_id) = (w.shard, w.tenant_id, w.player_id)
    ) AS has_player
    FROM wallets AS w
    WHERE (w.shard, w.wallet_id) > ($1, $2)
        AND ($3::text IS NULL OR w.tenant_id = $3)
        AND ($4::uuid[] IS NULL OR w.wallet_id = ANY ($4))
    ORDER BY w.shard, w.wallet_id
    LIMIT $5
"""

ANSWERS = """
    SELECT a.* FROM unnest($1::smallint[], $2::uuid[]) AS chunk (shard, wallet_id)
    JOIN answers AS a USING (shard, wallet_id)
    ORDER BY a.shard, a.wallet_id, a.sequence, a.request_id COLLATE "C"
"""

ENTRIES = """
    SELECT e.* FROM unnest($1::smallint[], $2::uuid[]) AS chunk (shard, wallet_id)
    JOIN entries AS e USING (shard, wallet_id)
    ORDER BY e.shard, e.wallet_id, e.sequence, e.ordinal
"""

DEPOSITS = """
    SELECT d.* FROM unnest($1::smallint[], $2::uuid[]) AS chunk (shard, wallet_id)
    JOIN deposits AS d USING (shard, wallet_id)
    ORDER BY d.shard, d.wallet_id, d.sequence, d.deposit_id COLLATE "C"
"""

BETS = """
    SELECT b.* FROM unnest($1::smallint[], $2::uuid[]) AS chunk (shard, wallet_id)
    JOIN bets AS b USING (shard, wallet_id)
    ORDER BY b.shard, b.wallet_id, b.provider_id COLLATE "C", b.bet_ref COLLATE "C"
"""

# A decline does not hold its bet; the bet has the number of the command that recorded it.
DECLINED_BETS = """
    SELECT b.* FROM unnest($1::smallint[], $2::uuid[]) AS chunk (shard, wallet_id)
    JOIN bets AS b USING (shard, wallet_id)
    WHERE b.state = 'DECLINED'
    ORDER BY b.shard, b.wallet_id, b.sequence, b.provider_id COLLATE "C", b.bet_ref COLLATE "C"
"""

BET_ANSWERS = """
    SELECT * FROM (
        SELECT a.*,
            coalesce(a.bet ->> 'provider_id', '') AS provider_id,
            coalesce(a.bet ->> 'bet_ref', '') AS bet_ref
        FROM unnest($1::smallint[], $2::uuid[]) AS chunk (shard, wallet_id)
        JOIN answers AS a USING (shard, wallet_id)
        WHERE a.bet IS NOT NULL
    ) AS a
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

BUCKETS = """
    SELECT DISTINCT t.tenant_id, bucket ->> 'code' AS code, bucket ->> 'asset_code' AS asset_code
    FROM topologies AS t, jsonb_array_elements(t.document -> 'buckets') AS bucket
    WHERE t.tenant_id = ANY ($1)
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
    SELECT DISTINCT 'deposits' AS table_name, t.shard, t.wallet_id FROM deposits AS t
    WHERE NOT EXISTS (
        SELECT FROM wallets AS w WHERE (w.shard, w.wallet_id) = (t.shard, t.wallet_id)
    )
"""
