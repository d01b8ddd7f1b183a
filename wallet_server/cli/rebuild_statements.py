"""`wallet-server rebuild-statements`: makes the statements of a tenant from the ledger again."""

import asyncio
from pathlib import Path

import click

from wallet_server.cli.database import open_database
from wallet_server.cli.database_faults import tell_database_faults
from wallet_server.cli.options import database_options, load_settings
from wallet_server.execution.recount import UnknownTenantError
from wallet_server.execution.statements.keeper import UnknownTimeZoneError
from wallet_server.execution.statements.rebuilding import rebuild_statements as rebuild


@click.command()
@click.option("--tenant", "tenant_id", metavar="TENANT", required=True, help="The tenant.")
@click.option(
    "--time-zone",
    metavar="ZONE",
    help="Where days begin and end from now on, such as Europe/Vienna. Else as before.",
)
@database_options
def rebuild_statements(
    tenant_id: str,
    time_zone: str | None,
    database_url: str | None,
    data_dir: Path | None,
    config_file: Path | None,
) -> None:
    """Makes a tenant's daily statements and house balances from the ledger again.

    Run it to have days of another time zone; and once for each tenant after an upgrade from a
    release without events, when no server of that release is left. Servers may go on meanwhile;
    until it is done, whoever asks for statements of the tenant is told to come back.

    \b
    Example:
        wallet-server rebuild-statements --tenant acme --time-zone Europe/Vienna
    """
    settings = load_settings(config_file, database_url=database_url)
    with open_database(settings, data_dir) as urls, tell_database_faults(urls.server):
        try:
            asyncio.run(rebuild(urls.server, tenant_id, time_zone, settings.for_statements()))
        except UnknownTenantError as error:
            raise click.ClickException(f"there is no tenant {tenant_id}") from error
        except UnknownTimeZoneError as error:
            raise click.ClickException(f"there is no time zone {time_zone}") from error
    print(f"the statements of {tenant_id} were made from the ledger")
