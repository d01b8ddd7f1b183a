"""Keep the references of wins and cash-outs among those of bets, and what is particular of a bet.

Phase: expand. Servers of the previous release leave the columns alone; what they cannot
read is only there once servers of this release have recorded it.
Locks: bets, for as long as it takes to read all of it.
"""

from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.execute("""
        ALTER TABLE bets
            ADD COLUMN IF NOT EXISTS kind text,
            ADD COLUMN IF NOT EXISTS particulars json,
            DROP CONSTRAINT IF EXISTS bets_state_check,
            DROP CONSTRAINT IF EXISTS bets_kind_check,
            DROP CONSTRAINT IF EXISTS bets_particulars_check,
            DROP CONSTRAINT IF EXISTS bets_terms_of_state_check,
            ADD CONSTRAINT bets_state_check CHECK (
                state IN (
                    'AUTHORIZED', 'PARTIALLY_SETTLED', 'SETTLED', 'ROLLED_BACK', 'DECLINED',
                    'TOMBSTONED', 'CREDITED', 'SUSPENDED', 'RETURNED', 'CASHED_OUT'
                )
            ),
            ADD CONSTRAINT bets_kind_check CHECK ((kind IN ('WIN', 'CASH_OUT')) IS NOT FALSE),
            ADD CONSTRAINT bets_particulars_check CHECK (kind IS NULL OR particulars IS NOT NULL),
            ADD CONSTRAINT bets_terms_of_state_check CHECK (
                (kind IS NOT NULL OR state IN ('DECLINED', 'TOMBSTONED')) = (terms_id IS NULL)
            )
    """)
    op.execute("GRANT UPDATE (kind, particulars) ON bets TO wallet_server")


def downgrade() -> None:
    # This stops where there are wins or cash-outs: nothing is lost.
    op.execute("""
        ALTER TABLE bets
            DROP CONSTRAINT IF EXISTS bets_state_check,
            DROP CONSTRAINT IF EXISTS bets_terms_of_state_check,
            ADD CONSTRAINT bets_terms_of_state_check
                CHECK ((state IN ('DECLINED', 'TOMBSTONED')) = (terms_id IS NULL)),
            ADD CONSTRAINT bets_state_check CHECK (
                state IN (
                    'AUTHORIZED', 'PARTIALLY_SETTLED', 'SETTLED', 'ROLLED_BACK', 'DECLINED',
                    'TOMBSTONED'
                )
            ),
            DROP COLUMN IF EXISTS kind,
            DROP COLUMN IF EXISTS particulars
    """)
