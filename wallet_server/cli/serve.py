"""`wallet-server serve`: the server, on the operator's own Postgres."""

from pathlib import Path

import click

from wallet_server import event_loop
from wallet_server.cli.database_faults import tell_database_faults
from wallet_server.cli.options import (
    config_option,
    database_url_option,
    load_settings,
    warn_of_unknown_names,
)
from wallet_server.logs import configure_logging
from wallet_server.server import StartError, run_server


@click.command()
@database_url_option
@click.option("--host", "listen_host", metavar="ADDRESS", help="Where to listen.  [127.0.0.1]")
@click.option("--port", "listen_port", type=int, help="The port; 0 for any free one.  [50051]")
@click.option(
    "--share-port",
    is_flag=True,
    default=None,
    help="Let several server processes listen at the port.",
)
@click.option(
    "--insecure-listen",
    is_flag=True,
    default=None,
    help="Listen beyond this machine, though callers are not authenticated.",
)
@click.option(
    "--drain-seconds", type=float, help="How long to finish work when told to stop.  [20]"
)
@click.option("--log-format", help="JSON for machines, TEXT for people.  [JSON]")
@config_option
def serve(config_file: Path | None, **options: object) -> None:
    """Serves until it is told to stop; then it finishes what it has accepted.

    The database must have been prepared by `wallet-server migrate`. Callers are not authenticated
    yet and nothing is encrypted, so it listens at loopback only, unless --insecure-listen says
    that the network keeps everyone else out. All other settings, from the environment and from
    the file: docs/reference/settings.md.

    \b
    Examples:
        WALLET_DATABASE_URL=postgresql://wallet_server:…@db.example/wallet wallet-server serve
        wallet-server serve --config wallet.toml --port 50052
        wallet-server serve --share-port        (in several processes)
    """
    settings = load_settings(config_file, **options)
    if not settings.database_url.get_secret_value():
        raise click.UsageError("Which database? Set WALLET_DATABASE_URL, or give --database-url.")
    configure_logging(settings.log_format, settings.log_level)
    warn_of_unknown_names()
    try:
        with tell_database_faults(settings.database_url.get_secret_value()):
            event_loop.run(run_server(settings))
    except StartError as error:
        raise click.ClickException(str(error)) from error
