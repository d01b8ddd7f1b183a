"""Create the chain: blocks of entries and audit records, each sealed with the one before.

The server may add blocks and nothing else. The key that signs them is not in the database.

Phase: expand. The previous release does not know the table.
Locks: none; the table is new.
"""

from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE IF NOT EXISTS chain_blocks (
            chain smallint NOT NULL,
            number bigint NOT NULL,
            seal_time timestamptz NOT NULL,
            entries_count integer NOT NULL,
            records_count integer NOT NULL,
            contents bytea NOT NULL,
            contents_hash bytea NOT NULL,
            previous_hash bytea NOT NULL,
            block_hash bytea NOT NULL,
            key_id text NOT NULL,
            signature bytea NOT NULL,
            CONSTRAINT chain_blocks_pkey PRIMARY KEY (chain, number),
            CONSTRAINT chain_blocks_number_check CHECK (number >= 1)
        )
    """)
    op.execute("REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON chain_blocks FROM CURRENT_USER")
    op.execute("GRANT SELECT, INSERT ON chain_blocks TO wallet_server")
    op.execute("GRANT SELECT ON chain_blocks TO wallet_retention")


def downgrade() -> None:
    op.execute("DROP TABLE IF EXISTS chain_blocks")
