"""Create the provider profiles: what type each provider is, and how it behaves.

One version is active for each tenant and provider; the index sees to that. A version's
state may change, its document may not: the server has no privilege to.

Phase: expand. The previous release does not know the table.
Locks: none; the table is new.
"""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE IF NOT EXISTS provider_profiles (
            tenant_id text NOT NULL,
            provider_id text NOT NULL,
            version bigint NOT NULL,
            state text NOT NULL,
            document jsonb NOT NULL,
            create_time timestamptz NOT NULL,
            CONSTRAINT provider_profiles_pkey PRIMARY KEY (tenant_id, provider_id, version),
            CONSTRAINT provider_profiles_version_check CHECK (version >= 1),
            CONSTRAINT provider_profiles_state_check CHECK (state IN ('ACTIVE', 'SUPERSEDED'))
        )
    """)
    op.execute("""
        CREATE UNIQUE INDEX IF NOT EXISTS provider_profiles_active_idx
        ON provider_profiles (tenant_id, provider_id) WHERE state = 'ACTIVE'
    """)
    op.execute("GRANT SELECT, INSERT, UPDATE (state) ON provider_profiles TO wallet_server")


def downgrade() -> None:
    op.execute("DROP TABLE IF EXISTS provider_profiles")
