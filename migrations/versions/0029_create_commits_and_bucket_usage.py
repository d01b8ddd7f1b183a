"""Create the commits, and what refers to buckets.

Each batch adds a commit: which sequences of which wallets it recorded, and by how much it changed
what refers to buckets. A sealer takes commits away behind the path of commands: their entries go
into a block of the chain, and the changes into `bucket_usage`. So what refers to a bucket is what
is in both tables together.

Phase: expand. The previous release does not know the tables.
Locks: none; the tables are new.
"""

from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE IF NOT EXISTS commits (
            shard smallint NOT NULL,
            commit_id uuid NOT NULL,
            document json NOT NULL,
            CONSTRAINT commits_pkey PRIMARY KEY (shard, commit_id)
        )
    """)
    # A commit is read once, soon, and deleted: compressing it would take longer than all else.
    op.execute("ALTER TABLE commits ALTER COLUMN document SET STORAGE EXTERNAL")
    op.execute("""
        CREATE TABLE IF NOT EXISTS bucket_usage (
            tenant_id text NOT NULL,
            bucket text NOT NULL,
            kind text NOT NULL,
            asset_code text NOT NULL,
            count bigint NOT NULL,
            total numeric NOT NULL,
            CONSTRAINT bucket_usage_pkey PRIMARY KEY (tenant_id, bucket, kind, asset_code)
        )
    """)
    op.execute("GRANT SELECT, INSERT, DELETE ON commits TO wallet_server")
    op.execute(
        "GRANT SELECT, INSERT, UPDATE (count, total), DELETE ON bucket_usage TO wallet_server"
    )


def downgrade() -> None:
    op.execute("DROP TABLE IF EXISTS bucket_usage")
    op.execute("DROP TABLE IF EXISTS commits")
