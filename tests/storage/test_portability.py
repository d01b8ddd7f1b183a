"""What the SQL may not use, so that it runs on engines that spread tables over machines."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

import wallet_server
from wallet_server.storage import answers_read, entries, wallets
from wallet_server.storage.load_statement import LOAD
from wallet_server.storage.record_statement import RECORD, RECORD_USUAL
from wallet_server.storage.tables import metadata

ROOT = Path(wallet_server.__file__).parents[1]
MIGRATIONS = sorted((ROOT / "migrations").rglob("*.py"))
MODULES = sorted((ROOT / "wallet_server").rglob("*.py"))

FORBIDDEN = {
    "serial columns": r"\b(small|big)?serial\b",
    "identity columns": r"\bGENERATED\b.*\bIDENTITY\b",
    "sequences": r"\b(nextval|currval|lastval)\b|\bCREATE SEQUENCE\b",
    "ids of the database's making": r"\bgen_random_uuid\b|\buuidv7\b",
    "transaction ids": r"\bpg_current_xact_id\b|\btxid_current\b|\bxmin\b",
    "triggers": r"\bCREATE\b.*\bTRIGGER\b",
    "notifications": r"\b(UN)?LISTEN\b|\bNOTIFY\b|\bpg_notify\b",
    "locks that are skipped": r"\bSKIP LOCKED\b",
    "deferrable constraints": r"\b(?<!NOT )DEFERRABLE\b|\bINITIALLY DEFERRED\b",
    "extensions": r"\bCREATE EXTENSION\b",
    "partitions": r"\bPARTITION (OF|BY (RANGE|LIST|HASH))\b",
    "foreign keys": r"\bREFERENCES\b|\bFOREIGN KEY\b",
}
LOOKS_LIKE_SQL = re.compile(
    r"\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE|ALTER|DROP|GRANT|WITH)\b", re.DOTALL
)
MAY_LOCK = {"turns.py", "migration_lock.py"}
OF_LEDGER = ("wallets", "answers", "entries", "bets", "wallet_items")

# What has a shard and no key of a wallet, and why.
KEYED_OTHERWISE = {
    "audit_records": "a tenant's acts; those about a wallet say where its rows lie",
    "commits": "one row for each batch, which may be of many wallets; only the shard is in its way",
    "outbox": "as commits",
    "events": "a tenant's, by position; those of a wallet say where its rows lie",
}

# Columns that came later, of which rows that were there before need a value.
CONSTANT = {
    *("players.status", "players.revision", "wallets.live_items", "wallets.event_sequence"),
    *("tenants.revision", "tenants.settings", "tenants.is_counted", "tenants.event_sequence"),
    *(
        f"{table}.{column}"
        for table in ("topologies", "wallet_policies", "policies", "provider_profiles")
        for column in ("revision", "author", "approver", "comment")
    ),
}

HOT = {
    "LOAD": LOAD.sql,
    "RECORD": RECORD.sql,
    "RECORD_USUAL": RECORD_USUAL.sql,
    "OF_COMMANDS": entries.OF_COMMANDS,
    "OLDEST_FIRST": entries.OLDEST_FIRST,
    "NEWEST_FIRST": entries.NEWEST_FIRST,
    "WALLET": wallets.WALLET,
    "BET": wallets.BET,
    "OF_REQUESTS": answers_read.OF_REQUESTS,
}


def statements_of(path: Path) -> Iterator[str]:
    """Yields the SQL in a module: its texts, but for docstrings."""
    text = path.read_text(encoding="utf-8")
    if not LOOKS_LIKE_SQL.search(text):
        return
    tree = ast.parse(text)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in docstrings
            and LOOKS_LIKE_SQL.search(node.value)
        ):
            yield node.value


ALL_SQL = [(path, sql) for path in (*MIGRATIONS, *MODULES) for sql in statements_of(path)]


def leading(columns: object) -> tuple[str, ...]:
    return tuple(column.name for column in columns)  # pyright: ignore[reportGeneralTypeIssues]


def keys_of(table: sa.Table) -> Iterator[tuple[str, ...]]:
    """Yields the columns of each key of a table."""
    yield leading(table.primary_key.columns)
    for constraint in table.constraints:
        if isinstance(constraint, sa.UniqueConstraint):
            yield leading(constraint.columns)
    for index in table.indexes:
        if index.unique:
            yield leading(index.columns)


def test_there_is_sql_to_read() -> None:
    assert len(ALL_SQL) > 50
    assert any("CREATE TABLE" in sql for _, sql in ALL_SQL)


@pytest.mark.parametrize("what", FORBIDDEN)
def test_the_sql_does_without(what: str) -> None:
    pattern = re.compile(FORBIDDEN[what], re.IGNORECASE | re.DOTALL)

    assert [path.name for path, sql in ALL_SQL if pattern.search(sql)] == []


def test_advisory_locks_are_only_where_they_can_be_switched_off() -> None:
    users = {path.name for path, sql in ALL_SQL if "advisory" in sql.lower()}

    assert users <= MAY_LOCK


@pytest.mark.parametrize(
    "name",
    [name for name, t in metadata.tables.items() if "shard" in t.c and name not in KEYED_OTHERWISE],
)
def test_every_key_starts_with_the_shard(name: str) -> None:
    table = metadata.tables[name]
    expected = ("shard", "wallet_id") if "wallet_id" in table.c else ("shard", "tenant_id")

    for key in keys_of(table):
        assert key[:2] == expected, key


def test_commits_are_spread_by_shard() -> None:
    assert leading(metadata.tables["commits"].primary_key.columns)[0] == "shard"


def test_only_administration_terms_and_leases_are_not_spread() -> None:
    whole = {name for name, table in metadata.tables.items() if "shard" not in table.c}

    assert whole == {
        *("tenants", "topologies", "wallet_policies", "policies", "provider_profiles"),
        *("bet_terms", "leases", "bucket_usage", "bucket_statuses", "drains"),
        *("chain_blocks", "credentials", "revocations", "event_heads", "event_consumers"),
        *("statements", "statement_totals", "statement_balances"),
    }


def test_the_database_makes_up_no_value() -> None:
    made = {
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.c
        if column.server_default is not None
    }

    assert made == CONSTANT


@pytest.mark.parametrize("name", HOT)
def test_every_read_of_the_ledger_names_shard_and_wallet(name: str) -> None:
    reads = re.findall(
        rf"\bFROM\s+({'|'.join(OF_LEDGER)})\b(.*?)(?=\bOFFSET 0\b(?=.{{0,20}}\Z)|\bORDER BY|\Z)",
        HOT[name],
        re.DOTALL,
    )

    for table, rest in reads:
        assert re.search(r"\bshard = ", rest), (table, rest)
        assert re.search(r"\bwallet_id = ", rest), (table, rest)


def test_every_write_of_the_ledger_names_shard_and_wallet_first() -> None:
    inserts = re.findall(r"INSERT INTO (\w+) \(([^)]*)\)", RECORD.sql)
    conflicts = re.findall(r"ON CONFLICT \(([^)]*)\)", RECORD.sql)
    updates = re.findall(r"UPDATE (?:wallets|bets) .*?RETURNING", RECORD.sql, re.DOTALL)

    keys = {
        "players": "shard, tenant_id",
        "commits": "shard, commit_id",
        "outbox": "shard, batch_id",
    }
    assert {table for table, _ in inserts} == {*keys, *OF_LEDGER}
    for table, columns in inserts:
        assert columns.startswith(keys.get(table, "shard, wallet_id"))
    assert conflicts
    assert all(columns.startswith("shard, ") for columns in conflicts)
    assert len(updates) == 2
    for update in updates:
        assert re.search(r"(\w)\.shard = k\.shard AND \1\.wallet_id = k\.wallet_id", update)
