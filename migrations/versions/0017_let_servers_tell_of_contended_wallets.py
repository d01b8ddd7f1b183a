"""Let a server that meets another at a wallet tell all servers, in the wallet's row.

Phase: expand. Servers of the previous release leave the column alone.
Locks: wallets, for a moment.
"""

from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.execute("ALTER TABLE wallets ADD COLUMN IF NOT EXISTS contended_until timestamptz")
    op.execute("GRANT UPDATE (contended_until) ON wallets TO wallet_server")


def downgrade() -> None:
    op.execute("ALTER TABLE wallets DROP COLUMN IF EXISTS contended_until")
