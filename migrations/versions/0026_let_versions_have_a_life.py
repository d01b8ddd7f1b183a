"""Let versions be drafts, and be validated, approved, scheduled and archived.

`revision` counts the changes of a version, so that nobody overwrites what somebody else has
changed meanwhile. A draft's document may change, so the server gets the privilege; that none does
later is the code's business, and `verify` compares each with its audit records.

Phase: expand. The previous release looks at active versions alone.
Locks: the four tables of versions, for a moment.
"""

from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.execute("""
        ALTER TABLE topologies
            ADD COLUMN IF NOT EXISTS revision bigint NOT NULL DEFAULT 1,
            ADD COLUMN IF NOT EXISTS source text,
            ADD COLUMN IF NOT EXISTS author text NOT NULL DEFAULT '',
            ADD COLUMN IF NOT EXISTS approver text NOT NULL DEFAULT '',
            ADD COLUMN IF NOT EXISTS comment text NOT NULL DEFAULT '',
            ADD COLUMN IF NOT EXISTS update_time timestamptz,
            ADD COLUMN IF NOT EXISTS effective_time timestamptz,
            ADD COLUMN IF NOT EXISTS activate_time timestamptz,
            DROP CONSTRAINT IF EXISTS topologies_state_check,
            ADD CONSTRAINT topologies_state_check CHECK (
                state IN (
                    'DRAFT', 'VALIDATED', 'APPROVED', 'SCHEDULED', 'ACTIVE', 'SUPERSEDED',
                    'ARCHIVED'
                )
            ),
            DROP CONSTRAINT IF EXISTS topologies_revision_check,
            ADD CONSTRAINT topologies_revision_check CHECK (revision >= 1),
            DROP CONSTRAINT IF EXISTS topologies_effective_time_check,
            ADD CONSTRAINT topologies_effective_time_check
                CHECK (state <> 'SCHEDULED' OR effective_time IS NOT NULL)
    """)
    op.execute("""
        CREATE INDEX IF NOT EXISTS topologies_scheduled_idx
        ON topologies (effective_time, tenant_id, version)
        WHERE state = 'SCHEDULED'
    """)
    op.execute("""
        GRANT UPDATE (
            name, revision, document, source, author, approver, comment, update_time,
            effective_time, activate_time
        ) ON topologies TO wallet_server
    """)
    op.execute("""
        ALTER TABLE wallet_policies
            ADD COLUMN IF NOT EXISTS revision bigint NOT NULL DEFAULT 1,
            ADD COLUMN IF NOT EXISTS source text,
            ADD COLUMN IF NOT EXISTS author text NOT NULL DEFAULT '',
            ADD COLUMN IF NOT EXISTS approver text NOT NULL DEFAULT '',
            ADD COLUMN IF NOT EXISTS comment text NOT NULL DEFAULT '',
            ADD COLUMN IF NOT EXISTS update_time timestamptz,
            ADD COLUMN IF NOT EXISTS effective_time timestamptz,
            ADD COLUMN IF NOT EXISTS activate_time timestamptz,
            DROP CONSTRAINT IF EXISTS wallet_policies_state_check,
            ADD CONSTRAINT wallet_policies_state_check CHECK (
                state IN (
                    'DRAFT', 'VALIDATED', 'APPROVED', 'SCHEDULED', 'ACTIVE', 'SUPERSEDED',
                    'ARCHIVED'
                )
            ),
            DROP CONSTRAINT IF EXISTS wallet_policies_revision_check,
            ADD CONSTRAINT wallet_policies_revision_check CHECK (revision >= 1),
            DROP CONSTRAINT IF EXISTS wallet_policies_effective_time_check,
            ADD CONSTRAINT wallet_policies_effective_time_check
                CHECK (state <> 'SCHEDULED' OR effective_time IS NOT NULL)
    """)
    op.execute("""
        CREATE INDEX IF NOT EXISTS wallet_policies_scheduled_idx
        ON wallet_policies (effective_time, tenant_id, version)
        WHERE state = 'SCHEDULED'
    """)
    op.execute("""
        GRANT UPDATE (
            revision, document, source, author, approver, comment, update_time,
            effective_time, activate_time
        ) ON wallet_policies TO wallet_server
    """)
    op.execute("""
        ALTER TABLE policies
            ADD COLUMN IF NOT EXISTS revision bigint NOT NULL DEFAULT 1,
            ADD COLUMN IF NOT EXISTS source text,
            ADD COLUMN IF NOT EXISTS author text NOT NULL DEFAULT '',
            ADD COLUMN IF NOT EXISTS approver text NOT NULL DEFAULT '',
            ADD COLUMN IF NOT EXISTS comment text NOT NULL DEFAULT '',
            ADD COLUMN IF NOT EXISTS update_time timestamptz,
            ADD COLUMN IF NOT EXISTS effective_time timestamptz,
            ADD COLUMN IF NOT EXISTS activate_time timestamptz,
            DROP CONSTRAINT IF EXISTS policies_state_check,
            ADD CONSTRAINT policies_state_check CHECK (
                state IN (
                    'DRAFT', 'VALIDATED', 'APPROVED', 'SCHEDULED', 'ACTIVE', 'SUPERSEDED',
                    'ARCHIVED'
                )
            ),
            DROP CONSTRAINT IF EXISTS policies_revision_check,
            ADD CONSTRAINT policies_revision_check CHECK (revision >= 1),
            DROP CONSTRAINT IF EXISTS policies_effective_time_check,
            ADD CONSTRAINT policies_effective_time_check
                CHECK (state <> 'SCHEDULED' OR effective_time IS NOT NULL)
    """)
    op.execute("""
        CREATE INDEX IF NOT EXISTS policies_scheduled_idx
        ON policies (effective_time, tenant_id, provider_type, version)
        WHERE state = 'SCHEDULED'
    """)
    op.execute("""
        GRANT UPDATE (
            revision, document, source, author, approver, comment, update_time,
            effective_time, activate_time
        ) ON policies TO wallet_server
    """)
    op.execute("""
        ALTER TABLE provider_profiles
            ADD COLUMN IF NOT EXISTS revision bigint NOT NULL DEFAULT 1,
            ADD COLUMN IF NOT EXISTS source text,
            ADD COLUMN IF NOT EXISTS author text NOT NULL DEFAULT '',
            ADD COLUMN IF NOT EXISTS approver text NOT NULL DEFAULT '',
            ADD COLUMN IF NOT EXISTS comment text NOT NULL DEFAULT '',
            ADD COLUMN IF NOT EXISTS update_time timestamptz,
            ADD COLUMN IF NOT EXISTS effective_time timestamptz,
            ADD COLUMN IF NOT EXISTS activate_time timestamptz,
            DROP CONSTRAINT IF EXISTS provider_profiles_state_check,
            ADD CONSTRAINT provider_profiles_state_check CHECK (
                state IN (
                    'DRAFT', 'VALIDATED', 'APPROVED', 'SCHEDULED', 'ACTIVE', 'SUPERSEDED',
                    'ARCHIVED'
                )
            ),
            DROP CONSTRAINT IF EXISTS provider_profiles_revision_check,
            ADD CONSTRAINT provider_profiles_revision_check CHECK (revision >= 1),
            DROP CONSTRAINT IF EXISTS provider_profiles_effective_time_check,
            ADD CONSTRAINT provider_profiles_effective_time_check
                CHECK (state <> 'SCHEDULED' OR effective_time IS NOT NULL)
    """)
    op.execute("""
        CREATE INDEX IF NOT EXISTS provider_profiles_scheduled_idx
        ON provider_profiles (effective_time, tenant_id, provider_id, version)
        WHERE state = 'SCHEDULED'
    """)
    op.execute("""
        GRANT UPDATE (
            revision, document, source, author, approver, comment, update_time,
            effective_time, activate_time
        ) ON provider_profiles TO wallet_server
    """)


