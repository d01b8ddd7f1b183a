"""Create the answers: what each command was told, and will be told for ever.

The server may add answers and not change them. Documents are `json` and not `jsonb`:
they are stored and read back, never searched. The owner gives up its own right to
write: it only makes and changes tables.

Phase: expand. The previous release does not know the table.
Locks: none; the table is new.
"""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE IF NOT EXISTS answers (
            shard smallint NOT NULL,
            wallet_id uuid NOT NULL,
            request_id text NOT NULL,
            sequence bigint NOT NULL,
            command text NOT NULL,
            fingerprint bytea NOT NULL,
            answer_time timestamptz NOT NULL,
            outcome text,
            refusal json,
            bet json,
            details json,
            correlation_id text NOT NULL,
            CONSTRAINT answers_pkey PRIMARY KEY (shard, wallet_id, request_id),
            CONSTRAINT answers_sequence_check CHECK (sequence >= 1),
            CONSTRAINT answers_outcome_check CHECK (num_nonnulls(outcome, refusal) = 1)
        )
    """)
    op.execute("REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON answers FROM CURRENT_USER")
    op.execute("GRANT SELECT, INSERT ON answers TO wallet_server")
    op.execute("GRANT SELECT ON answers TO wallet_retention")


def downgrade() -> None:
    op.execute("DROP TABLE IF EXISTS answers")
