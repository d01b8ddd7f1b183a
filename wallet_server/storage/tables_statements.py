"""The tables of statements: sums over the entries of a tenant, kept behind the path of commands.

How far they are is the position of the consumer `statements` in `event_consumers`.
"""

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Column, PrimaryKeyConstraint, Table

from wallet_server.storage.table_columns import (
    identity,
    metadata,
    number,
    one_of,
    text,
    time,
)

# Updates stay heap-only while their page has room.
STATEMENTS_FILLFACTOR = 50
SUMS_FILLFACTOR = 70

# A tenant's statements. BUILDING: they are being made from the ledger, wallet by wallet, and
# `place` is the last that was counted; nobody may read them. KEPT: they follow the events.
# `position_time` is when the last event that was counted had its position.
statements = Table(
    "statements",
    metadata,
    text("tenant_id"),
    text("state"),
    text("time_zone"),
    time("position_time", nullable=True),
    Column("place_shard", sa.SmallInteger, nullable=True),
    identity("place_wallet_id", nullable=True),
    PrimaryKeyConstraint("tenant_id"),
    one_of("state", "BUILDING", "KEPT"),
    CheckConstraint(
        "num_nonnulls(place_shard, place_wallet_id)"
        " = CASE WHEN state = 'BUILDING' THEN 2 ELSE 0 END",
        name="place",
    ),
    postgresql_with={"fillfactor": STATEMENTS_FILLFACTOR},
)

# What the commands of a kind did on an account in a day of the tenant's time zone. Sums over many
# wallets: they may be beyond 64 bits.
statement_totals = Table(
    "statement_totals",
    metadata,
    text("tenant_id"),
    Column("day", sa.Date, nullable=False),
    text("asset_code"),
    text("provider_type"),
    text("account"),
    text("command"),
    Column("debits", sa.Numeric, nullable=False),
    Column("credits", sa.Numeric, nullable=False),
    number("changes_count"),
    PrimaryKeyConstraint("tenant_id", "day", "asset_code", "provider_type", "account", "command"),
    CheckConstraint("debits >= 0", name="debits"),
    CheckConstraint("credits >= 0", name="credits"),
    CheckConstraint("changes_count >= 1", name="changes_count"),
    postgresql_with={"fillfactor": SUMS_FILLFACTOR},
)

# What stood on an account at the end of a day on which something was done there.
statement_balances = Table(
    "statement_balances",
    metadata,
    text("tenant_id"),
    text("asset_code"),
    text("account"),
    Column("day", sa.Date, nullable=False),
    Column("balance", sa.Numeric, nullable=False),
    PrimaryKeyConstraint("tenant_id", "asset_code", "account", "day"),
    postgresql_with={"fillfactor": SUMS_FILLFACTOR},
)
