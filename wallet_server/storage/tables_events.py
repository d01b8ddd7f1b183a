"""The tables of events: what batches leave for those who tell of them, and what they tell."""

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Column, Index, PrimaryKeyConstraint, Table

from wallet_server.storage.table_columns import document, identity, metadata, number, text, time

# What batches and acts have recorded and nobody has given positions yet: a queue, mostly empty.
# `create_time` is when the batch was decided, by the clock of its server: a hint of the order.
outbox = Table(
    "outbox",
    metadata,
    Column("shard", sa.SmallInteger, nullable=False),
    identity("batch_id"),
    time("create_time"),
    document("document", nullable=False),
    PrimaryKeyConstraint("shard", "batch_id"),
    Index("outbox_time_idx", "create_time"),
)

# All that happened, by tenant in the order of positions, which are dense and begin at one.
# Append-only, by privilege as well as by code; retention removes what is past its time. An
# event of the tenant itself has no wallet.
events = Table(
    "events",
    metadata,
    text("tenant_id"),
    number("position"),
    Column("shard", sa.SmallInteger, nullable=True),
    identity("wallet_id", nullable=True),
    text("player_id", nullable=True),
    text("currency_code", nullable=True),
    number("sequence"),
    number("wallet_sequence"),
    Column("is_first", sa.Boolean, nullable=False),
    text("type"),
    time("event_time"),
    text("command"),
    text("request_id"),
    text("correlation_id"),
    document("document", nullable=False),
    PrimaryKeyConstraint("tenant_id", "position"),
    CheckConstraint("position >= 1", name="position"),
    CheckConstraint("sequence >= 1", name="sequence"),
    CheckConstraint(
        "num_nonnulls(shard, wallet_id, player_id, currency_code) IN (0, 4)", name="wallet"
    ),
    Index(
        "events_wallet_idx",
        *("shard", "wallet_id", "sequence"),
        postgresql_where=sa.text("wallet_id IS NOT NULL"),
    ),
)

# How far each tenant's events are: the last position that was given, and the first that retention
# has left.
event_heads = Table(
    "event_heads",
    metadata,
    text("tenant_id"),
    number("position"),
    number("first_position"),
    time("update_time"),
    PrimaryKeyConstraint("tenant_id"),
    CheckConstraint("position >= 0", name="position"),
    CheckConstraint("first_position >= 1", name="first_position"),
)
