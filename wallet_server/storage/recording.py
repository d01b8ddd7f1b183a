"""Records a batch in one statement, which is one serializable transaction.

First it claims the wallets: it updates their root rows, in the order of their keys, if
their sequences are still those that the batch was decided on. If one is not, or a
tenant's epoch or a player's status has moved, it divides by zero and so undoes itself.
"""

from wallet_server.core.batch import Fold
from wallet_server.storage.connections import Connection
from wallet_server.storage.loading import Loaded
from wallet_server.storage.recording_arguments import record_arguments
from wallet_server.storage.sql import Statement

# The rows are found by OFFSET 0 look-ups and joined by their place (ctid), so that the
# plan is the same whatever the statistics say. The outer OFFSET 0 keeps Postgres from
# joining the keys with all wallets first, which it does where it believes there are few.
RECORD = Statement("""
WITH claimed AS (
    UPDATE wallets AS w
    SET sequence = k.sequence, update_time = k.update_time,
        accounts = k.accounts::text[], balances = k.balances::bigint[],
        debt_assets = k.debt_assets::text[], debts = k.debts::bigint[]
    FROM (
        SELECT key.*, found.place
        FROM unnest(:claim_shards::smallint[], :claim_wallets::uuid[],
            :claim_known::bigint[], :claim_sequences::bigint[],
            :claim_times::timestamptz[], :claim_accounts::text[],
            :claim_balances::text[], :claim_debt_assets::text[], :claim_debts::text[])
            AS key (shard, wallet_id, known, sequence, update_time, accounts, balances,
                debt_assets, debts)
        CROSS JOIN LATERAL (
            SELECT x.ctid AS place FROM wallets AS x
            WHERE x.shard = key.shard AND x.wallet_id = key.wallet_id OFFSET 0
        ) AS found
        OFFSET 0
    ) AS k
    WHERE w.ctid = k.place AND w.shard = k.shard AND w.wallet_id = k.wallet_id
        AND w.sequence = k.known
    RETURNING 1
), registered AS (
    INSERT INTO players (shard, tenant_id, player_id, create_time)
    SELECT * FROM unnest(:player_shards::smallint[], :player_tenants::text[],
        :player_ids::text[], :player_times::timestamptz[])
    ON CONFLICT (shard, tenant_id, player_id) DO NOTHING
    RETURNING 1
), opened AS (
    INSERT INTO wallets (shard, wallet_id, tenant_id, player_id, currency_code, sequence,
        create_time, update_time, accounts, balances, debt_assets, debts, frozen_buckets)
    SELECT shard, wallet_id, tenant_id, player_id, currency_code, sequence, create_time,
        update_time, accounts::text[], balances::bigint[], debt_assets::text[],
        debts::bigint[], '{}'
    FROM unnest(:open_shards::smallint[], :open_wallets::uuid[], :open_tenants::text[],
        :open_players::text[], :open_currencies::text[], :open_sequences::bigint[],
        :open_create_times::timestamptz[], :open_times::timestamptz[],
        :open_accounts::text[], :open_balances::text[], :open_debt_assets::text[],
        :open_debts::text[])
        AS k (shard, wallet_id, tenant_id, player_id, currency_code, sequence, create_time,
            update_time, accounts, balances, debt_assets, debts)
), answered AS (
    INSERT INTO answers (shard, wallet_id, request_id, sequence, command, fingerprint,
        answer_time, outcome, refusal, bet, details, correlation_id)
    SELECT * FROM unnest(:answer_shards::smallint[], :answer_wallets::uuid[],
        :answer_requests::text[], :answer_sequences::bigint[], :answer_commands::text[],
        :answer_fingerprints::bytea[], :answer_times::timestamptz[],
        :answer_outcomes::text[], :answer_refusals::json[], :answer_bets::json[],
        :answer_details::json[], :answer_correlations::text[])
), entered AS (
    INSERT INTO entries (shard, wallet_id, sequence, ordinal, asset_code, accounts, changes,
        balances_after, entry_time, request_id, command, provider_id, bet_ref,
        correlation_id)
    SELECT shard, wallet_id, sequence, ordinal, asset_code, accounts::text[],
        changes::bigint[], balances_after::bigint[], entry_time, request_id, command,
        nullif(provider_id, ''), nullif(bet_ref, ''), correlation_id
    FROM unnest(:entry_shards::smallint[], :entry_wallets::uuid[],
        :entry_sequences::bigint[], :entry_ordinals::smallint[], :entry_assets::text[],
        :entry_accounts::text[], :entry_changes::text[], :entry_balances::text[],
        :entry_times::timestamptz[], :entry_requests::text[], :entry_commands::text[],
        :entry_providers::text[], :entry_bets::text[], :entry_correlations::text[])
        AS k (shard, wallet_id, sequence, ordinal, asset_code, accounts, changes,
            balances_after, entry_time, request_id, command, provider_id, bet_ref,
            correlation_id)
), placed AS (
    INSERT INTO bets (shard, wallet_id, provider_id, bet_ref, state, sequence, revision,
        stake, create_time, document)
    SELECT * FROM unnest(:bet_shards::smallint[], :bet_wallets::uuid[],
        :bet_providers::text[], :bet_refs::text[], :bet_states::text[],
        :bet_sequences::bigint[], :bet_revisions::bigint[], :bet_stakes::bigint[],
        :bet_times::timestamptz[], :bet_documents::jsonb[])
    ON CONFLICT (shard, wallet_id, provider_id, bet_ref) DO UPDATE
    SET state = excluded.state, sequence = excluded.sequence, revision = excluded.revision,
        stake = excluded.stake, create_time = excluded.create_time,
        document = excluded.document
), deposited AS (
    INSERT INTO deposits (shard, wallet_id, deposit_id, bucket, asset_code, amount, state,
        sequence, create_time)
    SELECT * FROM unnest(:deposit_shards::smallint[], :deposit_wallets::uuid[],
        :deposit_ids::text[], :deposit_buckets::text[], :deposit_assets::text[],
        :deposit_amounts::bigint[], :deposit_states::text[], :deposit_sequences::bigint[],
        :deposit_times::timestamptz[])
)
SELECT 1 / (
    (SELECT count(*) FROM claimed) = cardinality(:claim_wallets)
    AND (SELECT count(*) FROM registered) = cardinality(:player_ids)
    AND NOT EXISTS (
        SELECT FROM unnest(:epoch_tenants::text[], :epochs::bigint[]) AS k (tenant_id, epoch)
        WHERE k.epoch <> (
            SELECT x.epoch FROM tenants AS x WHERE x.tenant_id = k.tenant_id OFFSET 0
        )
    )
    AND NOT EXISTS (
        SELECT FROM unnest(:status_shards::smallint[], :status_tenants::text[],
            :status_players::text[], :statuses::text[])
            AS k (shard, tenant_id, player_id, status)
        WHERE k.status <> (
            SELECT x.status FROM players AS x
            WHERE x.shard = k.shard AND x.tenant_id = k.tenant_id
                AND x.player_id = k.player_id
            OFFSET 0
        )
    )
)::int
""")


async def record(connection: Connection, fold: Fold, loaded: Loaded) -> None:
    """Records what a batch decided, all of it or nothing."""
    await connection.execute(RECORD.sql, *RECORD.arguments(record_arguments(fold, loaded)))
