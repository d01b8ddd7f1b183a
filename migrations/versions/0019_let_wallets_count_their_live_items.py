"""Let a wallet say how many items commands must look at though they do not name them.

Phase: expand. Servers of the previous release leave the column alone.
Locks: wallets, for a moment.
"""

from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.execute("""
        ALTER TABLE wallets
            ADD COLUMN IF NOT EXISTS live_items integer NOT NULL DEFAULT 0,
            DROP CONSTRAINT IF EXISTS wallets_live_items_check,
            ADD CONSTRAINT wallets_live_items_check CHECK (live_items >= 0)
    """)
    op.execute("GRANT UPDATE (live_items) ON wallets TO wallet_server")


def downgrade() -> None:
    op.execute("ALTER TABLE wallets DROP COLUMN IF EXISTS live_items")
