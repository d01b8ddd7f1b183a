"""`wallet-server dev`: a server with its own Postgres, for trying things out."""

import importlib
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import click
from pydantic import SecretStr

from wallet_server.cli.options import config_option, load_settings, warn_of_unknown_names
from wallet_server.embedded.data_dir import default_data_dir
from wallet_server.embedded.errors import EmbeddedNatsError, EmbeddedPostgresError
from wallet_server.embedded.nats import ANY_PORT, EmbeddedNats
from wallet_server.embedded.postgres import EmbeddedPostgres
from wallet_server.logs import configure_logging
from wallet_server.settings import Settings
from wallet_server.settings_groups.listening import DEFAULT_PORT
from wallet_server.settings_groups.log import LogFormat, LogLevel

LOOPBACK = "127.0.0.1"
NATS_FOLDER = "nats"
DEFAULT_NATS_PORT = 4222

SERVER_MODULE = "wallet_server.cli.dev_server"


@click.command()
@click.option(
    "--port", type=click.IntRange(0, 65535), help=f"The port; 0 for any free one.  [{DEFAULT_PORT}]"
)
@click.option(
    "--data-dir",
    type=click.Path(file_okay=False, path_type=Path),
    help=f"Where the data is kept.  [{default_data_dir()}]",
)
@click.option("--demo/--no-demo", default=True, help="Whether to play the demonstration.")
@click.option("--once", is_flag=True, help="Stop after the demonstration.")
@click.option("--nats", "with_nats", is_flag=True, help="Publish events to a NATS of its own.")
@click.option(
    "--nats-port",
    type=click.IntRange(0, 65535),
    default=DEFAULT_NATS_PORT,
    show_default=True,
    help="The port of that NATS; 0 for any free one.",
)
@config_option
def dev(
    *,
    port: int | None,
    data_dir: Path | None,
    demo: bool,
    once: bool,
    with_nats: bool,
    nats_port: int,
    config_file: Path | None,
) -> None:
    """Starts a server with a Postgres of its own, plays a demonstration, and goes on serving.

    Only this machine can call it. It has the tenants demo (sports and casino) and demo-booking
    (one wallet group). Ctrl-C stops the server and its Postgres, and its NATS; the data stays.

    \b
    Examples:
        wallet-server dev
        wallet-server dev --port 0 --data-dir ./data --no-demo
        wallet-server dev --nats
    """
    settings = load_settings(config_file, listen_host=LOOPBACK, listen_port=port)
    start_logging(settings)
    check_port(settings)
    where = (data_dir or default_data_dir()).absolute()
    try:
        with ExitStack() as running:
            postgres = running.enter_context(start_postgres(where))
            if with_nats:
                nats = running.enter_context(
                    EmbeddedNats.start(where / NATS_FOLDER, listen_port=nats_port or ANY_PORT)
                )
                settings = settings.model_copy(update={"nats_urls": SecretStr(nats.url)})
                click.echo(f"Events go to {nats.url}, stream {settings.nats_stream}.\n")
            server = importlib.import_module(SERVER_MODULE)
            server.run(settings, postgres, where, demo=demo, once=once)
    except (EmbeddedPostgresError, EmbeddedNatsError) as error:
        raise click.ClickException(str(error)) from error


def start_logging(settings: Settings) -> None:
    """Logs for people, and only what they should know, unless the settings say otherwise."""
    is_set = settings.model_fields_set
    configure_logging(
        settings.log_format if "log_format" in is_set else LogFormat.TEXT,
        settings.log_level if "log_level" in is_set else LogLevel.WARNING,
    )
    warn_of_unknown_names()


def start_postgres(data_dir: Path) -> EmbeddedPostgres:
    """Starts Postgres, and loads the rest of the program meanwhile: each takes a while."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        starting = pool.submit(EmbeddedPostgres.start, data_dir)
        importlib.import_module(SERVER_MODULE)
        return starting.result()


def check_port(settings: Settings) -> None:
    """Ends the program if the port is taken, before anything is started."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, settings.listen_port))
        except OSError as error:
            raise click.ClickException(
                f"port {settings.listen_port} of {LOOPBACK} is taken: {error.strerror}."
                " Choose another with --port, or any free one with --port 0."
            ) from error
