"""Create the terms of bets: what many bets of a tenant were placed under, kept once.

The server may add terms and not change them: a bet names its terms by their digest and
settles by them for ever. The owner gives up its own right to write: it only makes and
changes tables.

Phase: expand. The previous release does not know the table.
Locks: none; the table is new.
"""

from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE IF NOT EXISTS bet_terms (
            tenant_id text NOT NULL,
            terms_id uuid NOT NULL,
            document json NOT NULL,
            CONSTRAINT bet_terms_pkey PRIMARY KEY (tenant_id, terms_id)
        )
    """)
    op.execute("REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON bet_terms FROM CURRENT_USER")
    op.execute("GRANT SELECT, INSERT ON bet_terms TO wallet_server")
    op.execute("GRANT SELECT ON bet_terms TO wallet_retention")


def downgrade() -> None:
    op.execute("DROP TABLE IF EXISTS bet_terms")
