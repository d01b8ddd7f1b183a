"""The tables of tenants and of the versions of their configuration."""

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Column, Index, PrimaryKeyConstraint, Table
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP, UUID

from wallet_server.storage.table_columns import metadata, number, one_of, text, time

VERSION_STATES = (
    *("DRAFT", "VALIDATED", "APPROVED", "SCHEDULED"),
    *("ACTIVE", "SUPERSEDED", "ARCHIVED"),
)


def _versions(name: str, *keys: str, named: bool = False) -> Table:
    """Returns a table of documents: of each key many versions, one of them ACTIVE."""
    return Table(
        name,
        metadata,
        text("tenant_id"),
        *(text(key) for key in keys),
        number("version"),
        text("state"),
        *([text("name")] if named else []),
        Column("document", JSONB, nullable=False),
        time("create_time"),
        Column("revision", sa.BigInteger, nullable=False, server_default=sa.text("1")),
        text("source", nullable=True),
        *(
            Column(each, sa.Text, nullable=False, server_default="")
            for each in ("author", "approver", "comment")
        ),
        *(
            Column(each, TIMESTAMP(timezone=True), nullable=True)
            for each in ("update_time", "effective_time", "activate_time")
        ),
        PrimaryKeyConstraint("tenant_id", *keys, "version"),
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint("revision >= 1", name="revision"),
        CheckConstraint(
            "state <> 'SCHEDULED' OR effective_time IS NOT NULL", name="effective_time"
        ),
        one_of("state", *VERSION_STATES),
        Index(
            f"{name}_active_idx",
            "tenant_id",
            *keys,
            unique=True,
            postgresql_where=sa.text("state = 'ACTIVE'"),
        ),
        Index(
            f"{name}_scheduled_idx",
            "effective_time",
            "tenant_id",
            *keys,
            "version",
            postgresql_where=sa.text("state = 'SCHEDULED'"),
        ),
    )


tenants = Table(
    "tenants",
    metadata,
    text("tenant_id"),
    number("epoch"),
    time("create_time"),
    Column("revision", sa.BigInteger, nullable=False, server_default=sa.text("1")),
    Column("settings", JSONB, nullable=False, server_default="{}"),
    Column("fence_token", UUID(as_uuid=True), nullable=True),
    Column("fence_expire_time", TIMESTAMP(timezone=True), nullable=True),
    Column("is_counted", sa.Boolean, nullable=False, server_default=sa.false()),
    Column("event_sequence", sa.BigInteger, nullable=False, server_default=sa.text("0")),
    Column("outbox_time", TIMESTAMP(timezone=True), nullable=True),
    PrimaryKeyConstraint("tenant_id"),
    CheckConstraint("epoch >= 1", name="epoch"),
    CheckConstraint("revision >= 1", name="revision"),
    CheckConstraint("num_nonnulls(fence_token, fence_expire_time) IN (0, 2)", name="fence"),
)

# Who does work that one process is enough for. The database's clock says until when.
leases = Table(
    "leases",
    metadata,
    text("lease_name"),
    text("holder"),
    time("expire_time"),
    PrimaryKeyConstraint("lease_name"),
)

topologies = _versions("topologies", named=True)
wallet_policies = _versions("wallet_policies")
policies = _versions("policies", "provider_type")
provider_profiles = _versions("provider_profiles", "provider_id")
