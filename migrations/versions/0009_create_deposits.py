"""Create the deposits, each unique within its wallet.

The owner gives up its own right to write: it only makes and changes tables.

Phase: expand. The previous release does not know the table.
Locks: none; the table is new.
"""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
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
    op.execute("REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON deposits FROM CURRENT_USER")
    op.execute("GRANT SELECT, INSERT ON deposits TO wallet_server")


def downgrade() -> None:
    op.execute("DROP TABLE IF EXISTS deposits")
