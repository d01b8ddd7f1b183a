"""Which database a command works on: one given by its URL, or that of `dev`."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from wallet_server.embedded.attach import find_running
from wallet_server.embedded.data_dir import default_data_dir
from wallet_server.embedded.errors import DataDirInUseError, EmbeddedPostgresError
from wallet_server.embedded.postgres import EmbeddedPostgres
from wallet_server.embedded.roles import Role
from wallet_server.settings import Settings


@dataclass(frozen=True, slots=True)
class DatabaseUrls:
    """One database, as the role that owns it, that serves calls, and that removes what is old."""

    owner: str
    server: str
    retention: str


@contextmanager
def open_for_retention(settings: Settings, data_dir: Path | None) -> Generator[str]:
    """Finds the database as the role that removes what is past its time."""
    if data_dir is not None:
        with open_embedded(data_dir) as urls:
            yield urls.retention
        return
    url = settings.retention_database_url.get_secret_value()
    if not url:
        raise click.UsageError(
            "Which database, as which role? Set WALLET_RETENTION_DATABASE_URL; or, for that of"
            f" `wallet-server dev`, give --data-dir {default_data_dir()}"
        )
    yield url


@contextmanager
def open_database(settings: Settings, data_dir: Path | None) -> Generator[DatabaseUrls]:
    """Finds the database, and keeps an embedded one running meanwhile."""
    if data_dir is None:
        yield named_by(settings)
        return
    with open_embedded(data_dir) as urls:
        yield urls


def named_by(settings: Settings) -> DatabaseUrls:
    """Returns the database that the settings name."""
    server = settings.database_url.get_secret_value()
    owner = settings.owner_database_url.get_secret_value() or server
    if not owner:
        raise click.UsageError(
            "Which database? Set WALLET_DATABASE_URL, or give --database-url; or, for that of"
            f" `wallet-server dev`, --data-dir {default_data_dir()}"
        )
    retention = settings.retention_database_url.get_secret_value()
    return DatabaseUrls(owner=owner, server=server, retention=retention)


@contextmanager
def open_embedded(data_dir: Path) -> Generator[DatabaseUrls]:
    """Starts the Postgres of a data directory, or finds the one that runs there."""
    if not data_dir.is_dir():
        raise click.ClickException(f"{data_dir} does not exist; `wallet-server dev` makes it.")
    try:
        postgres = EmbeddedPostgres.start(data_dir)
    except DataDirInUseError:
        yield urls_of_running(data_dir)
        return
    except EmbeddedPostgresError as error:
        raise click.ClickException(str(error)) from error
    with postgres:
        yield DatabaseUrls(
            owner=postgres.url(Role.OWNER),
            server=postgres.url(Role.SERVER),
            retention=postgres.url(Role.RETENTION),
        )


def urls_of_running(data_dir: Path) -> DatabaseUrls:
    """Returns the database that another process runs, or ends the program."""
    try:
        return DatabaseUrls(
            owner=find_running(data_dir, Role.OWNER),
            server=find_running(data_dir, Role.SERVER),
            retention=find_running(data_dir, Role.RETENTION),
        )
    except EmbeddedPostgresError as error:
        raise click.ClickException(str(error)) from error
