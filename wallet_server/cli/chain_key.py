"""`wallet-server chain-key`: makes the key that signs the chain."""

from pathlib import Path

import click

from wallet_server.execution.sealing.keys import ChainKeyError, make_key_pair


@click.command("chain-key")
@click.argument("path", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
def chain_key(path: Path) -> None:
    """Makes a key that signs blocks of the chain: FILE, and its public half, FILE.pub.

    Servers have FILE as their setting chain_key_file; only the account that makes it may read it.
    Whoever verifies needs FILE.pub: keep that, for as long as there are blocks that the key has
    signed, where those who administer the database cannot write.
    docs/operating/tamper-evidence.md says more.

    \b
    Example:
        wallet-server chain-key /etc/wallet/chain-2027.pem
    """
    try:
        public_path, key_id = make_key_pair(path)
    except ChainKeyError as error:
        raise click.ClickException(str(error)) from error
    print(f"Made the key {key_id}: {path}, and to check by, {public_path}.")
