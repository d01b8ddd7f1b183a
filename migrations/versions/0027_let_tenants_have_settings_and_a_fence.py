"""Let tenants have settings, and a fence around them while a version is activated.

While `fence_expire_time` lies ahead, commands of the tenant wait. `is_counted` tells that all that
refers to the tenant's buckets was counted since its first wallet: see `bucket_usage`.

Phase: contract. Servers of the previous release do not count: stop them, and run
`wallet-server recount` for each tenant, before a bucket is removed.
Locks: tenants, for a moment.
"""

from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    op.execute("""
        ALTER TABLE tenants
            ADD COLUMN IF NOT EXISTS revision bigint NOT NULL DEFAULT 1,
            ADD COLUMN IF NOT EXISTS settings jsonb NOT NULL DEFAULT '{}',
            ADD COLUMN IF NOT EXISTS fence_token uuid,
            ADD COLUMN IF NOT EXISTS fence_expire_time timestamptz,
            ADD COLUMN IF NOT EXISTS is_counted boolean NOT NULL DEFAULT false,
            DROP CONSTRAINT IF EXISTS tenants_revision_check,
            ADD CONSTRAINT tenants_revision_check CHECK (revision >= 1),
            DROP CONSTRAINT IF EXISTS tenants_fence_check,
            ADD CONSTRAINT tenants_fence_check
                CHECK (num_nonnulls(fence_token, fence_expire_time) IN (0, 2))
    """)
    op.execute("""
        GRANT UPDATE (revision, settings, fence_token, fence_expire_time, is_counted)
        ON tenants TO wallet_server
    """)


def downgrade() -> None:
    op.execute("""
        ALTER TABLE tenants
            DROP COLUMN IF EXISTS revision,
            DROP COLUMN IF EXISTS settings,
            DROP COLUMN IF EXISTS fence_token,
            DROP COLUMN IF EXISTS fence_expire_time,
            DROP COLUMN IF EXISTS is_counted
    """)
