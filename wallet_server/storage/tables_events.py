"""The tables of events: what batches leave for those who tell of them, and what they tell."""

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Column, Index, PrimaryKeyConstraint, Table
from sqlalchemy.dialects.postgresql import ARRAY, JSON, JSONB

from wallet_server.storage.table_columns import document, identity, metadata, number, text, time

# Updates stay heap-only while their page has room.
CONSUMERS_FILLFACTOR = 50

# What batches and acts have recorded and nobody has given positions yet: a queue, mostly empty.
# `create_time` is when the batch was decided, by the clock of its server; but later than that of
# any batch before of one of its wallets, so that it orders the batches of each wallet.
outbox = Table(
    "outbox",
    metadata,
    Column("shard", sa.SmallInteger, nullable=False),
    identity("batch_id"),
    time("create_time"),
    Column("headers", JSONB, nullable=False),
    Column("documents", ARRAY(JSON), nullable=False),
    PrimaryKeyConstraint("shard", "batch_id"),
    Index("outbox_time_idx", "create_time"),
)

# All that happened, by tenant in the order of positions, which are dense and begin at one.
# Append-only, by privilege as well as by code; retention removes what is past its time. An
# event of the tenant itself has no wallet. `position_time` is when the event was given its
# position, by the clock of the database: it never falls while positions rise.
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
    time("position_time"),
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
        "events_player_idx",
        *("tenant_id", "player_id", "position"),
        postgresql_where=sa.text("wallet_id IS NOT NULL"),
    ),
    # With which commands chapters of journals end: few, so that keeping it costs next to nothing.
    Index(
        "events_chapter_idx",
        *("tenant_id", "position"),
        postgresql_where=sa.text("is_first AND wallet_sequence > 0 AND wallet_sequence % 500 = 0"),
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

# Who reads all events of a tenant to keep something of its own in step, such as a relay, and how
# far it is. Retention removes nothing that one of them has yet to read.
event_consumers = Table(
    "event_consumers",
    metadata,
    text("consumer"),
    text("tenant_id"),
    number("position"),
    time("update_time"),
    PrimaryKeyConstraint("consumer", "tenant_id"),
    CheckConstraint("position >= 0", name="position"),
    postgresql_with={"fillfactor": CONSUMERS_FILLFACTOR},
)
