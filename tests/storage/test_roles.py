"""Who may write what: tried on real connections, not read off the grants."""

from contextlib import suppress

import asyncpg
import pytest

from tests.database import Database
from tests.storage.rows import MONEY, PROOF, QUEUES, ROWS, TABLES, Connection, insert
from wallet_server.embedded.roles import Role

DENIED = asyncpg.InsufficientPrivilegeError

# What has a life may change in all but its key and the time it was made.
VERSION = {
    *("state", "revision", "document", "source", "author", "approver", "comment"),
    *("update_time", "effective_time", "activate_time"),
}

# What the server may change of a row that is there; of all others it may only add rows.
CHANGEABLE = {
    "tenants": {
        *("epoch", "revision", "settings"),
        *("fence_token", "fence_expire_time", "is_counted", "event_sequence"),
        "outbox_time",
    },
    "leases": {"holder", "expire_time"},
    "topologies": {*VERSION, "name"},
    "wallet_policies": VERSION,
    "policies": VERSION,
    "provider_profiles": VERSION,
    "players": {"status", "revision", "document", "due_time"},
    "wallets": {
        *("sequence", "update_time", "accounts", "balances"),
        *("debt_assets", "debts", "frozen_buckets", "contended_until"),
        *("live_items", "event_sequence", "outbox_time"),
    },
    "event_heads": {"position", "update_time"},
    "event_consumers": {"position", "update_time"},
    "statements": {"state", "time_zone", "position_time", "place_shard", "place_wallet_id"},
    "statement_totals": {"debits", "credits", "changes_count"},
    "statement_balances": {"balance"},
    "bets": {
        *("state", "sequence", "revision", "stake", "create_time", "round_ref"),
        *("selected_source", "terms_id", "amounts", "results", "refusal"),
        *("kind", "particulars"),
    },
    "wallet_items": {"state", "is_live", "revision", "due_time", "document"},
    "bucket_usage": {"count", "total"},
    "bucket_statuses": {"status", "revision", "update_time"},
    "drains": {
        *("state", "revision", "approver", "update_time"),
        *("place", "wallets_count", "failed_count", "totals", "trouble"),
    },
    "credentials": {
        *("tenants", "roles", "player_id", "may_vouch"),
        *("state", "revision", "update_time", "expire_time"),
    },
}

# What retention may change of a row that is there: what it has removed, it has to tell.
CHANGEABLE_BY_RETENTION = {"event_heads": {"first_position"}}

# What servers take away from again: what is not sealed or told of yet, counts that came to
# nothing, and statements that are made anew. And retention: what is past its time, and consumers
# that are gone. To Postgres, who may remove all rows may lock the table too.
MAY_REMOVE = {"DELETE FROM {table}", "LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE"}
REMOVABLE = {
    *((Role.SERVER, table) for table in QUEUES),
    *((Role.RETENTION, table) for table in ("events", "event_consumers")),
}

# What nobody may change who adds to it, with a column that somebody might like to.
KEPT = {
    "answers": "correlation_id",
    "entries": "changes",
    "audit_records": "actor",
    "chain_blocks": "contents",
}

FORBIDDEN = [
    "DELETE FROM {table}",
    "TRUNCATE {table}",
    "DROP TABLE {table}",
    "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "ALTER TABLE {table} DROP CONSTRAINT {table}_pkey",
    "ALTER TABLE {table} OWNER TO CURRENT_USER",
    "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
    "CREATE INDEX ON {table} (create_time)",
    "CREATE TRIGGER sly BEFORE INSERT ON {table} EXECUTE FUNCTION pg_catalog.suppress_redundant_updates_trigger()",
    "CREATE RULE sly AS ON INSERT TO {table} DO INSTEAD NOTHING",
    "LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE",
]

FORBIDDEN_ANYWHERE = [
    "SET session_replication_role = replica",
    "SET ROLE wallet_owner",
    "ALTER TABLE entries DROP CONSTRAINT entries_sound_check",
    "ALTER TABLE wallets DROP CONSTRAINT wallets_balances_check",
    "CREATE OR REPLACE FUNCTION entry_is_sound(text[], bigint[], bigint[]) RETURNS boolean IMMUTABLE RETURN true",
    "DROP FUNCTION entry_is_sound(text[], bigint[], bigint[]) CASCADE",
    "ALTER FUNCTION entry_is_sound(text[], bigint[], bigint[]) RENAME TO other",
    "CREATE TABLE mine (a int)",
    "CREATE FUNCTION mine() RETURNS int RETURN 1",
    "CREATE SCHEMA mine",
    "CREATE ROLE mine",
    "UPDATE alembic_version SET version_num = '0001'",
    "DELETE FROM alembic_version",
]


