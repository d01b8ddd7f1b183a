"""Number the events of wallets and tenants.

Both say how many events they have had. Those of before have had none: their history is in the
ledger, and is not told of again.

Phase: expand. The previous release leaves the columns as they are; what it records has no events.
Locks: takes the tables for a moment, as a constant default writes no rows.
"""

from alembic import op

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    op.execute("""
        ALTER TABLE wallets ADD COLUMN IF NOT EXISTS event_sequence bigint NOT NULL DEFAULT 0
    """)
    op.execute("""
        ALTER TABLE tenants ADD COLUMN IF NOT EXISTS event_sequence bigint NOT NULL DEFAULT 0
    """)
    op.execute("GRANT UPDATE (event_sequence) ON wallets TO wallet_server")
    op.execute("GRANT UPDATE (event_sequence) ON tenants TO wallet_server")


def downgrade() -> None:
    op.execute("ALTER TABLE tenants DROP COLUMN IF EXISTS event_sequence")
    op.execute("ALTER TABLE wallets DROP COLUMN IF EXISTS event_sequence")
