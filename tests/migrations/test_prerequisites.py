"""What a database must be before it is migrated, and before a server starts on it."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from tests.database import Database
from wallet_server.embedded.configuration import SHIPPED
from wallet_server.embedded.postgres import EmbeddedPostgres
from wallet_server.embedded.roles import Role
from wallet_server.storage.database_url import normalize_url
from wallet_server.storage.engine import create_engine
from wallet_server.storage.migrating import migrate
from wallet_server.storage.readiness import find_warnings
from wallet_server.storage.requirements import (
    PREDICATE_LOCKS_PER_PAGE_MIN,
    PREDICATE_LOCKS_PER_RELATION_MIN,
    PREDICATE_LOCKS_PER_TRANSACTION_MIN,
    PostgresTooOldError,
    check_version,
    judge_settings,
)
from wallet_server.storage.revisions import head_revision, read_revision
from wallet_server.storage.roles import MissingRolesError, WrongOwnerError

GOOD = {
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "max_pred_locks_per_transaction": "1024",
    "max_pred_locks_per_page": "300",
    "max_pred_locks_per_relation": "10000",
}


@pytest.fixture
def other_cluster() -> Iterator[EmbeddedPostgres]:
    """A Postgres whose roles a test may drop."""
    with (
        tempfile.TemporaryDirectory(prefix="wallet-test-") as folder,
        EmbeddedPostgres.start(Path(folder), settings={"fsync": "off"}) as running,
    ):
        yield running


async def test_missing_roles_are_made_by_a_login_that_may(other_cluster: EmbeddedPostgres) -> None:
    database = Database(other_cluster, "wallet")
    superuser = await database.connect_superuser()
    await superuser.execute("DROP ROLE wallet_server; DROP ROLE wallet_retention")

    with pytest.raises(MissingRolesError) as raised:
        await migrate(database.owner_url)
    assert raised.value.statements == [
        "CREATE ROLE wallet_server NOLOGIN;",
        "CREATE ROLE wallet_retention NOLOGIN;",
    ]
    await superuser.execute("ALTER ROLE wallet_owner CREATEROLE")
    await migrate(database.owner_url)

    roles = await superuser.fetch(
        "SELECT rolcanlogin, rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, rolreplication"
        " FROM pg_roles WHERE rolname IN ('wallet_server', 'wallet_retention')"
    )
    assert [tuple(role) for role in roles] == [(False,) * 6] * 2
    await superuser.execute("CREATE ROLE app LOGIN PASSWORD 'secret' IN ROLE wallet_server")
    options = database.postgres.connect_options(Role.SERVER, "wallet")
    options["user"], options["password"] = "app", "secret"
    app = await asyncpg.connect(**options)
    assert await app.fetchval("SELECT count(*) FROM entries") == 0
    await app.close()
    await superuser.close()


async def test_a_stranger_may_not_even_connect(database: Database) -> None:
    await migrate(database.owner_url)
    superuser = await database.connect_superuser()
    await superuser.execute("CREATE ROLE passer_by LOGIN PASSWORD 'secret'")
    options = database.postgres.connect_options(Role.SERVER, database.name)
    options["user"], options["password"] = "passer_by", "secret"

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await asyncpg.connect(**options)

    await superuser.execute("DROP ROLE passer_by")


@pytest.mark.parametrize("role", [Role.SERVER, Role.RETENTION])
async def test_a_role_with_limited_rights_may_not_own_the_tables(
    empty_database: Database, role: Role
) -> None:
    with pytest.raises(WrongOwnerError, match=str(role)):
        await migrate(empty_database.url(role))


def test_postgres_before_15_is_refused() -> None:
    check_version(150000, "15.0")
    with pytest.raises(PostgresTooOldError, match=r"14\.13.*15 or newer"):
        check_version(140013, "14.13")


@pytest.mark.parametrize(
    ("changes", "about"),
    [
        ({}, []),
        ({"fsync": "off"}, ["fsync"]),
        ({"synchronous_commit": "local"}, []),
        ({"max_pred_locks_per_page": "2"}, ["max_pred_locks_per_page"]),
        ({"max_pred_locks_per_relation": "-2"}, ["max_pred_locks_per_relation"]),
        (
            {"max_pred_locks_per_relation": "-2", "max_pred_locks_per_transaction": "20002"},
            [],
        ),
        (
            {"max_pred_locks_per_relation": "-2", "max_pred_locks_per_transaction": "64"},
            ["max_pred_locks_per_transaction", "max_pred_locks_per_relation"],
        ),
    ],
)
def test_settings_are_judged(changes: dict[str, str], about: list[str]) -> None:
    warnings = list(judge_settings({**GOOD, **changes}))

    assert [warning.split()[0] for warning in warnings] == about


def test_the_shipped_settings_are_those_that_are_asked_for() -> None:
    shipped = SHIPPED.read_text(encoding="utf-8")

    assert f"\nmax_pred_locks_per_transaction = {PREDICATE_LOCKS_PER_TRANSACTION_MIN}\n" in shipped
    assert f"\nmax_pred_locks_per_page = {PREDICATE_LOCKS_PER_PAGE_MIN}\n" in shipped
    assert f"\nmax_pred_locks_per_relation = {PREDICATE_LOCKS_PER_RELATION_MIN}\n" in shipped


async def test_a_server_is_warned_of_a_login_that_may_rewrite_the_journal(
    database: Database,
) -> None:
    await database.let_owner_do_all()
    server, owner = create_engine(database.server_url), create_engine(database.owner_url)

    assert not any("journal" in warning for warning in await find_warnings(server))
    assert "wallet_owner may rewrite the journal" in (await find_warnings(owner))[-1]

    await server.dispose()
    await owner.dispose()


async def test_the_server_may_read_the_revision(
    database: Database, empty_database: Database
) -> None:
    for each, expected in ((database, head_revision()), (empty_database, None)):
        engine = create_engine(each.server_url)
        async with engine.connect() as connection:
            assert await read_revision(connection) == expected
        await engine.dispose()


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+asyncpg"])
def test_a_url_may_be_written_for_either_library(scheme: str) -> None:
    assert normalize_url(f"{scheme}://a:b@host/x?y=z") == "postgresql://a:b@host/x?y=z"
