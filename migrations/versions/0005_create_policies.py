"""Create the policies: how the bets of a provider type are funded and paid out.

One version is active for each tenant and provider type; the index sees to that. A
version's state may change, its document may not: the server has no privilege to.

Phase: expand. The previous release does not know the table.
Locks: none; the table is new.
"""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE IF NOT EXISTS policies (
            tenant_id text NOT NULL,
            provider_type text NOT NULL,
            version bigint NOT NULL,
            state text NOT NULL,
            document jsonb NOT NULL,
            create_time timestamptz NOT NULL,
            CONSTRAINT policies_pkey PRIMARY KEY (tenant_id, provider_type, version),
            CONSTRAINT policies_version_check CHECK (version >= 1),
            CONSTRAINT policies_state_check CHECK (state IN ('ACTIVE', 'SUPERSEDED'))
        )
    """)
    op.execute("""
        CREATE UNIQUE INDEX IF NOT EXISTS policies_active_idx
        ON policies (tenant_id, provider_type) WHERE state = 'ACTIVE'
    """)
    op.execute("GRANT SELECT, INSERT, UPDATE (state) ON policies TO wallet_server")


def downgrade() -> None:
    op.execute("DROP TABLE IF EXISTS policies")
