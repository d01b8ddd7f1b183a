"""Keep what an answer says beside its entries and its bet.

Phase: expand. Servers of the previous release leave the column alone.
Locks: answers, for a moment.
"""

from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.execute("ALTER TABLE answers ADD COLUMN IF NOT EXISTS result json")


def downgrade() -> None:
    op.execute("ALTER TABLE answers DROP COLUMN IF EXISTS result")
