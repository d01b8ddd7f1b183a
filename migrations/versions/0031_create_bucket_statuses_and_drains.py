"""Create the statuses of buckets, and the jobs that empty them.

A bucket has a row where its status was ever changed on the running system; it then holds in every
version. A drain moves what is in a bucket to another, wallet by wallet, and says how far it is.

Phase: expand. The previous release does not know the tables.
Locks: none; the tables are new.
"""

from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE IF NOT EXISTS bucket_statuses (
            tenant_id text NOT NULL,
            bucket text NOT NULL,
            status text NOT NULL,
            revision bigint NOT NULL,
            update_time timestamptz NOT NULL,
            CONSTRAINT bucket_statuses_pkey PRIMARY KEY (tenant_id, bucket),
            CONSTRAINT bucket_statuses_status_check CHECK (status IN ('ACTIVE', 'DRAINING'))
        )
    """)
    op.execute("""
        CREATE TABLE IF NOT EXISTS drains (
            tenant_id text NOT NULL,
            drain_id text NOT NULL,
            bucket text NOT NULL,
            successor text NOT NULL,
            state text NOT NULL,
            revision bigint NOT NULL,
            author text NOT NULL,
            approver text NOT NULL,
            comment text NOT NULL,
            create_time timestamptz NOT NULL,
            update_time timestamptz NOT NULL,
            place json,
            wallets_count bigint NOT NULL,
            failed_count bigint NOT NULL,
            totals json NOT NULL,
            trouble text NOT NULL,
            CONSTRAINT drains_pkey PRIMARY KEY (tenant_id, drain_id),
            CONSTRAINT drains_state_check
                CHECK (state IN ('PENDING', 'RUNNING', 'DONE', 'CANCELLED'))
        )
    """)
    op.execute("""
        CREATE UNIQUE INDEX IF NOT EXISTS drains_open_idx
        ON drains (tenant_id, bucket) WHERE state IN ('PENDING', 'RUNNING')
    """)
    op.execute("""
        GRANT SELECT, INSERT, UPDATE (status, revision, update_time)
        ON bucket_statuses TO wallet_server
    """)
    op.execute("""
        GRANT SELECT, INSERT, UPDATE (
            state, revision, approver, update_time, place, wallets_count, failed_count, totals,
            trouble
        ) ON drains TO wallet_server
    """)


def downgrade() -> None:
    op.execute("DROP TABLE IF EXISTS drains")
    op.execute("DROP TABLE IF EXISTS bucket_statuses")
