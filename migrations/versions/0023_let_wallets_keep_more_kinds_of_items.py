"""Let wallets keep deposits, withdrawals and adjustments among their items.

Phase: expand. Servers of the previous release know nothing of them.
Locks: wallet_items, for as long as it takes to read all of it.
"""

from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.execute("""
        ALTER TABLE wallet_items
            DROP CONSTRAINT IF EXISTS wallet_items_kind_check,
            ADD CONSTRAINT wallet_items_kind_check CHECK (
                kind IN (
                    'ADJUSTMENT', 'COUPON', 'DEPOSIT', 'EDGE_USAGE', 'PROMOTION', 'REQUIREMENT',
                    'ROUND', 'WITHDRAWAL'
                )
            )
    """)


def downgrade() -> None:
    # This stops where there are items of the new kinds: nothing is lost.
    op.execute("""
        ALTER TABLE wallet_items
            DROP CONSTRAINT IF EXISTS wallet_items_kind_check,
            ADD CONSTRAINT wallet_items_kind_check CHECK (
                kind IN ('COUPON', 'EDGE_USAGE', 'PROMOTION', 'REQUIREMENT', 'ROUND')
            )
    """)
