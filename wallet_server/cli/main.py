"""`wallet-server`: its commands, each loaded only when it is asked for."""

import importlib
import time
from types import MappingProxyType

import click

STARTED_SECONDS = time.monotonic()
"""When the program started, on the clock of `time.monotonic`."""

COMMANDS = MappingProxyType(
    {
        "dev": "wallet_server.cli.dev",
        "serve": "wallet_server.cli.serve",
        "relay": "wallet_server.cli.relay",
        "migrate": "wallet_server.cli.migrate",
        "apply": "wallet_server.cli.apply",
        "token": "wallet_server.cli.token",
        "verify": "wallet_server.cli.verify",
        "export": "wallet_server.cli.export",
        "recount": "wallet_server.cli.recount",
        "retention": "wallet_server.cli.retention",
        "rebuild-statements": "wallet_server.cli.rebuild_statements",
        "chain-key": "wallet_server.cli.chain_key",
        "conformance": "wallet_server.cli.conformance",
    }
)
"""The module of each command, in the order of `--help`. It has the command by its name,
with underlines."""


class CommandLine(click.Group):
    """Finds commands by name. Loading all for each would make every start slower."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Returns the commands in the order they are listed."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Returns a command, or nothing if there is none of the name."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command: object = getattr(
            importlib.import_module(COMMANDS[cmd_name]), cmd_name.replace("-", "_")
        )
        assert isinstance(command, click.Command)
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Runs a command and writes what it printed: here click ends quietly if nobody reads it."""
        try:
            return super().invoke(ctx)
        finally:
            print(end="", flush=True)  # Also fine where standard output is closed.


@click.group(
    cls=CommandLine,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="wallet-server", prog_name="wallet-server")
def main() -> None:
    """A wallet server: typed commands over gRPC, serializable transactions, Postgres.

    \b
    Try it out, with a Postgres of its own:
        wallet-server dev
    Run it on your Postgres:
        wallet-server migrate --database-url postgresql://owner:…@host/wallet
        wallet-server apply --database-url postgresql://server:…@host/wallet --tenant acme ruby
        wallet-server token --key wallet.key --new-key
        wallet-server serve --database-url postgresql://server:…@host/wallet
    with WALLET_AUTH_KEYS_FILE=wallet.key.pub, or as docs/operating/authentication.md has it.

    Settings come from options, the environment (WALLET_…) and the file that --config names, in
    this order. docs/reference/settings.md lists all.
    """
