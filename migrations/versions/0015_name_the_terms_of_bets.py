"""Let bets name their terms, instead of each having a document with all of them.

What a document says of the terms goes to bet_terms, its results to a column of their own.
Bets that are there are converted; their terms get an id that no server would make, which
only means that equal terms may be there twice.

Phase: contract. Servers of the previous release cannot read the table: stop them first.
Locks: bets, for as long as the conversion of all its rows takes.
"""

from alembic import op

revision = "0015"
down_revision = "0014"

CONVERT = """
    DO $$
    BEGIN
        IF NOT EXISTS (
            SELECT FROM pg_attribute
            WHERE attrelid = 'bets'::regclass AND attname = 'document' AND NOT attisdropped
        ) THEN
            RETURN;
        END IF;
        CREATE TEMPORARY TABLE converted ON COMMIT DROP AS
        SELECT b.shard, b.wallet_id, b.provider_id, b.bet_ref, w.tenant_id, b.document,
            json_build_object('snapshot', b.document -> 'snapshot', 'sources', (
                SELECT json_agg((line - 'amount')::json ORDER BY place)
                FROM jsonb_array_elements(b.document -> 'lines')
                    WITH ORDINALITY AS lines (line, place)
            )) AS terms
        FROM bets AS b JOIN wallets AS w USING (shard, wallet_id);
        INSERT INTO bet_terms (tenant_id, terms_id, document)
        SELECT DISTINCT ON (1, 2) tenant_id, md5(terms::text)::uuid, terms
        FROM converted WHERE document ? 'snapshot'
        ON CONFLICT DO NOTHING;
        UPDATE bets AS b
        SET round_ref = c.document ->> 'round_ref',
            selected_source = c.document ->> 'selected_source',
            terms_id = CASE WHEN c.document ? 'snapshot' THEN md5(c.terms::text)::uuid END,
            amounts = CASE WHEN c.document ? 'snapshot' THEN ARRAY(
                SELECT (line ->> 'amount')::bigint
                FROM jsonb_array_elements(c.document -> 'lines')
                    WITH ORDINALITY AS lines (line, place)
                ORDER BY place
            ) END,
            results = (
                SELECT json_object_agg(key, value) FROM jsonb_each(c.document)
                WHERE key IN ('portions', 'unsettled_versions', 'substitutions')
            ),
            refusal = (c.document -> 'refusal')::json
        FROM converted AS c
        WHERE (b.shard, b.wallet_id, b.provider_id, b.bet_ref)
            = (c.shard, c.wallet_id, c.provider_id, c.bet_ref);
    END
    $$
"""


def upgrade() -> None:
    op.execute("""
        ALTER TABLE bets
            ADD COLUMN IF NOT EXISTS round_ref text,
            ADD COLUMN IF NOT EXISTS selected_source text,
            ADD COLUMN IF NOT EXISTS terms_id uuid,
            ADD COLUMN IF NOT EXISTS amounts bigint[],
            ADD COLUMN IF NOT EXISTS results json,
            ADD COLUMN IF NOT EXISTS refusal json
    """)
    op.execute("GRANT INSERT ON bet_terms TO CURRENT_USER")
    op.execute("GRANT UPDATE ON bets TO CURRENT_USER")
    op.execute(CONVERT)
    op.execute("REVOKE UPDATE ON bets FROM CURRENT_USER")
    op.execute("REVOKE INSERT ON bet_terms FROM CURRENT_USER")
    op.execute("""
        ALTER TABLE bets
            DROP COLUMN IF EXISTS document,
            DROP CONSTRAINT IF EXISTS bets_amounts_check,
            DROP CONSTRAINT IF EXISTS bets_terms_check,
            DROP CONSTRAINT IF EXISTS bets_terms_of_state_check,
            DROP CONSTRAINT IF EXISTS bets_refusal_check,
            ADD CONSTRAINT bets_amounts_check CHECK ((0 <= ALL (amounts)) IS NOT FALSE),
            ADD CONSTRAINT bets_terms_check CHECK (num_nonnulls(terms_id, amounts) IN (0, 2)),
            ADD CONSTRAINT bets_terms_of_state_check
                CHECK ((state IN ('DECLINED', 'TOMBSTONED')) = (terms_id IS NULL)),
            ADD CONSTRAINT bets_refusal_check CHECK ((state = 'DECLINED') = (refusal IS NOT NULL))
    """)
    op.execute("""
        GRANT UPDATE (round_ref, selected_source, terms_id, amounts, results, refusal)
        ON bets TO wallet_server
    """)


def downgrade() -> None:
    # The new column cannot be empty, so this stops where there are bets: nothing is lost.
    op.execute("ALTER TABLE bets ADD COLUMN IF NOT EXISTS document jsonb NOT NULL")
    op.execute("GRANT UPDATE (document) ON bets TO wallet_server")
    op.execute("""
        ALTER TABLE bets
            DROP COLUMN IF EXISTS round_ref,
            DROP COLUMN IF EXISTS selected_source,
            DROP COLUMN IF EXISTS terms_id,
            DROP COLUMN IF EXISTS amounts,
            DROP COLUMN IF EXISTS results,
            DROP COLUMN IF EXISTS refusal
    """)
