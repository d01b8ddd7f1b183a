"""Keep what a wallet has beside balances, bets and deposits in one table.

Phase: expand. Servers of the previous release know nothing of it.
Locks: none on what is there.
"""

from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE IF NOT EXISTS wallet_items (
            shard smallint NOT NULL,
            wallet_id uuid NOT NULL,
            kind text NOT NULL,
            item_id text NOT NULL,
            state text NOT NULL,
            is_live boolean NOT NULL,
            sequence bigint NOT NULL,
            revision bigint NOT NULL,
            create_time timestamptz NOT NULL,
            due_time timestamptz,
            document json NOT NULL,
            PRIMARY KEY (shard, wallet_id, kind, item_id),
            CONSTRAINT wallet_items_sequence_check CHECK (sequence >= 1),
            CONSTRAINT wallet_items_revision_check CHECK (revision >= 1),
            CONSTRAINT wallet_items_kind_check CHECK (
                kind IN ('COUPON', 'EDGE_USAGE', 'PROMOTION', 'REQUIREMENT', 'ROUND')
            )
        ) WITH (fillfactor = 70)
    """)
    op.execute("""
        CREATE INDEX IF NOT EXISTS wallet_items_live_idx
        ON wallet_items (shard, wallet_id) WHERE is_live
    """)
    op.execute("""
        CREATE INDEX IF NOT EXISTS wallet_items_due_idx
        ON wallet_items (due_time, shard, wallet_id, kind, item_id) WHERE due_time IS NOT NULL
    """)
    op.execute("REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON wallet_items FROM CURRENT_USER")
    op.execute("GRANT SELECT, INSERT ON wallet_items TO wallet_server")
    op.execute("""
        GRANT UPDATE (state, is_live, revision, due_time, document) ON wallet_items TO wallet_server
    """)


def downgrade() -> None:
    op.execute("DROP TABLE IF EXISTS wallet_items")
