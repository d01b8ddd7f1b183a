"""The tables of administration: audit records, the chain, and what it takes to change buckets."""

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Column, Index, PrimaryKeyConstraint, Table
from sqlalchemy.dialects.postgresql import BYTEA

from wallet_server.storage.table_columns import (
    document,
    identity,
    metadata,
    number,
    one_of,
    text,
    texts,
    time,
)


def binary(name: str, *, nullable: bool = False) -> Column[bytes]:
    """Returns a column of bytes."""
    return Column(name, BYTEA, nullable=nullable)


# Every administrative act, and every refused one. Append-only, by privilege as well as by code.
# Acts on the whole installation are of the tenant without a name.
audit_records = Table(
    "audit_records",
    metadata,
    text("tenant_id"),
    identity("record_id"),
    time("record_time"),
    text("actor"),
    texts("actor_roles"),
    text("credential_id"),
    text("peer"),
    text("method"),
    text("resource_kind"),
    text("resource_id"),
    Column("resource_revision", sa.BigInteger, nullable=True),
    text("request_id"),
    binary("fingerprint", nullable=True),
    text("outcome"),
    document("refusal"),
    document("before"),
    document("after"),
    text("reason"),
    text("correlation_id"),
    Column("shard", sa.SmallInteger, nullable=True),
    identity("wallet_id", nullable=True),
    PrimaryKeyConstraint("tenant_id", "record_id"),
    one_of("outcome", "APPLIED", "REFUSED"),
    CheckConstraint("(outcome = 'REFUSED') = (refusal IS NOT NULL)", name="refusal"),
    CheckConstraint("num_nonnulls(shard, wallet_id) IN (0, 2)", name="wallet"),
    Index(
        "audit_records_request_idx",
        *("tenant_id", "request_id"),
        unique=True,
        postgresql_where=sa.text("outcome = 'APPLIED' AND wallet_id IS NULL AND request_id <> ''"),
    ),
    Index("audit_records_time_idx", "tenant_id", "record_time", "record_id"),
    Index(
        "audit_records_resource_idx",
        *("tenant_id", "resource_kind", "resource_id", "record_time", "record_id"),
    ),
    Index("audit_records_actor_idx", "tenant_id", "actor", "record_time", "record_id"),
    Index(
        "audit_records_correlation_idx",
        *("tenant_id", "correlation_id", "record_time", "record_id"),
        postgresql_where=sa.text("correlation_id <> ''"),
    ),
)

# What batches and acts have recorded and nobody has sealed yet: a queue, and so mostly empty.
commits = Table(
    "commits",
    metadata,
    Column("shard", sa.SmallInteger, nullable=False),
    identity("commit_id"),
    document("document", nullable=False),
    PrimaryKeyConstraint("shard", "commit_id"),
)

# What refers to buckets, as of the last commit that was sealed.
bucket_usage = Table(
    "bucket_usage",
    metadata,
    text("tenant_id"),
    text("bucket"),
    text("kind"),
    text("asset_code"),
    number("count"),
    Column("total", sa.Numeric, nullable=False),
    PrimaryKeyConstraint("tenant_id", "bucket", "kind", "asset_code"),
)

# Append-only, by privilege as well as by code.
chain_blocks = Table(
    "chain_blocks",
    metadata,
    Column("chain", sa.SmallInteger, nullable=False),
    number("number"),
    time("seal_time"),
    Column("entries_count", sa.Integer, nullable=False),
    Column("records_count", sa.Integer, nullable=False),
    binary("contents"),
    binary("contents_hash"),
    binary("previous_hash"),
    binary("block_hash"),
    text("key_id"),
    binary("signature"),
    PrimaryKeyConstraint("chain", "number"),
    CheckConstraint("number >= 1", name="number"),
)

# The statuses of buckets that were changed on the running system; they hold in every version.
bucket_statuses = Table(
    "bucket_statuses",
    metadata,
    text("tenant_id"),
    text("bucket"),
    text("status"),
    number("revision"),
    time("update_time"),
    PrimaryKeyConstraint("tenant_id", "bucket"),
    one_of("status", "ACTIVE", "DRAINING"),
)

# Jobs that move what is in a bucket to another, and how far they are.
drains = Table(
    "drains",
    metadata,
    text("tenant_id"),
    text("drain_id"),
    text("bucket"),
    text("successor"),
    text("state"),
    number("revision"),
    text("author"),
    text("approver"),
    text("comment"),
    time("create_time"),
    time("update_time"),
    document("place"),
    number("wallets_count"),
    number("failed_count"),
    document("totals", nullable=False),
    text("trouble"),
    PrimaryKeyConstraint("tenant_id", "drain_id"),
    one_of("state", "PENDING", "RUNNING", "DONE", "CANCELLED"),
    Index(
        "drains_open_idx",
        *("tenant_id", "bucket"),
        unique=True,
        postgresql_where=sa.text("state IN ('PENDING', 'RUNNING')"),
    ),
)

# Which tenants and roles a certificate's subject, or a token's, stands for.
credentials = Table(
    "credentials",
    metadata,
    text("credential_id"),
    text("kind"),
    text("subject"),
    texts("tenants"),
    texts("roles"),
    text("player_id"),
    Column("may_vouch", sa.Boolean, nullable=False),
    text("state"),
    number("revision"),
    text("author"),
    time("create_time"),
    time("update_time"),
    time("expire_time", nullable=True),
    PrimaryKeyConstraint("credential_id"),
    one_of("kind", "CERTIFICATE", "TOKEN_SUBJECT"),
    one_of("state", "ACTIVE", "REVOKED"),
    Index(
        "credentials_subject_idx",
        *("kind", "subject"),
        unique=True,
        postgresql_where=sa.text("state = 'ACTIVE'"),
    ),
)

# Tokens that end before their time: one by its id, or all of a subject that are older.
revocations = Table(
    "revocations",
    metadata,
    identity("revocation_id"),
    text("kind"),
    text("value"),
    time("issued_before"),
    time("create_time"),
    PrimaryKeyConstraint("revocation_id"),
    one_of("kind", "TOKEN_ID", "SUBJECT"),
)
