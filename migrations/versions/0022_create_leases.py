"""Create the leases: who of all processes does work that one of them is enough for.

A row for each kind of such work. Who has it and until when changes; a lease is never
removed.

Phase: expand. The previous release does not know the table.
Locks: none; the table is new.
"""

from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE IF NOT EXISTS leases (
            lease_name text NOT NULL,
            holder text NOT NULL,
            expire_time timestamptz NOT NULL,
            CONSTRAINT leases_pkey PRIMARY KEY (lease_name)
        )
    """)
    op.execute("GRANT SELECT, INSERT, UPDATE (holder, expire_time) ON leases TO wallet_server")


def downgrade() -> None:
    op.execute("DROP TABLE IF EXISTS leases")
