"""`chain-key`, `serve` that seals, `verify --chain` and `recount` at the command line."""

import signal
from pathlib import Path

import pytest

from tests.cli.programs import read_served_port, run, run_afresh, start
from tests.cli.test_serve import call_all
from tests.database import Database
from wallet_server.execution.sealing.heads import read_heads


async def test_from_a_key_to_an_alteration_that_is_found(
    database: Database, tmp_path: Path
) -> None:
    url, key_file, heads_file = database.server_url, tmp_path / "key.pem", tmp_path / "heads"
    made = await run_afresh("chain-key", str(key_file))
    again = await run("chain-key", str(key_file))
    await run("apply", "--tenant", "acme", "ruby", WALLET_DATABASE_URL=url)
    async with start(
        *("serve", "--port", "0"),
        WALLET_DATABASE_URL=url,
        WALLET_CHAIN_KEY_FILE=str(key_file),
        WALLET_CHAIN_HEADS_FILE=str(heads_file),
        WALLET_SEALING_INTERVAL_SECONDS="0.01",
    ) as running:
        await call_all(await read_served_port(running), 20)
        stopped = await running.stop(signal.SIGTERM)
    held_against = ("--public-key", f"{key_file}.pub", "--heads", str(heads_file))

    sound = await run("verify", "--chain", *held_against, WALLET_DATABASE_URL=url)
    superuser = await database.connect_superuser()
    await superuser.execute("UPDATE audit_records SET actor = 'x' WHERE resource_kind = 'TOPOLOGY'")
    altered = await run("verify", "--chain", *held_against, WALLET_DATABASE_URL=url)
    bare = await run("verify", "--chain", WALLET_DATABASE_URL=url)

    assert made.code == 0, made.stderr
    assert again.code == 1
    assert stopped.code == 0, stopped.stderr
    assert read_heads(heads_file)
    assert (sound.code, sound.stderr) == (0, "")
    assert "0 differences" in sound.stdout
    assert altered.code == 1
    assert "CHAIN_RECORD acme audit record " in altered.stdout
    assert "1 difference" in altered.stdout
    assert "Signatures were not checked" in bare.stdout
    assert "Whether the chain was cut off was not checked" in bare.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--chain", "--tenant", "acme"), "The chain is of all tenants"),
        (("--unsigned-until", "3"), "go with --chain"),
        (("--chain", "--public-key", __file__), "test_chain.py"),
        (("--chain", "--heads", __file__), "line 1: it is no head"),
    ],
)
async def test_what_makes_no_sense_is_refused(
    database: Database, arguments: tuple[str, ...], message: str
) -> None:
    ended = await run("verify", *arguments, WALLET_DATABASE_URL=database.server_url)

    assert ended.code in {1, 2}
    assert message in ended.stderr


async def test_a_server_does_not_start_with_a_key_that_it_cannot_use(database: Database) -> None:
    ended = await run(
        *("serve", "--port", "0"),
        WALLET_DATABASE_URL=database.server_url,
        WALLET_CHAIN_KEY_FILE=__file__,
    )

    assert ended.code == 1
    assert "\nError: chain_key_file: " in ended.stderr
    assert "it holds no private key in PEM" in ended.stderr


async def test_a_recount_tells_what_it_has_made_right(database: Database) -> None:
    url = database.server_url
    await run("apply", "--tenant", "acme", "ruby", WALLET_DATABASE_URL=url)

    counted = await run_afresh("recount", "--tenant", "acme", WALLET_DATABASE_URL=url)
    unknown = await run("recount", "--tenant", "nobody", WALLET_DATABASE_URL=url)

    assert counted.code == 0, counted.stderr
    assert "0 counts made right; 0 runs of commands that no block had" in counted.stdout
    assert (unknown.code, unknown.stderr) == (1, "Error: there is no tenant nobody\n")
