"""Take everybody's privileges on the schema, and let the two roles of the server in.

Every later migration grants what its table needs to `wallet_server` and
`wallet_retention`, and nobody else gets anything. `wallet-server migrate` makes both
roles if they are missing. Where the schema belongs to somebody else, Postgres answers
with warnings, and that somebody decides.

Phase: expand. Nothing is there yet.
Locks: a row of the catalogue, for an instant.
"""

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    op.execute("GRANT USAGE ON SCHEMA public TO wallet_server, wallet_retention")
    op.execute("GRANT SELECT ON alembic_version TO wallet_server")


def downgrade() -> None:
    op.execute("REVOKE SELECT ON alembic_version FROM wallet_server")
    op.execute("REVOKE USAGE ON SCHEMA public FROM wallet_server, wallet_retention")
    op.execute("GRANT USAGE ON SCHEMA public TO PUBLIC")
