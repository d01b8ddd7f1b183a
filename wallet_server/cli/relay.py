"""`wallet-server relay`: events to NATS, by a process that does nothing else."""

import importlib
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
from wallet_server.starting import StartError

RELAY = "wallet_server.serving.relay_alone"


@click.command()
@database_url_option
@click.option(
    "--management-port",
    type=int,
    help="Where HTTP has /livez, /readyz and /metrics; 0 for any free port.  [none]",
)
@click.option(
    "--drain-seconds", type=float, help="How long to finish work when told to stop.  [20]"
)
@click.option("--log-format", help="JSON for machines, TEXT for people.  [JSON]")
@config_option
def relay(config_file: Path | None, **options: object) -> None:
    """Publishes events to NATS JetStream until it is told to stop.

    Servers do so by themselves where nats_urls is set. This keeps the work out of their processes:
    give it the same settings, and servers WALLET_RELAY_ENABLED=false. Any number may run; one of
    them relays at a time. docs/operating/nats.md says what to set, and what to watch.

    \b
    Examples:
        WALLET_DATABASE_URL=postgresql://wallet_server:…@db.example/wallet \\
            WALLET_NATS_URLS=tls://nats.example wallet-server relay --management-port 9091
    """
    settings = load_settings(config_file, **options)
    if not settings.database_url.get_secret_value():
        raise click.UsageError("Which database? Set WALLET_DATABASE_URL, or give --database-url.")
    if not settings.has_nats:
        raise click.UsageError("Which NATS? Set WALLET_NATS_URLS.")
    configure_logging(settings.log_format, settings.log_level)
    warn_of_unknown_names()
    try:
        with tell_database_faults(settings.database_url.get_secret_value()):
            event_loop.run(importlib.import_module(RELAY).run_relay(settings))
    except StartError as error:
        raise click.ClickException(str(error)) from error
