"""Create the credentials, and the revocations of tokens.

A credential says which tenants and roles a certificate's subject, or a token's, stands for. It is
never removed. A revocation ends tokens before their time: one, or all of a subject that were
issued before a moment.

Phase: expand. The previous release does not know the tables.
Locks: none; the tables are new.
"""

from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE IF NOT EXISTS credentials (
            credential_id text NOT NULL,
            kind text NOT NULL,
            subject text NOT NULL,
            tenants text[] NOT NULL,
            roles text[] NOT NULL,
            player_id text NOT NULL,
            may_vouch boolean NOT NULL,
            state text NOT NULL,
            revision bigint NOT NULL,
            author text NOT NULL,
            create_time timestamptz NOT NULL,
            update_time timestamptz NOT NULL,
            expire_time timestamptz,
            CONSTRAINT credentials_pkey PRIMARY KEY (credential_id),
            CONSTRAINT credentials_kind_check CHECK (kind IN ('CERTIFICATE', 'TOKEN_SUBJECT')),
            CONSTRAINT credentials_state_check CHECK (state IN ('ACTIVE', 'REVOKED'))
        )
    """)
    op.execute("""
        CREATE UNIQUE INDEX IF NOT EXISTS credentials_subject_idx
        ON credentials (kind, subject) WHERE state = 'ACTIVE'
    """)
    op.execute("""
        CREATE TABLE IF NOT EXISTS revocations (
            revocation_id uuid NOT NULL,
            kind text NOT NULL,
            value text NOT NULL,
            issued_before timestamptz NOT NULL,
            create_time timestamptz NOT NULL,
            CONSTRAINT revocations_pkey PRIMARY KEY (revocation_id),
            CONSTRAINT revocations_kind_check CHECK (kind IN ('TOKEN_ID', 'SUBJECT'))
        )
    """)
    op.execute("""
        GRANT SELECT, INSERT, UPDATE (
            tenants, roles, player_id, may_vouch, state, revision, update_time, expire_time
        ) ON credentials TO wallet_server
    """)
    op.execute("GRANT SELECT, INSERT ON revocations TO wallet_server")


def downgrade() -> None:
    op.execute("DROP TABLE IF EXISTS revocations")
    op.execute("DROP TABLE IF EXISTS credentials")
