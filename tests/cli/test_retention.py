"""`retention` at the command line."""

import pytest

from tests.cli.programs import run, run_afresh
from tests.database import Database
from tests.events import TENANT, Outbox, give_positions
from wallet_server.core.ids import WalletRef


@pytest.fixture
async def old(database: Database) -> Database:
    """A database with three events that are two days old."""
    connection = await database.connect_superuser()
    outbox = Outbox(connection)
    for number in range(3):
        await outbox.add(WalletRef(TENANT, "ann", "EUR"), seconds=number)
    await give_positions(connection)
    await connection.execute("UPDATE events SET position_time = now() - interval '2 days'")
    return database


async def test_it_tells_what_it_has_removed_and_what_is_kept_for_whom(old: Database) -> None:
    connection = await old.connect()
    await connection.execute("INSERT INTO event_consumers VALUES ('relay', 'demo', 2, now())")
    url = old.retention_url

    held = await run_afresh("retention", "--days", "1", WALLET_RETENTION_DATABASE_URL=url)
    forgotten = await run(
        *("retention", "--forget-consumer", "relay"),
        WALLET_RETENTION_DATABASE_URL=url,
        WALLET_EVENT_RETENTION_DAYS="1",
    )

    assert (held.code, held.stdout) == (
        0,
        "demo: 2 events removed\ndemo: more is kept for relay, which is at 2\n2 events removed.\n",
    )
    assert (forgotten.code, forgotten.stdout) == (0, "demo: 1 event removed\n1 event removed.\n")


async def test_what_makes_no_sense_is_refused(old: Database) -> None:
    url = old.retention_url

    without_days = await run("retention", WALLET_RETENTION_DATABASE_URL=url)
    without_url = await run("retention", "--days", "1", WALLET_DATABASE_URL=old.server_url)
    unknown = await run(
        *("retention", "--days", "1", "--forget-consumer", "nobody"),
        WALLET_RETENTION_DATABASE_URL=url,
    )
    wrong_role = await run("retention", "--days", "1", WALLET_RETENTION_DATABASE_URL=old.server_url)

    assert (without_days.code, without_url.code) == (2, 2)
    assert "How long are events kept?" in without_days.stderr
    assert "Set WALLET_RETENTION_DATABASE_URL" in without_url.stderr
    assert (unknown.code, unknown.stderr) == (1, "Error: no consumer is called nobody\n")
    assert wrong_role.code == 1
    assert "permission denied" in wrong_role.stderr
