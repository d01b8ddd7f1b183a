"""Create the wallet policies: what holds for a tenant's wallets whoever the provider is.

One version is active for each tenant; the index sees to that. A version's state may
change, its document may not: the server has no privilege to.

Phase: expand. The previous release does not know the table.
Locks: none; the table is new.
"""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE IF NOT EXISTS wallet_policies (
            tenant_id text NOT NULL,
            version bigint NOT NULL,
            state text NOT NULL,
            document jsonb NOT NULL,
            create_time timestamptz NOT NULL,
            CONSTRAINT wallet_policies_pkey PRIMARY KEY (tenant_id, version),
            CONSTRAINT wallet_policies_version_check CHECK (version >= 1),
            CONSTRAINT wallet_policies_state_check CHECK (state IN ('ACTIVE', 'SUPERSEDED'))
        )
    """)
    op.execute("""
        CREATE UNIQUE INDEX IF NOT EXISTS wallet_policies_active_idx
        ON wallet_policies (tenant_id) WHERE state = 'ACTIVE'
    """)
    op.execute("GRANT SELECT, INSERT, UPDATE (state) ON wallet_policies TO wallet_server")


def downgrade() -> None:
    op.execute("DROP TABLE IF EXISTS wallet_policies")
