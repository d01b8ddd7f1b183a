"""Create the journal.

The server may add entries and nothing else. The CHECK states for every entry what the
core asserts: it balances, and no account of the player is overdrawn. The owner gives up
its own right to write: it only makes and changes tables.

Phase: expand. The previous release does not know the table.
Locks: none; the table is new.
"""

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE IF NOT EXISTS entries (
            shard smallint NOT NULL,
            wallet_id uuid NOT NULL,
            sequence bigint NOT NULL,
            ordinal smallint NOT NULL,
            asset_code text NOT NULL,
            accounts text[] NOT NULL,
            changes bigint[] NOT NULL,
            balances_after bigint[] NOT NULL,
            entry_time timestamptz NOT NULL,
            request_id text NOT NULL,
            command text NOT NULL,
            provider_id text,
            bet_ref text,
            correlation_id text NOT NULL,
            CONSTRAINT entries_pkey PRIMARY KEY (shard, wallet_id, sequence, ordinal),
            CONSTRAINT entries_sequence_check CHECK (sequence >= 1),
            CONSTRAINT entries_sound_check
                CHECK (entry_is_sound(accounts, changes, balances_after))
        )
    """)
    op.execute("REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON entries FROM CURRENT_USER")
    op.execute("GRANT SELECT, INSERT ON entries TO wallet_server")
    op.execute("GRANT SELECT ON entries TO wallet_retention")


def downgrade() -> None:
    op.execute("DROP TABLE IF EXISTS entries")
