"""What `dev` does once its Postgres is there: prepares it, serves, and plays."""

import logging
import time
from collections.abc import Mapping
from pathlib import Path

import click
from pydantic import SecretStr

from wallet_server import event_loop
from wallet_server.cli.demonstration import DemonstrationError, play
from wallet_server.cli.invitation import invitation
from wallet_server.cli.main import STARTED_SECONDS
from wallet_server.embedded.postgres import EmbeddedPostgres
from wallet_server.embedded.roles import Role
from wallet_server.execution.activation import apply_documents
from wallet_server.execution.clock import SystemClock
from wallet_server.execution.sealing.keys import make_key_pair
from wallet_server.server import open_server
from wallet_server.serving.stop_signals import catch_stop_signals
from wallet_server.settings import Settings
from wallet_server.shapes import load_shape
from wallet_server.starting import StartError
from wallet_server.storage.engine import create_engine
from wallet_server.storage.migrating import migrate

logger = logging.getLogger(__name__)

CHAIN_KEY = "chain-key.pem"
CHAIN_HEADS = "chain-heads.jsonl"

SHAPE_BY_TENANT: Mapping[str, str] = {"demo": "ruby", "demo-booking": "booking"}


def run(
    settings: Settings, postgres: EmbeddedPostgres, data_dir: Path, *, demo: bool, once: bool
) -> None:
    """Serves until it is told to stop, or ends the program if it cannot."""
    try:
        event_loop.run(serve(settings, postgres, data_dir, demo=demo, once=once))
    except (DemonstrationError, StartError) as error:
        raise click.ClickException(str(error)) from error


async def serve(
    settings: Settings, postgres: EmbeddedPostgres, data_dir: Path, *, demo: bool, once: bool
) -> None:
    """Prepares the database, serves, and plays."""
    await prepare(postgres)
    url = postgres.url(Role.SERVER)
    settings = with_retention(with_chain_key(settings, data_dir), postgres)
    async with open_server(settings, url, believes_metadata=True) as server:
        seconds = time.monotonic() - STARTED_SECONDS
        print(
            f"Serving at {settings.listen_host}:{server.port}, ready after {seconds:.1f} s.\n",
            flush=True,
        )
        player_id = await play(server.port) if demo else ""
        if not once:
            stop = catch_stop_signals()
            print(invitation(server.port, data_dir, player_id), flush=True)
            await stop.wait()
            print("\nStopping; the data stays.", flush=True)
    logger.info("drained", extra=server.executor.statistics.as_document())


def with_retention(settings: Settings, postgres: EmbeddedPostgres) -> Settings:
    """Returns settings by which the server removes what is past its time, if anything ever is."""
    url = SecretStr(postgres.url(Role.RETENTION))
    return settings.model_copy(update={"retention_database_url": url})


def with_chain_key(settings: Settings, data_dir: Path) -> Settings:
    """Returns settings with a key that signs the chain, made in the data directory if need be.

    Real keys, and the heads that they sign, are kept apart from the data.
    """
    if settings.chain_key_file is not None:
        return settings
    key_file = data_dir / CHAIN_KEY
    if not key_file.exists():
        make_key_pair(key_file)
    heads_file = settings.chain_heads_file or data_dir / CHAIN_HEADS
    return settings.model_copy(update={"chain_key_file": key_file, "chain_heads_file": heads_file})


async def prepare(postgres: EmbeddedPostgres) -> None:
    """Brings the schema up to date, and gives the tenants what they need."""
    await migrate(postgres.url(Role.OWNER))
    engine = create_engine(postgres.url(Role.SERVER))
    try:
        for tenant_id, shape in SHAPE_BY_TENANT.items():
            await apply_documents(engine, tenant_id, load_shape(shape), SystemClock().now())
    finally:
        await engine.dispose()
