"""Create the tenants, each with the epoch of its configuration.

The epoch grows with every activation. Servers read it in each batch, and so know when
the configuration that they have cached is no longer the active one.

Phase: expand. The previous release does not know the table.
Locks: none; the table is new.
"""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE IF NOT EXISTS tenants (
            tenant_id text NOT NULL,
            epoch bigint NOT NULL,
            create_time timestamptz NOT NULL,
            CONSTRAINT tenants_pkey PRIMARY KEY (tenant_id),
            CONSTRAINT tenants_epoch_check CHECK (epoch >= 1)
        )
    """)
    op.execute("GRANT SELECT, INSERT, UPDATE (epoch) ON tenants TO wallet_server")
    op.execute("GRANT SELECT ON tenants TO wallet_retention")


def downgrade() -> None:
    op.execute("DROP TABLE IF EXISTS tenants")