def downgrade() -> None:
    # This stops where there are versions that the previous release cannot have.
    op.execute("DROP INDEX IF EXISTS topologies_scheduled_idx")
    op.execute("""
        ALTER TABLE topologies
            DROP CONSTRAINT IF EXISTS topologies_state_check,
            ADD CONSTRAINT topologies_state_check CHECK (state IN ('ACTIVE', 'SUPERSEDED'))
    """)
    op.execute("""
        ALTER TABLE topologies
            DROP COLUMN IF EXISTS revision,
            DROP COLUMN IF EXISTS source,
            DROP COLUMN IF EXISTS author,
            DROP COLUMN IF EXISTS approver,
            DROP COLUMN IF EXISTS comment,
            DROP COLUMN IF EXISTS update_time,
            DROP COLUMN IF EXISTS effective_time,
            DROP COLUMN IF EXISTS activate_time
    """)
    op.execute("REVOKE UPDATE (name, document) ON topologies FROM wallet_server")
    op.execute("DROP INDEX IF EXISTS wallet_policies_scheduled_idx")
    op.execute("""
        ALTER TABLE wallet_policies
            DROP CONSTRAINT IF EXISTS wallet_policies_state_check,
            ADD CONSTRAINT wallet_policies_state_check CHECK (state IN ('ACTIVE', 'SUPERSEDED'))
    """)
    op.execute("""
        ALTER TABLE wallet_policies
            DROP COLUMN IF EXISTS revision,
            DROP COLUMN IF EXISTS source,
            DROP COLUMN IF EXISTS author,
            DROP COLUMN IF EXISTS approver,
            DROP COLUMN IF EXISTS comment,
            DROP COLUMN IF EXISTS update_time,
            DROP COLUMN IF EXISTS effective_time,
            DROP COLUMN IF EXISTS activate_time
    """)
    op.execute("REVOKE UPDATE (document) ON wallet_policies FROM wallet_server")
    op.execute("DROP INDEX IF EXISTS policies_scheduled_idx")
    op.execute("""
        ALTER TABLE policies
            DROP CONSTRAINT IF EXISTS policies_state_check,
            ADD CONSTRAINT policies_state_check CHECK (state IN ('ACTIVE', 'SUPERSEDED'))
    """)
    op.execute("""
        ALTER TABLE policies
            DROP COLUMN IF EXISTS revision,
            DROP COLUMN IF EXISTS source,
            DROP COLUMN IF EXISTS author,
            DROP COLUMN IF EXISTS approver,
            DROP COLUMN IF EXISTS comment,
            DROP COLUMN IF EXISTS update_time,
            DROP COLUMN IF EXISTS effective_time,
            DROP COLUMN IF EXISTS activate_time
    """)
    op.execute("REVOKE UPDATE (document) ON policies FROM wallet_server")
    op.execute("DROP INDEX IF EXISTS provider_profiles_scheduled_idx")
    op.execute("""
        ALTER TABLE provider_profiles
            DROP CONSTRAINT IF EXISTS provider_profiles_state_check,
            ADD CONSTRAINT provider_profiles_state_check CHECK (state IN ('ACTIVE', 'SUPERSEDED'))
    """)
    op.execute("""
        ALTER TABLE provider_profiles
            DROP COLUMN IF EXISTS revision,
            DROP COLUMN IF EXISTS source,
            DROP COLUMN IF EXISTS author,
            DROP COLUMN IF EXISTS approver,
            DROP COLUMN IF EXISTS comment,
            DROP COLUMN IF EXISTS update_time,
            DROP COLUMN IF EXISTS effective_time,
            DROP COLUMN IF EXISTS activate_time
    """)
    op.execute("REVOKE UPDATE (document) ON provider_profiles FROM wallet_server")