async def test_the_server_adds_and_reads_rows_everywhere(database: Database) -> None:
    server = await database.connect(Role.SERVER)

    for table in TABLES:
        await insert(server, table)
        assert await server.fetchval(f"SELECT count(*) FROM {table}") == 1


async def test_the_server_changes_only_the_columns_it_must(database: Database) -> None:
    server = await database.connect(Role.SERVER)
    for table in TABLES:
        await insert(server, table)

    assert await changed_by(server) == CHANGEABLE


@pytest.mark.parametrize("role", [Role.SERVER, Role.RETENTION])
async def test_no_role_removes_rows_or_touches_a_table(database: Database, role: Role) -> None:
    server, connection = await database.connect(Role.SERVER), await database.connect(role)
    for table in TABLES:
        await insert(server, table)
        for statement in FORBIDDEN:
            if not (statement in MAY_REMOVE and (role, table) in REMOVABLE):
                await expect_denied(connection, statement.format(table=table))


@pytest.mark.parametrize("role", [Role.SERVER, Role.RETENTION])
async def test_no_role_gets_around_the_constraints(database: Database, role: Role) -> None:
    connection = await database.connect(role)

    for statement in FORBIDDEN_ANYWHERE:
        await expect_denied(connection, statement)


@pytest.mark.parametrize("role", [Role.SERVER, Role.RETENTION])
async def test_no_role_grants_itself_more(database: Database, role: Role) -> None:
    connection = await database.connect(role)

    for table in TABLES:
        with suppress(DENIED):  # Where it may do something, Postgres only warns.
            await connection.execute(f"GRANT ALL ON {table} TO CURRENT_USER WITH GRANT OPTION")
        await expect_denied(connection, f"TRUNCATE {table}")


async def test_the_server_may_not_change_the_past_by_an_upsert(database: Database) -> None:
    server = await database.connect(Role.SERVER)
    for table, column in KEPT.items():
        await insert(server, table)
        columns = ", ".join(ROWS[table])
        await expect_denied(
            server,
            f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {table} "
            f"ON CONFLICT ON CONSTRAINT {table}_pkey DO UPDATE SET {column} = DEFAULT",
        )
        await expect_denied(server, f"SELECT FROM {table} FOR UPDATE")


async def test_retention_adds_nothing_and_changes_only_the_columns_it_must(
    database: Database,
) -> None:
    server = await database.connect(Role.SERVER)
    retention = await database.connect(Role.RETENTION)
    for table in TABLES:
        await insert(server, table)
        with pytest.raises(DENIED):
            await insert(retention, table)

    assert await changed_by(retention) == CHANGEABLE_BY_RETENTION


async def test_a_fresh_role_sees_nothing_and_writes_nothing(
    database: Database,
) -> None:
    superuser = await database.connect_superuser()
    await superuser.execute("CREATE ROLE stranger")
    try:
        await superuser.execute("GRANT USAGE ON SCHEMA public TO stranger; SET ROLE stranger")
        for table in TABLES:
            await expect_no_writes(superuser, table)
            await expect_denied(superuser, f"SELECT FROM {table}")
        await expect_denied(superuser, "CREATE TABLE mine (a int)")
    finally:
        await superuser.execute("RESET ROLE; DROP OWNED BY stranger; DROP ROLE stranger")


async def test_even_the_owner_writes_no_money_or_proof_unless_it_takes_the_right(
    database: Database,
) -> None:
    owner = await database.connect(Role.OWNER)

    for table in (*MONEY, *PROOF):
        await expect_no_writes(owner, table)

    await database.let_owner_do_all()
    for table in (*MONEY, *PROOF):
        await insert(owner, table)


async def changed_by(connection: Connection) -> dict[str, set[str]]:
    """Returns which columns of which tables a connection may change."""
    changed: dict[str, set[str]] = {}
    for table in TABLES:
        for column in await columns_of(connection, table):
            with suppress(DENIED):
                await connection.execute(f"UPDATE {table} SET {column} = {column}")
                changed.setdefault(table, set()).add(column)
    return changed


async def columns_of(connection: Connection, table: str) -> list[str]:
    rows = await connection.fetch(
        "SELECT attname FROM pg_attribute WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped",
        table,
    )
    return [row["attname"] for row in rows]


async def expect_no_writes(connection: Connection, table: str) -> None:
    with pytest.raises(DENIED):
        await insert(connection, table)
    for column in ROWS[table]:
        await expect_denied(connection, f"UPDATE {table} SET {column} = {column}")
    await expect_denied(connection, f"DELETE FROM {table}")
    await expect_denied(connection, f"TRUNCATE {table}")


async def expect_denied(connection: Connection, statement: str) -> None:
    try:
        async with connection.transaction():
            await connection.execute(statement)
    except DENIED:
        return
    pytest.fail(f"allowed: {statement}")
