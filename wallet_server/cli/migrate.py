"""`wallet-server migrate`: brings a database to where this release needs it."""

import asyncio
from pathlib import Path

import click

from wallet_server.cli.database import open_database
from wallet_server.cli.database_faults import tell_database_faults
from wallet_server.cli.options import config_option, data_dir_option, load_settings
from wallet_server.storage.migrating import MigrationReport
from wallet_server.storage.migrating import migrate as migrate_database
from wallet_server.storage.migration_lock import MigrationBusyError
from wallet_server.storage.roles import MissingRolesError, WrongOwnerError

REFUSALS = (MigrationBusyError, MissingRolesError, WrongOwnerError)


@click.command()
@click.option(
    "--database-url",
    metavar="URL",
    help="The database, as the role that owns it; better given as WALLET_OWNER_DATABASE_URL:"
    " others can see options.",
)
@data_dir_option
@config_option
def migrate(database_url: str | None, data_dir: Path | None, config_file: Path | None) -> None:
    """Makes or upgrades the tables, and the roles that may use them.

    Run it with each new release, before the servers of that release start; the release before
    keeps working meanwhile. Where there is nothing to do, it does nothing.

    \b
    Examples:
        wallet-server migrate --database-url postgresql://wallet_owner:…@db.example/wallet
        WALLET_OWNER_DATABASE_URL=postgresql://… wallet-server migrate
        wallet-server migrate --data-dir DIRECTORY      (dev prints its own)
    """
    settings = load_settings(config_file, owner_database_url=database_url)
    with open_database(settings, data_dir) as urls, tell_database_faults(urls.owner):
        try:
            report = asyncio.run(migrate_database(urls.owner))
        except REFUSALS as error:
            raise click.ClickException(str(error)) from error
    describe(report)


def describe(report: MigrationReport) -> None:
    """Prints what was done, and what should be done about Postgres' settings."""
    if report.before == report.after:
        print(f"The schema is at {report.after} already.")
    else:
        print(f"The schema went from {report.before or 'nothing'} to {report.after}.")
    for warning in report.warnings:
        click.echo(f"Warning: {warning}", err=True)
