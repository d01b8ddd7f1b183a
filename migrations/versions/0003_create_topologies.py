"""Create the topologies: which buckets a tenant's wallets have, as immutable versions.

One version is active for each tenant; the index sees to that. A version's state may
change, its document may not: the server has no privilege to.

Phase: expand. The previous release does not know the table.
Locks: none; the table is new.
"""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE IF NOT EXISTS topologies (
            tenant_id text NOT NULL,
            version bigint NOT NULL,
            state text NOT NULL,
            name text NOT NULL,
            document jsonb NOT NULL,
            create_time timestamptz NOT NULL,
            CONSTRAINT topologies_pkey PRIMARY KEY (tenant_id, version),
            CONSTRAINT topologies_version_check CHECK (version >= 1),
            CONSTRAINT topologies_state_check CHECK (state IN ('ACTIVE', 'SUPERSEDED'))
        )
    """)
    op.execute("""
        CREATE UNIQUE INDEX IF NOT EXISTS topologies_active_idx
        ON topologies (tenant_id) WHERE state = 'ACTIVE'
    """)
    op.execute("GRANT SELECT, INSERT, UPDATE (state) ON topologies TO wallet_server")


def downgrade() -> None:
    op.execute("DROP TABLE IF EXISTS topologies")
