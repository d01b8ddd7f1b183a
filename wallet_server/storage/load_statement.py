"""The statement that loads a batch: one row of many kinds for each thing that is there."""

from wallet_server.storage.rows import BET_COLUMNS
from wallet_server.storage.sql import Statement

# Keys come as JSON, an array of arrays for each kind: one parameter instead of one for each
# column, which is cheaper to send than typed arrays and as cheap to read. `place` is where in
# its array the key is that a row was found by.
#
# Where wallets and bets lie (`row_place`) is for recording, which finds them there again. That
# takes no predicate lock on a page of an index, as a look-up by key would under SERIALIZABLE.
#
# OFFSET 0 keeps each look-up a look-up by key: without it, a table that was analysed
# while it was almost empty would be read whole for ever after.
LOAD = Statement(f"""
SELECT 'wallet' AS kind, k.place, w.sequence, w.create_time, w.update_time,
    w.accounts, w.balances, w.debt_assets, w.debts, w.frozen_buckets, p.status,
    w.contended_until BETWEEN now() AND now() + interval '5 minutes' AS contended,
    NULL AS command, NULL::bytea AS fingerprint, NULL AS outcome, NULL AS refusal,
    NULL AS answered_bet, NULL AS provider_id, NULL AS bet_ref, NULL::timestamptz AS answer_time,
    NULL AS state, NULL::bigint AS bet_sequence, NULL::bigint AS revision, NULL::bigint AS stake,
    NULL::timestamptz AS bet_create_time, NULL AS round_ref, NULL AS selected_source,
    NULL::bigint[] AS amounts, NULL AS results, NULL AS bet_refusal, NULL AS terms,
    NULL AS bucket, NULL AS asset_code, NULL::bigint AS amount, w.ctid::text AS row_place
FROM jsonb_array_elements(:wallets::jsonb) WITH ORDINALITY AS k (r, place)
CROSS JOIN LATERAL (
    SELECT x.ctid, x.* FROM wallets AS x
    WHERE x.shard = (k.r ->> 0)::smallint AND x.wallet_id = (k.r ->> 1)::uuid OFFSET 0
) AS w
CROSS JOIN LATERAL (
    SELECT * FROM players AS x
    WHERE x.shard = w.shard AND x.tenant_id = w.tenant_id AND x.player_id = w.player_id OFFSET 0
) AS p
UNION ALL
SELECT 'player', k.place, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, p.status, NULL,
    NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
    NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
    NULL, NULL, NULL, NULL
FROM jsonb_array_elements(:players::jsonb) WITH ORDINALITY AS k (r, place)
CROSS JOIN LATERAL (
    SELECT * FROM players AS x
    WHERE x.shard = (k.r ->> 0)::smallint AND x.tenant_id = k.r ->> 1 AND x.player_id = k.r ->> 2
    OFFSET 0
) AS p
UNION ALL
SELECT 'tenant', k.place, t.epoch, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
    NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
    NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
    NULL, NULL, NULL, NULL
FROM jsonb_array_elements_text(:tenants::jsonb) WITH ORDINALITY AS k (tenant_id, place)
CROSS JOIN LATERAL (
    SELECT * FROM tenants AS x WHERE x.tenant_id = k.tenant_id OFFSET 0
) AS t
UNION ALL
SELECT 'answer', k.place, a.sequence, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
    a.command, a.fingerprint, a.outcome, a.refusal::text, a.bet::text,
    a.provider_id, a.bet_ref, a.answer_time, {BET_COLUMNS},
    NULL, NULL, NULL, NULL
FROM jsonb_array_elements(:requests::jsonb) WITH ORDINALITY AS k (r, place)
CROSS JOIN LATERAL (
    SELECT * FROM answers AS x
    WHERE x.shard = (k.r ->> 0)::smallint AND x.wallet_id = (k.r ->> 1)::uuid
        AND x.request_id = k.r ->> 2
    OFFSET 0
) AS a
LEFT JOIN LATERAL (
    SELECT * FROM bets AS x
    WHERE x.shard = a.shard AND x.wallet_id = a.wallet_id
        AND x.provider_id = a.provider_id AND x.bet_ref = a.bet_ref
    OFFSET 0
) AS b ON true
LEFT JOIN LATERAL (
    SELECT * FROM bet_terms AS x
    WHERE x.tenant_id = k.r ->> 3 AND x.terms_id = b.terms_id OFFSET 0
) AS t ON true
UNION ALL
SELECT 'bet', k.place, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
    NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, {BET_COLUMNS},
    NULL, NULL, NULL, b.ctid::text
FROM jsonb_array_elements(:bets::jsonb) WITH ORDINALITY AS k (r, place)
CROSS JOIN LATERAL (
    SELECT x.ctid, x.* FROM bets AS x
    WHERE x.shard = (k.r ->> 0)::smallint AND x.wallet_id = (k.r ->> 1)::uuid
        AND x.provider_id = k.r ->> 2 AND x.bet_ref = k.r ->> 3
    OFFSET 0
) AS b
LEFT JOIN LATERAL (
    SELECT * FROM bet_terms AS x
    WHERE x.tenant_id = k.r ->> 4 AND x.terms_id = b.terms_id OFFSET 0
) AS t ON true
UNION ALL
SELECT 'deposit', k.place, d.sequence, d.create_time, NULL,
    NULL, NULL, NULL, NULL, NULL, NULL, NULL,
    NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
    d.state, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
    d.bucket, d.asset_code, d.amount, NULL
FROM jsonb_array_elements(:deposits::jsonb) WITH ORDINALITY AS k (r, place)
CROSS JOIN LATERAL (
    SELECT * FROM deposits AS x
    WHERE x.shard = (k.r ->> 0)::smallint AND x.wallet_id = (k.r ->> 1)::uuid
        AND x.deposit_id = k.r ->> 2
    OFFSET 0
) AS d
""")
