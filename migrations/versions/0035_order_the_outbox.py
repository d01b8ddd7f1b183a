"""Order the outbox, and keep how far consumers of events are.

A wallet, and a tenant, keeps the time of its last row in the outbox, so that the next is later,
whatever the clocks of servers say: then the oldest rows of the outbox can be taken first, and none
is taken before another of the same wallet.

Phase: expand. The previous release leaves the columns as they are, and does not know the table.
Locks: takes the tables for a moment, as a column without a default writes no rows.
"""

from alembic import op

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    op.execute("ALTER TABLE wallets ADD COLUMN IF NOT EXISTS outbox_time timestamptz")
    op.execute("ALTER TABLE tenants ADD COLUMN IF NOT EXISTS outbox_time timestamptz")
    op.execute("""
        CREATE TABLE IF NOT EXISTS event_consumers (
            consumer text NOT NULL,
            tenant_id text NOT NULL,
            position bigint NOT NULL,
            update_time timestamptz NOT NULL,
            CONSTRAINT event_consumers_pkey PRIMARY KEY (consumer, tenant_id),
            CONSTRAINT event_consumers_position_check CHECK (position >= 0)
        ) WITH (fillfactor = 50)
    """)
    op.execute("GRANT UPDATE (outbox_time) ON wallets TO wallet_server")
    op.execute("GRANT UPDATE (outbox_time) ON tenants TO wallet_server")
    op.execute(
        "GRANT SELECT, INSERT, UPDATE (position, update_time) ON event_consumers TO wallet_server"
    )
    op.execute("GRANT SELECT, DELETE ON event_consumers TO wallet_retention")


def downgrade() -> None:
    op.execute("DROP TABLE IF EXISTS event_consumers")
    op.execute("ALTER TABLE tenants DROP COLUMN IF EXISTS outbox_time")
    op.execute("ALTER TABLE wallets DROP COLUMN IF EXISTS outbox_time")
