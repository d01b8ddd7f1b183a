"""`wallet-server token`: makes keys and tokens, where nobody else does."""

from pathlib import Path
from typing import Any

import click

from wallet_server.core.access.permission import ROLES
from wallet_server.execution.clock import SystemClock
from wallet_server.rpc.access.issuing import SigningKey, TokenContent
from wallet_server.rpc.access.keys import KeysError

HOUR_SECONDS = 3_600
LIFETIME_SECONDS_MAX = 31_622_400
PRIVATE = 0o600


@click.command()
@click.option(
    "--key",
    "key_file",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="The file with the private key.",
)
@click.option("--new-key", is_flag=True, help="Make the key first; the file must not be there.")
@click.option("--subject", default="", help="Whose token it is: the name of a service or person.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    help=f"A role that it has: {', '.join(ROLES)}; or a name of your own.",
)
@click.option("--tenant", "tenants", multiple=True, help="A tenant that it may name; * for all.")
@click.option("--player", "player_id", default="", help="The only player that it may name.")
@click.option("--person", default="", help="Who its bearer is, where the subject does not tell.")
@click.option("--own-player", "own_player_id", default="", help="The player who its bearer is too.")
@click.option("--may-vouch", is_flag=True, help="Let it say in each call for whom it asks.")
@click.option(
    "--seconds",
    type=click.IntRange(1, LIFETIME_SECONDS_MAX),
    default=HOUR_SECONDS,
    show_default=True,
    help="How long it lives.",
)
@click.option("--issuer", default="", help="Its `iss`, where the server's auth_issuer wants one.")
@click.option("--audience", default="", help="Its `aud`, where auth_audience wants one.")
def token(
    *,
    key_file: Path,
    new_key: bool,
    subject: str,
    seconds: int,
    **content: Any,  # noqa: ANN401 - the other options, as click has checked them.
) -> None:
    """Signs a token with a key of your own, and prints it.

    For trying things out, for tests, and where no identity provider issues tokens. Whoever has the
    private key may be anybody: keep it away from the servers, which only need the public one. A
    new key has that beside it, in a file that ends in `.pub`, for the setting auth_keys_file.
    Without roles the token stands for the credential that its subject has.

    \b
    Examples:
        wallet-server token --key wallet.key --new-key
        wallet-server token --key wallet.key --subject games --role game_service --tenant acme
        wallet-server token --key wallet.key --subject ann --role owner --tenant '*' --seconds 600
    """
    key = make_key(key_file) if new_key else read_key(key_file)
    if not subject:
        if not new_key:
            raise click.UsageError("Whose token? Give --subject; or --new-key, to make a key.")
        return
    print(key.sign(TokenContent(subject=subject, **content), SystemClock().now(), seconds=seconds))


def make_key(path: Path) -> SigningKey:
    """Writes a new key, for nobody else to read, and its public part beside it."""
    key, public = SigningKey.new(), path.with_name(f"{path.name}.pub")
    try:
        path.touch(PRIVATE, exist_ok=False)
        path.write_bytes(key.private_pem())
        public.write_bytes(key.public_pem())
    except OSError as error:
        raise click.ClickException(f"{error.filename}: {error.strerror}") from error
    click.echo(f"The server needs: auth_keys_file = {public}", err=True)
    return key


def read_key(path: Path) -> SigningKey:
    """Reads a key."""
    try:
        return SigningKey.read(path.read_bytes())
    except OSError as error:
        raise click.ClickException(f"{path}: {error.strerror}") from error
    except KeysError as error:
        raise click.ClickException(f"{path}: {error}") from error
