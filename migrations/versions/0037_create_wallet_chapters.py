"""Create the chapters of wallets' journals: what 500 commands in a row came to.

They are written behind the path of commands, where events tell that a wallet has come so far. Those
of wallets that have come further already are written when their next chapter ends.

Phase: expand. The previous release does not know the table.
Locks: none for the table, which is new; for the index, writes of events wait while it is made, and
commands do not.
"""

from alembic import op

revision = "0037"
down_revision = "0036"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE IF NOT EXISTS wallet_chapters (
            shard smallint NOT NULL,
            wallet_id uuid NOT NULL,
            sequence bigint NOT NULL,
            sums json NOT NULL,
            holdings json NOT NULL,
            CONSTRAINT wallet_chapters_pkey PRIMARY KEY (shard, wallet_id, sequence),
            CONSTRAINT wallet_chapters_sequence_check CHECK (sequence >= 1)
        )
    """)
    op.execute("""
        CREATE INDEX IF NOT EXISTS events_chapter_idx ON events (tenant_id, position)
        WHERE is_first AND wallet_sequence > 0 AND wallet_sequence % 500 = 0
    """)
    op.execute("GRANT SELECT, INSERT ON wallet_chapters TO wallet_server")


def downgrade() -> None:
    op.execute("DROP INDEX IF EXISTS events_chapter_idx")
    op.execute("DROP TABLE IF EXISTS wallet_chapters")
