"""Every table, as the code sees it. The migrations make the same; a test compares.

Here are those of wallets; those of configuration and administration have modules of their own.

Every table on the wallets' side starts its keys with (`shard`, `wallet_id`), or with
`shard` and the player, so that it can be spread over machines. Nothing in a row is
made by the database: ids, times and sequences come from the program.

The CHECKs state the invariants of the core a second time. A CHECK is content with
NULL, so those on arrays end in IS TRUE: then an element that is NULL fails them.
"""

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Column, Index, PrimaryKeyConstraint, Table
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA, JSON, TIMESTAMP, UUID

from wallet_server.storage.table_columns import (
    metadata,
    number,
    numbers,
    one_of,
    shard,
    text,
    texts,
    time,
    wallet_key,
)
from wallet_server.storage.tables_administration import (
    audit_records,
    bucket_statuses,
    bucket_usage,
    chain_blocks,
    commits,
    credentials,
    drains,
    revocations,
)
from wallet_server.storage.tables_configuration import (
    leases,
    policies,
    provider_profiles,
    tenants,
    topologies,
    wallet_policies,
)
from wallet_server.storage.tables_events import event_consumers, event_heads, events, outbox
from wallet_server.storage.tables_statements import (
    statement_balances,
    statement_totals,
    statements,
)

__all__ = [
    "answers",
    "audit_records",
    "bet_terms",
    "bets",
    "bucket_statuses",
    "bucket_usage",
    "chain_blocks",
    "commits",
    "credentials",
    "drains",
    "entries",
    "event_consumers",
    "event_heads",
    "events",
    "leases",
    "metadata",
    "outbox",
    "players",
    "policies",
    "provider_profiles",
    "revocations",
    "statement_balances",
    "statement_totals",
    "statements",
    "tenants",
    "topologies",
    "wallet_chapters",
    "wallet_items",
    "wallet_policies",
    "wallets",
]

# Updates stay heap-only, and so cause no false conflicts, while their page has room.
WALLETS_FILLFACTOR = 50
BETS_FILLFACTOR = 70

# What holds for all wallets of a player. The document is for limits and what counts for them.
players = Table(
    "players",
    metadata,
    shard(),
    text("tenant_id"),
    text("player_id"),
    Column("status", sa.Text, nullable=False, server_default="ACTIVE"),
    time("create_time"),
    Column("revision", sa.BigInteger, nullable=False, server_default=sa.text("0")),
    Column("document", JSON, nullable=True),
    Column("due_time", TIMESTAMP(timezone=True), nullable=True),
    PrimaryKeyConstraint("shard", "tenant_id", "player_id"),
    CheckConstraint("revision >= 0", name="revision"),
    one_of("status", "ACTIVE", "BET_BLOCKED", "SELF_EXCLUDED", "FROZEN", "CLOSED"),
    Index(
        "players_due_idx",
        *("due_time", "shard", "tenant_id", "player_id"),
        postgresql_where=sa.text("due_time IS NOT NULL"),
    ),
    postgresql_with={"fillfactor": BETS_FILLFACTOR},
)

# The root row of a wallet, with all it holds: one row to lock, to read and to update.
wallets = Table(
    "wallets",
    metadata,
    *wallet_key(),
    text("tenant_id"),
    text("player_id"),
    text("currency_code"),
    number("sequence"),
    time("create_time"),
    time("update_time"),
    texts("accounts"),
    numbers("balances"),
    texts("debt_assets"),
    numbers("debts"),
    texts("frozen_buckets"),
    Column("contended_until", TIMESTAMP(timezone=True), nullable=True),
    Column("live_items", sa.Integer, nullable=False, server_default="0"),
    Column("event_sequence", sa.BigInteger, nullable=False, server_default=sa.text("0")),
    Column("outbox_time", TIMESTAMP(timezone=True), nullable=True),
    PrimaryKeyConstraint("shard", "wallet_id"),
    CheckConstraint("sequence >= 1", name="sequence"),
    CheckConstraint("live_items >= 0", name="live_items"),
    CheckConstraint("cardinality(accounts) = cardinality(balances)", name="accounts"),
    CheckConstraint("cardinality(debt_assets) = cardinality(debts)", name="debt_assets"),
    CheckConstraint("(0 <= ALL (balances)) IS TRUE", name="balances"),
    CheckConstraint("(0 > ALL (debts)) IS TRUE", name="debts"),
    postgresql_with={"fillfactor": WALLETS_FILLFACTOR},
)

# What distinct bets of a tenant were placed under. Append-only, by privilege as well as by code.
bet_terms = Table(
    "bet_terms",
    metadata,
    text("tenant_id"),
    Column("terms_id", UUID(as_uuid=True), nullable=False),
    Column("document", JSON, nullable=False),
    PrimaryKeyConstraint("tenant_id", "terms_id"),
)

