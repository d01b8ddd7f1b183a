"""Who is let in by `serve`, and by which tokens, as the settings and the command line have it."""

import signal
from pathlib import Path

import jwt
import pytest

from tests.callers import KEY
from tests.cli.programs import read_served_port, run, run_afresh, start
from tests.database import Database
from wallet.v1.wallet_commands_pb2 import OpenWalletRequest
from wallet.v1.wallet_pb2 import WalletRef
from wallet_client import UnauthenticatedError, WalletClient

EVERYWHERE = ("serve", "--port", "0", "--host", "0.0.0.0")  # noqa: S104 - what is refused.


async def test_nothing_is_in_the_clear_beyond_this_machine_unless_it_is_said(
    database: Database, tmp_path: Path
) -> None:
    environment = {
        "WALLET_DATABASE_URL": database.server_url,
        "WALLET_WITHOUT_AUTHENTICATION": "false",
        "WALLET_AUTH_KEYS_FILE": str(keys_in(tmp_path)),
    }

    refused = await run(*EVERYWHERE, **environment)
    async with start(*EVERYWHERE, "--insecure-listen", **environment) as running:
        await read_served_port(running)
        said = await running.stop(signal.SIGTERM)

    assert refused.code == 1
    assert "--insecure-listen" in refused.stderr
    assert said.code == 0


@pytest.mark.parametrize("workers", ["1", "2"])
async def test_everybody_is_let_in_only_where_it_is_said_and_only_at_loopback(
    database: Database, workers: str
) -> None:
    url = database.server_url
    neither: dict[str, str] = {
        "WALLET_DATABASE_URL": url,
        "WALLET_WITHOUT_AUTHENTICATION": "false",
        "WALLET_WORKERS_COUNT": workers,
    }

    unsaid = await run("serve", "--port", "0", **neither)
    everywhere = await run(
        *EVERYWHERE, "--without-authentication", "--insecure-listen", WALLET_DATABASE_URL=url
    )

    assert (unsaid.code, everywhere.code) == (1, 1)
    assert "auth_keys_file" in unsaid.stderr
    assert "--without-authentication" in unsaid.stderr
    assert "listens at loopback only" in everywhere.stderr


async def test_a_file_of_keys_that_is_not_there_is_told_of(
    database: Database, tmp_path: Path
) -> None:
    ended = await run(
        *("serve", "--port", "0"),
        WALLET_DATABASE_URL=database.server_url,
        WALLET_WITHOUT_AUTHENTICATION="false",
        WALLET_AUTH_KEYS_FILE=str(tmp_path / "missing.pem"),
    )

    assert ended.code == 1
    assert "missing.pem: No such file" in ended.stderr


@pytest.mark.parametrize("workers", ["1", "2"])
async def test_from_a_new_key_to_a_call_with_a_token(
    database: Database, tmp_path: Path, workers: str
) -> None:
    environment = {
        "WALLET_DATABASE_URL": database.server_url,
        "WALLET_WITHOUT_AUTHENTICATION": "false",
        "WALLET_AUTH_KEYS_FILE": str(keys_in(tmp_path)),
        "WALLET_WORKERS_COUNT": workers,
    }
    await run("apply", "--tenant", "acme", "ruby", **environment)
    key = ("token", "--key", str(tmp_path / "own.key"))
    made = await run_afresh(*key, "--new-key")
    again = await run(*key, "--new-key")
    environment["WALLET_AUTH_KEYS_FILE"] = str(tmp_path / "own.key.pub")
    signed = await run(*key, "--subject", "games", "--role", "game_service", "--tenant", "acme")
    async with start("serve", "--port", "0", **environment) as running:
        port = await read_served_port(running)
        async with WalletClient(f"127.0.0.1:{port}", token=signed.stdout.strip()) as wallets:
            wallet = WalletRef(tenant_id="acme", player_id="p", currency_code="EUR")
            await wallets.open_wallet(OpenWalletRequest(wallet=wallet))
        async with WalletClient(f"127.0.0.1:{port}") as nobody:
            with pytest.raises(UnauthenticatedError, match="CREDENTIALS_MISSING"):
                await nobody.open_wallet(OpenWalletRequest(wallet=wallet))
        stopped = await running.stop(signal.SIGTERM)

    assert (made.code, again.code, stopped.code) == (0, 1, 0)
    assert "own.key.pub" in made.stderr
    assert "File exists" in again.stderr
    assert (tmp_path / "own.key").stat().st_mode & 0o777 == 0o600


def keys_in(folder: Path) -> Path:
    """Returns a file with a public key."""
    path = folder / "keys.pem"
    path.write_bytes(KEY.public_pem())
    return path


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("--subject", "x"), "No such file"),
        ((), "No such file"),
        (("--new-key", "--seconds", "0"), "--seconds"),
    ],
)
async def test_what_is_wrong_with_a_token_is_told(
    tmp_path: Path, arguments: tuple[str, ...], complaint: str
) -> None:
    ended = await run("token", "--key", str(tmp_path / "none.key"), *arguments)

    assert ended.code != 0
    assert complaint in ended.stderr
    assert ended.stdout == ""


async def test_a_token_says_who_its_bearer_is_and_which_player(tmp_path: Path) -> None:
    key = ("token", "--key", str(tmp_path / "own.key"))
    await run(*key, "--new-key")

    signed = await run(*key, "--subject", "1f2e", "--person", "ada", "--own-player", "p1")

    said = jwt.decode(signed.stdout.strip(), options={"verify_signature": False})
    assert (said["sub"], said["wallet_person"], said["wallet_own_player"]) == ("1f2e", "ada", "p1")
