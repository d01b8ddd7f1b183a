"""`rebuild-statements` at the command line."""

from tests.cli.programs import run, run_afresh
from tests.database import Database


async def test_statements_are_made_from_the_ledger_again(database: Database) -> None:
    url = database.server_url
    await run("apply", "--tenant", "acme", "ruby", WALLET_DATABASE_URL=url)

    made = await run_afresh(
        *("rebuild-statements", "--tenant", "acme", "--time-zone", "Asia/Kolkata"),
        WALLET_DATABASE_URL=url,
    )

    assert made.code == 0, made.stderr
    assert made.stdout == "the statements of acme were made from the ledger\n"
    connection = await database.connect()
    row = await connection.fetchrow("SELECT state, time_zone FROM statements")
    assert row is not None
    assert tuple(row) == ("KEPT", "Asia/Kolkata")


async def test_what_there_is_not_is_refused(database: Database) -> None:
    url = database.server_url
    await run("apply", "--tenant", "acme", "ruby", WALLET_DATABASE_URL=url)

    nobody = await run("rebuild-statements", "--tenant", "nobody", WALLET_DATABASE_URL=url)
    nowhere = await run(
        *("rebuild-statements", "--tenant", "acme", "--time-zone", "Europe/Atlantis"),
        WALLET_DATABASE_URL=url,
    )

    assert (nobody.code, nobody.stderr) == (1, "Error: there is no tenant nobody\n")
    assert (nowhere.code, nowhere.stderr) == (1, "Error: there is no time zone Europe/Atlantis\n")
