"""Create the players: what holds for a player in all currencies.

The key starts with the shard of the player's wallets, so that both are on one machine.

Phase: expand. The previous release does not know the table.
Locks: none; the table is new.
"""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE IF NOT EXISTS players (
            shard smallint NOT NULL,
            tenant_id text NOT NULL,
            player_id text NOT NULL,
            status text NOT NULL DEFAULT 'ACTIVE',
            create_time timestamptz NOT NULL,
            CONSTRAINT players_pkey PRIMARY KEY (shard, tenant_id, player_id),
            CONSTRAINT players_status_check CHECK (
                status IN ('ACTIVE', 'BET_BLOCKED', 'SELF_EXCLUDED', 'FROZEN', 'CLOSED')
            )
        )
    """)
    op.execute("GRANT SELECT, INSERT, UPDATE (status) ON players TO wallet_server")


def downgrade() -> None:
    op.execute("DROP TABLE IF EXISTS players")
