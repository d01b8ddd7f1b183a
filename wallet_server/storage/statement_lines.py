"""How entries are counted in statements, as SQL.

The statements that these are parts of have the tenant as $1 and its time zone as $2.
"""

from wallet_server.core.statements.accounts import ALL, COMBINED_PREFIXES, GAME_PREFIX

DAY = "(e.entry_time AT TIME ZONE $2)::date"
"""The day of an entry `e`."""

# A bet keeps the terms that it was placed under for ever, and so its provider type.
BET_TERMS = """(
    SELECT b.terms_id FROM bets AS b
    WHERE b.shard = e.shard AND b.wallet_id = e.wallet_id
        AND b.provider_id = e.provider_id AND b.bet_ref = e.bet_ref
)"""
"""The terms of the bet that an entry `e` belongs to; null if there is none."""

GAME = f"""(
    SELECT substr(a.account, {len(GAME_PREFIX) + 1}) FROM unnest(e.accounts) AS a (account)
    WHERE a.account ^@ '{GAME_PREFIX}' LIMIT 1
)"""

COMBINED = " ".join(
    f"WHEN s.account ^@ '{prefix}' THEN '{prefix}{ALL}'" for prefix in COMBINED_PREFIXES
)

# As `core/statements/` has it. The innermost parts look at each entry once, and terms are looked up
# once for all bets that have them.
LINES = f"""
    SELECT s.day, s.asset_code, coalesce(s.game, t.provider_type, '') AS provider_type,
        CASE {COMBINED} ELSE s.account END AS account, s.command,
        sum(s.debits) AS debits, sum(s.credits) AS credits, sum(s.changes_count) AS changes_count
    FROM (
        SELECT c.day, c.asset_code, c.command, c.game, c.terms_id, c.account,
            -sum(least(c.change, 0)) AS debits, sum(greatest(c.change, 0)) AS credits,
            count(*) AS changes_count
        FROM (
            SELECT e.day, e.asset_code, e.command, e.game, e.terms_id,
                unnest(e.accounts) AS account, unnest(e.changes) AS change
            FROM (
                SELECT e.*, CASE WHEN e.game IS NULL THEN {BET_TERMS} END AS terms_id
                FROM (SELECT e.*, {DAY} AS day, {GAME} AS game FROM entered AS e OFFSET 0) AS e
                OFFSET 0
            ) AS e
        ) AS c
        GROUP BY 1, 2, 3, 4, 5, 6
    ) AS s
    LEFT JOIN LATERAL (
        SELECT x.document -> 'snapshot' ->> 'provider_type' AS provider_type
        FROM bet_terms AS x WHERE x.tenant_id = $1 AND x.terms_id = s.terms_id
        OFFSET 0
    ) AS t ON TRUE
    GROUP BY 1, 2, 3, 4, 5
"""
"""Adds up what entries of a relation `entered` did."""

ADD = """
    INSERT INTO statement_totals AS t (tenant_id, day, asset_code, provider_type, account, command,
        debits, credits, changes_count)
    SELECT $1, * FROM lines ORDER BY 1, 2, 3, 4, 5, 6
    ON CONFLICT (tenant_id, day, asset_code, provider_type, account, command) DO UPDATE
    SET debits = t.debits + excluded.debits, credits = t.credits + excluded.credits,
        changes_count = t.changes_count + excluded.changes_count
"""
"""Adds a relation `lines` to what was counted before."""

# Commands of later events, and those that have no events with positions yet, are counted when
# their events come: of each wallet all from the first of them on. Of a wallet's rows in the outbox
# all come after its events.
FROM_THE_LEDGER = """
scanned AS MATERIALIZED (
    SELECT shard, wallet_id, tenant_id, player_id FROM wallets
    WHERE (shard, wallet_id) > ($4, $5) ORDER BY shard, wallet_id LIMIT $6
), waiting AS MATERIALIZED (
    SELECT (r ->> 0)::smallint AS shard, (r ->> 1)::uuid AS wallet_id,
        min((r ->> 6)::bigint) AS sequence
    FROM outbox CROSS JOIN LATERAL jsonb_array_elements(headers) AS of_batch (r)
    WHERE r ->> 2 = $1 AND r ->> 1 IS NOT NULL
    GROUP BY 1, 2
), counted AS MATERIALIZED (
    SELECT s.shard, s.wallet_id,
        coalesce(later.sequence, w.sequence, 9223372036854775807) AS before
    FROM scanned AS s
    LEFT JOIN waiting AS w USING (shard, wallet_id)
    LEFT JOIN LATERAL (
        SELECT min(x.wallet_sequence) AS sequence FROM events AS x
        WHERE x.tenant_id = $1 AND x.player_id = s.player_id AND x.position > $3
            AND x.wallet_id = s.wallet_id
    ) AS later ON TRUE
    WHERE s.tenant_id = $1
), entered AS (
    SELECT e.* FROM counted AS k
    CROSS JOIN LATERAL (
        SELECT * FROM entries AS x
        WHERE x.shard = k.shard AND x.wallet_id = k.wallet_id AND x.sequence < k.before
        OFFSET 0
    ) AS e
)"""
"""The entries, `entered`, of a page of all wallets, $6 behind the place $4 and $5, that belong to
the tenant, as far as events up to the position $3 tell of them."""

PAGE_END = """
    (SELECT shard FROM scanned ORDER BY shard DESC, wallet_id DESC LIMIT 1) AS end_shard,
    (SELECT wallet_id FROM scanned ORDER BY shard DESC, wallet_id DESC LIMIT 1) AS end_wallet_id
"""
"""Where such a page ends; null where no wallet was left to look at."""
