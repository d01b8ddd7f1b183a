"""Create the outbox, and the events with their positions.

Each batch adds a row to the outbox, with the events of its commands. A sequencer takes it away
behind the path of commands, and gives each event a position among those of its tenant.

Phase: expand. The previous release does not know the tables.
Locks: none; the tables are new.
"""

from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE IF NOT EXISTS outbox (
            shard smallint NOT NULL,
            batch_id uuid NOT NULL,
            create_time timestamptz NOT NULL,
            document json NOT NULL,
            CONSTRAINT outbox_pkey PRIMARY KEY (shard, batch_id)
        )
    """)
    # It is read once, soon, and deleted: compressing it would take longer than all else.
    op.execute("ALTER TABLE outbox ALTER COLUMN document SET STORAGE EXTERNAL")
    op.execute("CREATE INDEX IF NOT EXISTS outbox_time_idx ON outbox (create_time)")
    op.execute("""
        CREATE TABLE IF NOT EXISTS events (
            tenant_id text NOT NULL,
            position bigint NOT NULL,
            shard smallint,
            wallet_id uuid,
            player_id text,
            currency_code text,
            sequence bigint NOT NULL,
            wallet_sequence bigint NOT NULL,
            is_first boolean NOT NULL,
            type text NOT NULL,
            event_time timestamptz NOT NULL,
            position_time timestamptz NOT NULL,
            command text NOT NULL,
            request_id text NOT NULL,
            correlation_id text NOT NULL,
            document json NOT NULL,
            CONSTRAINT events_pkey PRIMARY KEY (tenant_id, position),
            CONSTRAINT events_position_check CHECK (position >= 1),
            CONSTRAINT events_sequence_check CHECK (sequence >= 1),
            CONSTRAINT events_wallet_check CHECK (
                num_nonnulls(shard, wallet_id, player_id, currency_code) IN (0, 4)
            )
        )
    """)
    op.execute("""
        CREATE INDEX IF NOT EXISTS events_player_idx
        ON events (tenant_id, player_id, position) WHERE wallet_id IS NOT NULL
    """)
    op.execute("""
        CREATE TABLE IF NOT EXISTS event_heads (
            tenant_id text NOT NULL,
            position bigint NOT NULL,
            first_position bigint NOT NULL,
            update_time timestamptz NOT NULL,
            CONSTRAINT event_heads_pkey PRIMARY KEY (tenant_id),
            CONSTRAINT event_heads_position_check CHECK (position >= 0),
            CONSTRAINT event_heads_first_position_check CHECK (first_position >= 1)
        )
    """)
    op.execute("GRANT SELECT, INSERT, DELETE ON outbox TO wallet_server")
    op.execute("GRANT SELECT, INSERT ON events TO wallet_server")
    op.execute(
        "GRANT SELECT, INSERT, UPDATE (position, update_time) ON event_heads TO wallet_server"
    )
    op.execute("GRANT SELECT, DELETE ON events TO wallet_retention")
    op.execute("GRANT SELECT, UPDATE (first_position) ON event_heads TO wallet_retention")


def downgrade() -> None:
    op.execute("DROP TABLE IF EXISTS event_heads")
    op.execute("DROP TABLE IF EXISTS events")
    op.execute("DROP TABLE IF EXISTS outbox")
