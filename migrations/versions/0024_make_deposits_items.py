"""Make deposits items of their wallets, and let the table that was theirs go.

A deposit's row becomes a document that has every field of the deposit, as the program writes
it; it was approved by the command that made it. The requirement that it opened, if any, is
found by its name. On the way back, deposits that an earlier release can read become rows again.

Phase: contract. Servers of the previous release cannot do without the table: stop them first.
Locks: deposits, wallet_items, for as long as the conversion of all deposits takes.
"""

from alembic import op

revision = "0024"
down_revision = "0023"

TO_ITEMS = """
    DO $$
    BEGIN
        IF to_regclass('deposits') IS NULL THEN
            RETURN;
        END IF;
        INSERT INTO wallet_items (shard, wallet_id, kind, item_id, state, is_live, sequence,
            revision, create_time, document)
        SELECT d.shard, d.wallet_id, 'DEPOSIT', d.deposit_id, d.state, false, d.sequence, 1,
            d.create_time, json_build_object(
                'deposit_id', d.deposit_id, 'state', d.state, 'bucket', d.bucket,
                'asset_code', d.asset_code, 'amount', d.amount, 'sequence', d.sequence,
                'create_time', t.text, 'method', '', 'withdrawal_id', '', 'approve_time', t.text,
                'approve_sequence', d.sequence, 'expire_time', NULL, 'suspended', false,
                'reversals', '[]'::json, 'reason_code', '',
                'requirement_id', coalesce(r.item_id, ''), 'revision', 1,
                'announced_bucket', '', 'suspend_sequence', 0
            )
        FROM deposits AS d
        CROSS JOIN LATERAL (
            SELECT to_char(d.create_time AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
        ) AS t (text)
        LEFT JOIN wallet_items AS r
            ON (r.shard, r.wallet_id, r.kind, r.item_id)
                = (d.shard, d.wallet_id, 'REQUIREMENT', 'DEPOSIT:' || d.deposit_id)
        ON CONFLICT DO NOTHING;
    END
    $$
"""

TO_ROWS = """
    WITH taken AS (
        DELETE FROM wallet_items
        WHERE kind = 'DEPOSIT' AND state = 'APPROVED'
        RETURNING shard, wallet_id, item_id, state, document
    )
    INSERT INTO deposits (shard, wallet_id, deposit_id, bucket, asset_code, amount, state,
        sequence, create_time)
    SELECT shard, wallet_id, item_id, document ->> 'bucket', document ->> 'asset_code',
        (document ->> 'amount')::bigint, state, (document ->> 'approve_sequence')::bigint,
        (document ->> 'approve_time')::timestamptz
    FROM taken
"""


def upgrade() -> None:
    op.execute("GRANT INSERT ON wallet_items TO CURRENT_USER")
    op.execute(TO_ITEMS)
    op.execute("REVOKE INSERT ON wallet_items FROM CURRENT_USER")
    op.execute("DROP TABLE IF EXISTS deposits")


def downgrade() -> None:
    op.execute("""
        CREATE TABLE IF NOT EXISTS deposits (
            shard smallint NOT NULL,
            wallet_id uuid NOT NULL,
            deposit_id text NOT NULL,
            bucket text NOT NULL,
            asset_code text NOT NULL,
            amount bigint NOT NULL,
            state text NOT NULL,
            sequence bigint NOT NULL,
            create_time timestamptz NOT NULL,
            CONSTRAINT deposits_pkey PRIMARY KEY (shard, wallet_id, deposit_id),
            CONSTRAINT deposits_amount_check CHECK (amount > 0),
            CONSTRAINT deposits_sequence_check CHECK (sequence >= 1),
            CONSTRAINT deposits_state_check CHECK (state IN ('APPROVED'))
        )
    """)
    op.execute("GRANT INSERT ON deposits TO CURRENT_USER")
    op.execute("GRANT DELETE ON wallet_items TO CURRENT_USER")
    op.execute(TO_ROWS)
    op.execute("REVOKE DELETE ON wallet_items FROM CURRENT_USER")
    op.execute("REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON deposits FROM CURRENT_USER")
    op.execute("GRANT SELECT, INSERT ON deposits TO wallet_server")
