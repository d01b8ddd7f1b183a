"""What migrations make, on a real Postgres."""

import asyncio

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from tests.database import Database
from tests.migrations.catalogue import describe
from wallet_server.embedded.roles import Role
from wallet_server.storage import migration_lock
from wallet_server.storage.functions import ENTRY_IS_SOUND
from wallet_server.storage.migrating import (
    MigrationReport,
    alembic_config,
    create_migration_engine,
    downgrade,
    migrate,
)
from wallet_server.storage.migration_lock import LOCK_KEY, MigrationBusyError
from wallet_server.storage.revisions import head_revision
from wallet_server.storage.tables import metadata

REVISIONS = [
    script.revision
    for script in reversed(list(ScriptDirectory.from_config(alembic_config()).walk_revisions()))
]


async def test_the_migrated_schema_is_the_declared_one(
    database: Database, empty_database: Database
) -> None:
    await create_declared(empty_database)

    migrated = await describe(await database.connect(Role.OWNER))
    declared = await describe(await empty_database.connect(Role.OWNER))

    assert migrated == declared
    assert len(migrated["columns"]) > 80
    assert migrated["triggers"] == migrated["sequences"] == migrated["extensions"] == []


def test_the_last_migration_is_the_one_that_alembic_ends_with() -> None:
    assert head_revision() == REVISIONS[-1]


async def test_alembic_finds_nothing_to_migrate(database: Database) -> None:
    engine = create_migration_engine(database.owner_url)
    async with engine.connect() as connection:
        assert await connection.run_sync(find_differences) == []
    await engine.dispose()


async def test_every_step_goes_up_and_down_and_up_again(empty_database: Database) -> None:
    connection = await empty_database.connect(Role.OWNER)
    await migrate(empty_database.owner_url, target=REVISIONS[0])
    nothing = await describe(connection)
    stages = [nothing]
    for revision in REVISIONS[1:]:
        await migrate(empty_database.owner_url, target=revision)
        stages.append(await describe(connection))

    for revision, stage in zip(reversed(REVISIONS), reversed(stages), strict=True):
        assert await describe(connection) == stage, f"before {revision} goes down"
        await downgrade(empty_database.owner_url, target="-1")
    assert await describe(connection) == nothing

    await migrate(empty_database.owner_url)
    assert await describe(connection) == stages[-1]


async def test_every_step_can_be_run_again_after_it_stopped_half_way(
    empty_database: Database,
) -> None:
    connection = await empty_database.connect(Role.OWNER)
    for before, revision in zip([None, *REVISIONS], REVISIONS, strict=False):
        await migrate(empty_database.owner_url, target=revision)
        once = await describe(connection)
        if before is None:
            await connection.execute("DELETE FROM alembic_version")
        else:
            await connection.execute("UPDATE alembic_version SET version_num = $1", before)

        await migrate(empty_database.owner_url, target=revision)

        assert await describe(connection) == once


async def test_a_migration_of_what_is_migrated_does_nothing(database: Database) -> None:
    report = await migrate(database.owner_url)

    assert (report.before, report.after) == (head_revision(), head_revision())


async def test_a_report_says_what_is_set_dangerously(empty_database: Database) -> None:
    report = await migrate(empty_database.owner_url)

    assert report == MigrationReport(None, head_revision(), report.warnings)
    assert [warning.split()[0] for warning in report.warnings] == [
        "fsync",
        "full_page_writes",
        "synchronous_commit",
    ]


async def test_two_migrators_take_turns(empty_database: Database) -> None:
    url = empty_database.owner_url

    reports = await asyncio.gather(*(migrate(url) for _ in range(3)))

    assert {report.after for report in reports} == {head_revision()}


async def test_a_migrator_does_not_wait_for_ever_for_another(
    empty_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migration_lock, "WAIT_SECONDS", 1)
    other = await empty_database.connect(Role.OWNER)
    await other.execute("SELECT pg_advisory_lock($1)", LOCK_KEY)

    with pytest.raises(MigrationBusyError):
        await migrate(empty_database.owner_url)

    assert not (await describe(other))["columns"]


def test_revisions_are_numbered_and_say_why_when_and_what_they_lock() -> None:
    assert [f"{number:04}" for number in range(1, len(REVISIONS) + 1)] == REVISIONS
    for script in ScriptDirectory.from_config(alembic_config()).walk_revisions():
        assert "\nPhase: " in script.doc or "\nPhase: " in (script.module.__doc__ or "")
        assert "\nLocks: " in (script.module.__doc__ or "")


def test_the_sql_can_be_printed_for_somebody_else_to_run(
    capsys: pytest.CaptureFixture[str],
) -> None:
    command.upgrade(alembic_config(), "head", sql=True)

    printed = capsys.readouterr().out
    assert "CREATE TABLE IF NOT EXISTS entries" in printed
    assert "BEGIN;" not in printed


async def create_declared(database: Database) -> None:
    """Makes what tables.py and functions.py declare, without migrations."""
    engine = create_migration_engine(database.owner_url)
    async with engine.connect() as connection:
        await connection.execute(sa.text(ENTRY_IS_SOUND.replace(":=", r"\:=")))
        await connection.run_sync(metadata.create_all)
    await engine.dispose()


def find_differences(connection: sa.Connection) -> list[object]:
    """Returns what alembic would migrate, of whatever kind it looks at."""
    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "compare_server_default": True}
    )
    return list(compare_metadata(context, metadata))
