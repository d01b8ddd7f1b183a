"""Let players have limits, and what counts for them, beside their status.

`revision` counts a player's changes, so that commands notice when the player has changed;
`document` is empty for a player who has nothing but a status.

Phase: contract. Servers of the previous release notice changes of the status alone: stop them
before anything else changes of players.
Locks: players, for a moment.
"""

from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.execute("""
        ALTER TABLE players
            ADD COLUMN IF NOT EXISTS revision bigint NOT NULL DEFAULT 0,
            ADD COLUMN IF NOT EXISTS document json,
            ADD COLUMN IF NOT EXISTS due_time timestamptz,
            DROP CONSTRAINT IF EXISTS players_revision_check,
            ADD CONSTRAINT players_revision_check CHECK (revision >= 0),
            SET (fillfactor = 70)
    """)
    op.execute("""
        CREATE INDEX IF NOT EXISTS players_due_idx
        ON players (due_time, shard, tenant_id, player_id) WHERE due_time IS NOT NULL
    """)
    op.execute("GRANT UPDATE (revision, document, due_time) ON players TO wallet_server")


def downgrade() -> None:
    # This stops where players have limits, or have had: nothing is lost.
    op.execute("""
        ALTER TABLE players
            DROP CONSTRAINT IF EXISTS players_document_check,
            ADD CONSTRAINT players_document_check CHECK (document IS NULL)
    """)
    op.execute("""
        ALTER TABLE players
            DROP CONSTRAINT IF EXISTS players_document_check,
            DROP COLUMN IF EXISTS revision,
            DROP COLUMN IF EXISTS document,
            DROP COLUMN IF EXISTS due_time,
            RESET (fillfactor)
    """)
