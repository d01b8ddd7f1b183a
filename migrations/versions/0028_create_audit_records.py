"""Create the audit records: every administrative act, and every refused one.

The server may add records and nothing else. Those of an act that was carried out say what was
there before and after; a tenant's request_id names one of them at most.

Phase: expand. The previous release does not know the table.
Locks: none; the table is new.
"""

from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE IF NOT EXISTS audit_records (
            tenant_id text NOT NULL,
            record_id uuid NOT NULL,
            record_time timestamptz NOT NULL,
            actor text NOT NULL,
            actor_roles text[] NOT NULL,
            credential_id text NOT NULL,
            peer text NOT NULL,
            method text NOT NULL,
            resource_kind text NOT NULL,
            resource_id text NOT NULL,
            resource_revision bigint,
            request_id text NOT NULL,
            fingerprint bytea,
            outcome text NOT NULL,
            refusal json,
            before json,
            after json,
            reason text NOT NULL,
            correlation_id text NOT NULL,
            shard smallint,
            wallet_id uuid,
            CONSTRAINT audit_records_pkey PRIMARY KEY (tenant_id, record_id),
            CONSTRAINT audit_records_outcome_check CHECK (outcome IN ('APPLIED', 'REFUSED')),
            CONSTRAINT audit_records_refusal_check
                CHECK ((outcome = 'REFUSED') = (refusal IS NOT NULL)),
            CONSTRAINT audit_records_wallet_check CHECK (num_nonnulls(shard, wallet_id) IN (0, 2))
        )
    """)
    op.execute("""
        CREATE UNIQUE INDEX IF NOT EXISTS audit_records_request_idx
        ON audit_records (tenant_id, request_id)
        WHERE outcome = 'APPLIED' AND wallet_id IS NULL AND request_id <> ''
    """)
    op.execute("""
        CREATE INDEX IF NOT EXISTS audit_records_time_idx
        ON audit_records (tenant_id, record_time, record_id)
    """)
    op.execute("""
        CREATE INDEX IF NOT EXISTS audit_records_resource_idx
        ON audit_records (tenant_id, resource_kind, resource_id, record_time, record_id)
    """)
    op.execute("""
        CREATE INDEX IF NOT EXISTS audit_records_actor_idx
        ON audit_records (tenant_id, actor, record_time, record_id)
    """)
    op.execute("""
        CREATE INDEX IF NOT EXISTS audit_records_correlation_idx
        ON audit_records (tenant_id, correlation_id, record_time, record_id)
        WHERE correlation_id <> ''
    """)
    op.execute("REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON audit_records FROM CURRENT_USER")
    op.execute("GRANT SELECT, INSERT ON audit_records TO wallet_server")
    op.execute("GRANT SELECT ON audit_records TO wallet_retention")


def downgrade() -> None:
    op.execute("DROP TABLE IF EXISTS audit_records")
