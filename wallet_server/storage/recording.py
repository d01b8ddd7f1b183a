"""Records a batch in one statement, which is one serializable transaction.

First it claims the wallets: it updates their root rows, in the order of their keys, if
their sequences, and the revisions of their players, are still those that the batch was
decided on. If one is not, or a tenant's epoch has moved, or the terms of a bet are not
there, it divides by zero and so undoes itself.
"""

from wallet_server.core.batch import Fold
from wallet_server.storage.connections import Connection
from wallet_server.storage.loading import Loaded
from wallet_server.storage.recording_arguments import record_arguments
from wallet_server.storage.sql import Statement

# Rows come as JSON, an array of arrays for each kind: loading.py says why. Inner OFFSET 0s
# have each value read once.
#
# Wallets and bets are found at the place (ctid) where they lay when they were loaded: one that
# has been changed since lies elsewhere, and its wallet has another sequence. So the plan is
# the same whatever the statistics say, and no page of an index is locked, into which other
# servers insert. OFFSET 0 keeps Postgres from joining the keys with all rows first, which it
# does where it believes there are few. Players are found by their keys, as there are claims of
# which nobody needs the place.
RECORD = Statement("""
WITH claimed AS (
    UPDATE wallets AS w
    SET sequence = k.sequence, update_time = k.update_time,
        accounts = k.accounts, balances = k.balances,
        debt_assets = k.debt_assets, debts = k.debts, live_items = k.live_items,
        event_sequence = k.event_sequence,
        outbox_time = (:outbox_key::jsonb ->> 2)::timestamptz
    FROM (
        SELECT key.*
        FROM (
            SELECT (r ->> 0)::smallint AS shard, (r ->> 1)::uuid AS wallet_id,
                (r ->> 2)::bigint AS known, (r ->> 3)::bigint AS revision,
                (r ->> 4)::bigint AS sequence, (r ->> 5)::timestamptz AS update_time,
                (r ->> 6)::text[] AS accounts,
                (r ->> 7)::bigint[] AS balances, (r ->> 8)::text[] AS debt_assets,
                (r ->> 9)::bigint[] AS debts, (r ->> 10)::tid AS place,
                r ->> 11 AS tenant_id, r ->> 12 AS player_id, (r ->> 13)::integer AS live_items,
                (r ->> 14)::bigint AS event_sequence
            FROM jsonb_array_elements(:claims::jsonb) AS k (r)
            OFFSET 0
        ) AS key
        CROSS JOIN LATERAL (
            SELECT x.revision FROM players AS x
            WHERE x.shard = key.shard AND x.tenant_id = key.tenant_id
                AND x.player_id = key.player_id
            OFFSET 0
        ) AS player
        WHERE player.revision = key.revision
        OFFSET 0
    ) AS k
    WHERE w.ctid = k.place AND w.shard = k.shard AND w.wallet_id = k.wallet_id
        AND w.sequence = k.known
    RETURNING 1
), registered AS (
    INSERT INTO players (shard, tenant_id, player_id, create_time, status, revision, document,
        due_time)
    SELECT (r ->> 0)::smallint, r ->> 1, r ->> 2, (r ->> 3)::timestamptz, r ->> 4,
        (r ->> 5)::bigint, (r ->> 6)::json, (r ->> 7)::timestamptz
    FROM jsonb_array_elements(:new_players::jsonb) AS k (r)
    ON CONFLICT (shard, tenant_id, player_id) DO NOTHING
    RETURNING 1
), altered AS (
    UPDATE players AS p
    SET status = k.status, revision = k.revision, document = k.document, due_time = k.due_time
    FROM (
        SELECT r ->> 4 AS status, (r ->> 5)::bigint AS revision, (r ->> 6)::json AS document,
            (r ->> 7)::timestamptz AS due_time, known.place
        FROM jsonb_array_elements(:changed_players::jsonb) AS k (r)
        CROSS JOIN LATERAL (
            SELECT x.ctid AS place FROM players AS x
            WHERE x.shard = (r ->> 0)::smallint AND x.tenant_id = r ->> 1
                AND x.player_id = r ->> 2 AND x.revision = (r ->> 3)::bigint
            OFFSET 0
        ) AS known
        OFFSET 0
    ) AS k
    WHERE p.ctid = k.place
    RETURNING 1
), opened AS (
    INSERT INTO wallets (shard, wallet_id, tenant_id, player_id, currency_code, sequence,
        create_time, update_time, accounts, balances, debt_assets, debts, live_items,
        event_sequence, frozen_buckets, outbox_time)
    SELECT (r ->> 0)::smallint, (r ->> 1)::uuid, r ->> 2, r ->> 3, r ->> 4, (r ->> 5)::bigint,
        (r ->> 6)::timestamptz, (r ->> 7)::timestamptz, (r ->> 8)::text[], (r ->> 9)::bigint[],
        (r ->> 10)::text[], (r ->> 11)::bigint[], (r ->> 12)::integer, (r ->> 13)::bigint, '{}',
        (:outbox_key::jsonb ->> 2)::timestamptz
    FROM jsonb_array_elements(:opened::jsonb) AS k (r)
), answered AS (
    INSERT INTO answers (shard, wallet_id, request_id, sequence, command, answer_time,
        correlation_id, fingerprint, outcome, refusal, provider_id, bet_ref, bet, details,
        result)
    SELECT (r ->> 0)::smallint, (r ->> 1)::uuid, r ->> 2, (r ->> 3)::bigint, r ->> 4,
        (r ->> 5)::timestamptz, r ->> 6, decode(r ->> 7, 'base64'), r ->> 8, (r ->> 9)::json,
        r ->> 10, r ->> 11, (r ->> 12)::json, (r ->> 13)::json, (r ->> 15)::json
    FROM jsonb_array_elements(:commands::jsonb) AS k (r)
), entered AS (
    INSERT INTO entries (shard, wallet_id, sequence, ordinal, asset_code, accounts, changes,
        balances_after, entry_time, request_id, command, provider_id, bet_ref,
        correlation_id)
    SELECT (r ->> 0)::smallint, (r ->> 1)::uuid, (r ->> 3)::bigint, (e ->> 0)::smallint, e ->> 1,
        (e ->> 2)::text[], (e ->> 3)::bigint[], (e ->> 4)::bigint[], (r ->> 5)::timestamptz,
        r ->> 2, r ->> 4, e ->> 5, e ->> 6, r ->> 6
    FROM jsonb_array_elements(:commands::jsonb) AS k (r)
    CROSS JOIN LATERAL jsonb_array_elements(r -> 14) AS of_command (e)
), placed AS (
    INSERT INTO bets (shard, wallet_id, provider_id, bet_ref, state, sequence, revision,
        stake, create_time, round_ref, selected_source, terms_id, amounts, results, refusal,
        kind, particulars)
    SELECT (r ->> 0)::smallint, (r ->> 1)::uuid, r ->> 2, r ->> 3, r ->> 4, (r ->> 5)::bigint,
        (r ->> 6)::bigint, (r ->> 7)::bigint, (r ->> 8)::timestamptz, r ->> 9, r ->> 10,
        (r ->> 11)::uuid, (r ->> 12)::bigint[], (r ->> 13)::json, (r ->> 14)::json,
        r ->> 15, (r ->> 16)::json
    FROM jsonb_array_elements(:placed::jsonb) AS k (r)
    ON CONFLICT (shard, wallet_id, provider_id, bet_ref) DO UPDATE
    SET state = excluded.state, sequence = excluded.sequence, revision = excluded.revision,
        stake = excluded.stake, create_time = excluded.create_time,
        round_ref = excluded.round_ref, selected_source = excluded.selected_source,
        terms_id = excluded.terms_id, amounts = excluded.amounts, results = excluded.results,
        refusal = excluded.refusal, kind = excluded.kind, particulars = excluded.particulars
), changed AS (
    UPDATE bets AS b
    SET state = k.state, revision = k.revision, results = k.results
    FROM (
        SELECT (r ->> 0)::smallint AS shard, (r ->> 1)::uuid AS wallet_id,
            r ->> 2 AS provider_id, r ->> 3 AS bet_ref, r ->> 4 AS state,
            (r ->> 5)::bigint AS revision, (r ->> 6)::json AS results, (r ->> 7)::tid AS place
        FROM jsonb_array_elements(:changed::jsonb) AS k (r)
        OFFSET 0
    ) AS k
    WHERE b.ctid = k.place AND b.shard = k.shard AND b.wallet_id = k.wallet_id
        AND b.provider_id = k.provider_id AND b.bet_ref = k.bet_ref
    RETURNING 1
), kept AS (
    INSERT INTO wallet_items (shard, wallet_id, kind, item_id, state, is_live, sequence, revision,
        create_time, due_time, document)
    SELECT (r ->> 0)::smallint, (r ->> 1)::uuid, r ->> 2, r ->> 3, r ->> 4, (r ->> 5)::boolean,
        (r ->> 6)::bigint, (r ->> 7)::bigint, (r ->> 8)::timestamptz, (r ->> 9)::timestamptz,
        (r ->> 10)::json
    FROM jsonb_array_elements(:items::jsonb) AS k (r)
    ON CONFLICT (shard, wallet_id, kind, item_id) DO UPDATE
    SET state = excluded.state, is_live = excluded.is_live, revision = excluded.revision,
        due_time = excluded.due_time, document = excluded.document
), committed AS (
    INSERT INTO commits (shard, commit_id, document)
    SELECT (r ->> 0)::smallint, (r ->> 1)::uuid, :commit::json
    FROM (VALUES (:commit_key::jsonb)) AS k (r)
), told AS (
    INSERT INTO outbox (shard, batch_id, create_time, headers, documents)
    SELECT (r ->> 0)::smallint, (r ->> 1)::uuid, (r ->> 2)::timestamptz,
        :outbox_headers::jsonb, :outbox_documents::json[]
    FROM (VALUES (:outbox_key::jsonb)) AS k (r)
)
SELECT 1 / (
    (SELECT count(*) FROM claimed) = jsonb_array_length(:claims::jsonb)
    AND (SELECT count(*) FROM registered) = jsonb_array_length(:new_players::jsonb)
    AND (SELECT count(*) FROM altered) = jsonb_array_length(:changed_players::jsonb)
    AND (SELECT count(*) FROM changed) = jsonb_array_length(:changed::jsonb)
    AND NOT EXISTS (
        SELECT FROM jsonb_array_elements(:epochs::jsonb) AS k (r)
        WHERE (r ->> 1)::bigint <> (
            SELECT x.epoch FROM tenants AS x WHERE x.tenant_id = r ->> 0 OFFSET 0
        )
    )
    AND NOT EXISTS (
        SELECT FROM jsonb_array_elements(:terms::jsonb) AS k (r)
        WHERE NOT EXISTS (
            SELECT FROM bet_terms AS x
            WHERE x.tenant_id = r ->> 0 AND x.terms_id = (r ->> 1)::uuid
            OFFSET 0
        )
    )
    AND NOT EXISTS (
        SELECT FROM jsonb_array_elements(:known_players::jsonb) AS k (r)
        WHERE (r ->> 3)::bigint <> (
            SELECT x.revision FROM players AS x
            WHERE x.shard = (r ->> 0)::smallint AND x.tenant_id = r ->> 1
                AND x.player_id = r ->> 2
            OFFSET 0
        )
    )
)::int
""")


async def record(connection: Connection, fold: Fold, loaded: Loaded) -> None:
    """Records what a batch decided, all of it or nothing. The terms of its bets are there."""
    await connection.execute(RECORD.sql, *RECORD.arguments(record_arguments(fold, loaded)))