# Bets; and wins and cash-outs, which have references among those of bets. Of these, everything
# is in `particulars`, and the other columns say what they can.
bets = Table(
    "bets",
    metadata,
    *wallet_key(),
    text("provider_id"),
    text("bet_ref"),
    text("state"),
    number("sequence"),
    number("revision"),
    number("stake"),
    time("create_time"),
    text("round_ref", nullable=True),
    text("selected_source", nullable=True),
    Column("terms_id", UUID(as_uuid=True), nullable=True),
    Column("amounts", ARRAY(sa.BigInteger), nullable=True),
    Column("results", JSON, nullable=True),
    Column("refusal", JSON, nullable=True),
    text("kind", nullable=True),
    Column("particulars", JSON, nullable=True),
    PrimaryKeyConstraint("shard", "wallet_id", "provider_id", "bet_ref"),
    CheckConstraint("sequence >= 1", name="sequence"),
    CheckConstraint("revision >= 1", name="revision"),
    CheckConstraint("stake >= 0", name="stake"),
    CheckConstraint("(0 <= ALL (amounts)) IS NOT FALSE", name="amounts"),
    CheckConstraint("num_nonnulls(terms_id, amounts) IN (0, 2)", name="terms"),
    CheckConstraint(
        "(kind IS NOT NULL OR state IN ('DECLINED', 'TOMBSTONED')) = (terms_id IS NULL)",
        name="terms_of_state",
    ),
    CheckConstraint("(kind IN ('WIN', 'CASH_OUT')) IS NOT FALSE", name="kind"),
    CheckConstraint("kind IS NULL OR particulars IS NOT NULL", name="particulars"),
    CheckConstraint("(state = 'DECLINED') = (refusal IS NOT NULL)", name="refusal"),
    one_of(
        "state",
        *("AUTHORIZED", "PARTIALLY_SETTLED", "SETTLED"),
        *("ROLLED_BACK", "DECLINED", "TOMBSTONED"),
        *("CREDITED", "SUSPENDED", "RETURNED", "CASHED_OUT"),
    ),
    postgresql_with={"fillfactor": BETS_FILLFACTOR},
)

# What a wallet keeps beside balances and bets: coupon grants, rounds, promotions, rolling
# requirements, deposits, withdrawals. What is live is loaded with the wallet, what is due is
# looked for by time.
wallet_items = Table(
    "wallet_items",
    metadata,
    *wallet_key(),
    text("kind"),
    text("item_id"),
    text("state"),
    Column("is_live", sa.Boolean, nullable=False),
    number("sequence"),
    number("revision"),
    time("create_time"),
    Column("due_time", TIMESTAMP(timezone=True), nullable=True),
    Column("document", JSON, nullable=False),
    PrimaryKeyConstraint("shard", "wallet_id", "kind", "item_id"),
    CheckConstraint("sequence >= 1", name="sequence"),
    CheckConstraint("revision >= 1", name="revision"),
    one_of(
        "kind",
        *("ADJUSTMENT", "COUPON", "DEPOSIT", "EDGE_USAGE", "PROMOTION", "REQUIREMENT"),
        *("ROUND", "WITHDRAWAL"),
    ),
    Index("wallet_items_live_idx", "shard", "wallet_id", postgresql_where=sa.text("is_live")),
    # With the whole key, so that what is due at one time, by the thousand, is paged through.
    Index(
        "wallet_items_due_idx",
        *("due_time", "shard", "wallet_id", "kind", "item_id"),
        postgresql_where=sa.text("due_time IS NOT NULL"),
    ),
    postgresql_with={"fillfactor": BETS_FILLFACTOR},
)

# Append-only, by privilege as well as by code.
answers = Table(
    "answers",
    metadata,
    *wallet_key(),
    text("request_id"),
    number("sequence"),
    text("command"),
    Column("fingerprint", BYTEA, nullable=False),
    time("answer_time"),
    text("outcome", nullable=True),
    Column("refusal", JSON, nullable=True),
    Column("bet", JSON, nullable=True),
    Column("details", JSON, nullable=True),
    text("correlation_id"),
    text("provider_id", nullable=True),
    text("bet_ref", nullable=True),
    Column("result", JSON, nullable=True),
    PrimaryKeyConstraint("shard", "wallet_id", "request_id"),
    CheckConstraint("sequence >= 1", name="sequence"),
    CheckConstraint("num_nonnulls(outcome, refusal) = 1", name="outcome"),
    CheckConstraint("num_nonnulls(provider_id, bet_ref, bet) IN (0, 3)", name="bet"),
)

# The journal. Append-only, by privilege as well as by code.
entries = Table(
    "entries",
    metadata,
    *wallet_key(),
    number("sequence"),
    Column("ordinal", sa.SmallInteger, nullable=False),
    text("asset_code"),
    texts("accounts"),
    numbers("changes"),
    numbers("balances_after"),
    time("entry_time"),
    text("request_id"),
    text("command"),
    text("provider_id", nullable=True),
    text("bet_ref", nullable=True),
    text("correlation_id"),
    PrimaryKeyConstraint("shard", "wallet_id", "sequence", "ordinal"),
    CheckConstraint("sequence >= 1", name="sequence"),
    CheckConstraint("entry_is_sound(accounts, changes, balances_after)", name="sound"),
)

# What every 500 commands of a wallet came to, and what its accounts held then: derived from the
# journal behind the path of commands, so that reads of the past look at few entries.
wallet_chapters = Table(
    "wallet_chapters",
    metadata,
    *wallet_key(),
    number("sequence"),
    Column("sums", JSON, nullable=False),
    Column("holdings", JSON, nullable=False),
    PrimaryKeyConstraint("shard", "wallet_id", "sequence"),
    CheckConstraint("sequence >= 1", name="sequence"),
)
