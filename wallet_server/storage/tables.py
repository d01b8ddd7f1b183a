"""Every table, as the code sees it. The migrations make the same; a test compares.

Every table on the wallets' side starts its keys with (`shard`, `wallet_id`), or with
`shard` and the player, so that it can be spread over machines. Nothing in a row is
made by the database: ids, times and sequences come from the program.

The CHECKs state the invariants of the core a second time. A CHECK is content with
NULL, so those on arrays end in IS TRUE: then an element that is NULL fails them.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Column, Index, PrimaryKeyConstraint, Table
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA, JSON, JSONB, TIMESTAMP, UUID

# As Postgres would name them by itself.
NAMES = {
    "pk": "%(table_name)s_pkey",
    "ck": "%(table_name)s_%(constraint_name)s_check",
    "ix": "%(table_name)s_%(column_0_N_name)s_idx",
}

# Updates stay heap-only, and so cause no false conflicts, while their page has room.
WALLETS_FILLFACTOR = 50
BETS_FILLFACTOR = 70

metadata = sa.MetaData(naming_convention=NAMES)


def _text(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, sa.Text, nullable=nullable)


def _number(name: str) -> Column[Any]:
    return Column(name, sa.BigInteger, nullable=False)


def _time(name: str) -> Column[Any]:
    return Column(name, TIMESTAMP(timezone=True), nullable=False)


def _texts(name: str) -> Column[Any]:
    return Column(name, ARRAY(sa.Text), nullable=False)


def _numbers(name: str) -> Column[Any]:
    return Column(name, ARRAY(sa.BigInteger), nullable=False)


def _shard() -> Column[Any]:
    return Column("shard", sa.SmallInteger, nullable=False)


def _wallet() -> tuple[Column[Any], Column[Any]]:
    return _shard(), Column("wallet_id", UUID(as_uuid=True), nullable=False)


def _one_of(column: str, *values: str) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def _versions(name: str, *keys: str, named: bool = False) -> Table:
    """Returns a table of immutable documents: of each key many versions, one of them ACTIVE."""
    return Table(
        name,
        metadata,
        _text("tenant_id"),
        *(_text(key) for key in keys),
        _number("version"),
        _text("state"),
        *([_text("name")] if named else []),
        Column("document", JSONB, nullable=False),
        _time("create_time"),
        PrimaryKeyConstraint("tenant_id", *keys, "version"),
        CheckConstraint("version >= 1", name="version"),
        _one_of("state", "ACTIVE", "SUPERSEDED"),
        Index(
            f"{name}_active_idx",
            "tenant_id",
            *keys,
            unique=True,
            postgresql_where=sa.text("state = 'ACTIVE'"),
        ),
    )


tenants = Table(
    "tenants",
    metadata,
    _text("tenant_id"),
    _number("epoch"),
    _time("create_time"),
    PrimaryKeyConstraint("tenant_id"),
    CheckConstraint("epoch >= 1", name="epoch"),
)

# Who does work that one process is enough for. The database's clock says until when.
leases = Table(
    "leases",
    metadata,
    _text("lease_name"),
    _text("holder"),
    _time("expire_time"),
    PrimaryKeyConstraint("lease_name"),
)

topologies = _versions("topologies", named=True)
wallet_policies = _versions("wallet_policies")
policies = _versions("policies", "provider_type")
provider_profiles = _versions("provider_profiles", "provider_id")

# What holds for all wallets of a player. The document is for limits and what counts for them.
players = Table(
    "players",
    metadata,
    _shard(),
    _text("tenant_id"),
    _text("player_id"),
    Column("status", sa.Text, nullable=False, server_default="ACTIVE"),
    _time("create_time"),
    Column("revision", sa.BigInteger, nullable=False, server_default=sa.text("0")),
    Column("document", JSON, nullable=True),
    Column("due_time", TIMESTAMP(timezone=True), nullable=True),
    PrimaryKeyConstraint("shard", "tenant_id", "player_id"),
    CheckConstraint("revision >= 0", name="revision"),
    _one_of("status", "ACTIVE", "BET_BLOCKED", "SELF_EXCLUDED", "FROZEN", "CLOSED"),
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
    *_wallet(),
    _text("tenant_id"),
    _text("player_id"),
    _text("currency_code"),
    _number("sequence"),
    _time("create_time"),
    _time("update_time"),
    _texts("accounts"),
    _numbers("balances"),
    _texts("debt_assets"),
    _numbers("debts"),
    _texts("frozen_buckets"),
    Column("contended_until", TIMESTAMP(timezone=True), nullable=True),
    Column("live_items", sa.Integer, nullable=False, server_default="0"),
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
    _text("tenant_id"),
    Column("terms_id", UUID(as_uuid=True), nullable=False),
    Column("document", JSON, nullable=False),
    PrimaryKeyConstraint("tenant_id", "terms_id"),
)

# Bets; and wins and cash-outs, which have references among those of bets. Of these, everything
# is in `particulars`, and the other columns say what they can.
bets = Table(
    "bets",
    metadata,
    *_wallet(),
    _text("provider_id"),
    _text("bet_ref"),
    _text("state"),
    _number("sequence"),
    _number("revision"),
    _number("stake"),
    _time("create_time"),
    _text("round_ref", nullable=True),
    _text("selected_source", nullable=True),
    Column("terms_id", UUID(as_uuid=True), nullable=True),
    Column("amounts", ARRAY(sa.BigInteger), nullable=True),
    Column("results", JSON, nullable=True),
    Column("refusal", JSON, nullable=True),
    _text("kind", nullable=True),
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
    _one_of(
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
    *_wallet(),
    _text("kind"),
    _text("item_id"),
    _text("state"),
    Column("is_live", sa.Boolean, nullable=False),
    _number("sequence"),
    _number("revision"),
    _time("create_time"),
    Column("due_time", TIMESTAMP(timezone=True), nullable=True),
    Column("document", JSON, nullable=False),
    PrimaryKeyConstraint("shard", "wallet_id", "kind", "item_id"),
    CheckConstraint("sequence >= 1", name="sequence"),
    CheckConstraint("revision >= 1", name="revision"),
    _one_of(
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
    *_wallet(),
    _text("request_id"),
    _number("sequence"),
    _text("command"),
    Column("fingerprint", BYTEA, nullable=False),
    _time("answer_time"),
    _text("outcome", nullable=True),
    Column("refusal", JSON, nullable=True),
    Column("bet", JSON, nullable=True),
    Column("details", JSON, nullable=True),
    _text("correlation_id"),
    _text("provider_id", nullable=True),
    _text("bet_ref", nullable=True),
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
    *_wallet(),
    _number("sequence"),
    Column("ordinal", sa.SmallInteger, nullable=False),
    _text("asset_code"),
    _texts("accounts"),
    _numbers("changes"),
    _numbers("balances_after"),
    _time("entry_time"),
    _text("request_id"),
    _text("command"),
    _text("provider_id", nullable=True),
    _text("bet_ref", nullable=True),
    _text("correlation_id"),
    PrimaryKeyConstraint("shard", "wallet_id", "sequence", "ordinal"),
    CheckConstraint("sequence >= 1", name="sequence"),
    CheckConstraint("entry_is_sound(accounts, changes, balances_after)", name="sound"),
)
