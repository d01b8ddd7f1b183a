"""`wallet-server serve`: the server, on the operator's own Postgres."""

import importlib
import sys
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
from wallet_server.settings import Settings
from wallet_server.starting import StartError

ALONE = "wallet_server.serving.alone"
SUPERVISOR = "wallet_server.serving.supervisor"
"""Loaded where they are used: the supervisor must not load gRPC, and so not the other one."""

WORKER_COMMAND = (sys.executable, "-P", "-m", "wallet_server.cli.worker")


@click.command()
@database_url_option
@click.option("--host", "listen_host", metavar="ADDRESS", help="Where to listen.  [127.0.0.1]")
@click.option("--port", "listen_port", type=int, help="The port; 0 for any free one.  [50051]")
@click.option(
    "--workers",
    "workers_count",
    type=int,
    metavar="NUMBER",
    help="How many processes serve at the port.  [1]",
)
@click.option(
    "--management-port",
    type=int,
    help="Where HTTP has /livez, /readyz and /metrics; 0 for any free port.  [none]",
)
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
    help="Listen beyond this machine in the clear, as something in front encrypts.",
)
@click.option(
    "--without-authentication",
    is_flag=True,
    default=None,
    help="Let everybody on this machine do everything.",
)
@click.option(
    "--drain-seconds", type=float, help="How long to finish work when told to stop.  [20]"
)
@click.option("--log-format", help="JSON for machines, TEXT for people.  [JSON]")
@config_option
def serve(config_file: Path | None, **options: object) -> None:
    """Serves until it is told to stop; then it finishes what it has accepted.

    The database must have been prepared by `wallet-server migrate`. Callers prove who they are by
    tokens or certificates, as auth_keys_file, auth_jwks_url or tls_client_ca_file say; without any
    of these it does not start, unless --without-authentication lets everybody in. It listens beyond
    this machine only with TLS, or with --insecure-listen. All settings, from the environment and
    from the file: docs/reference/settings.md.

    \b
    Examples:
        WALLET_DATABASE_URL=postgresql://wallet_server:…@db.example/wallet wallet-server serve
        wallet-server serve --config wallet.toml --port 50052
        WALLET_AUTH_KEYS_FILE=keys.pem wallet-server serve --workers 4 --management-port 9090
    """
    settings = load_settings(config_file, **options)
    if not settings.database_url.get_secret_value():
        raise click.UsageError("Which database? Set WALLET_DATABASE_URL, or give --database-url.")
    configure_logging(settings.log_format, settings.log_level)
    warn_of_unknown_names()
    try:
        with tell_database_faults(settings.database_url.get_secret_value()):
            run(settings)
    except StartError as error:
        raise click.ClickException(str(error)) from error


def run(settings: Settings) -> None:
    """Serves in this process, or by as many others as the settings say."""
    if settings.workers_count == 1:
        serving = importlib.import_module(ALONE).run_alone(settings)
    else:
        serving = importlib.import_module(SUPERVISOR).run_supervised(settings, WORKER_COMMAND)
    event_loop.run(serving)
