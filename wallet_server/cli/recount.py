"""`wallet-server recount`: counts anew what refers to a tenant's buckets."""

import asyncio
from pathlib import Path

import click

from wallet_server.cli.database import open_database
from wallet_server.cli.database_faults import tell_database_faults
from wallet_server.cli.options import database_options, load_settings
from wallet_server.cli.tables import count_of
from wallet_server.execution.clock import SystemClock
from wallet_server.execution.recount import RecountUnderWayError, UnknownTenantError
from wallet_server.execution.recount import recount as recount_tenant


@click.command()
@click.option("--tenant", "tenant_id", metavar="TENANT", required=True, help="The tenant.")
@database_options
def recount(
    tenant_id: str,
    database_url: str | None,
    data_dir: Path | None,
    config_file: Path | None,
) -> None:
    """Counts anew what refers to a tenant's buckets, and makes up for what was missed.

    Run it once for each tenant after an upgrade from a release that did not count, when no server
    of that release is left: until then no bucket can be removed. Also has the chain cover entries
    from before it began, and makes audit records of older acts on wallets. Servers may go on
    meanwhile; what is made up for shows once they have sealed it.

    \b
    Example:
        wallet-server recount --tenant acme
    """
    settings = load_settings(config_file, database_url=database_url)
    with open_database(settings, data_dir) as urls, tell_database_faults(urls.server):
        try:
            found = asyncio.run(recount_tenant(urls.server, tenant_id, SystemClock().now))
        except UnknownTenantError as error:
            raise click.ClickException(f"there is no tenant {tenant_id}") from error
        except RecountUnderWayError as error:
            raise click.ClickException(f"somebody else counts {tenant_id}") from error
    for key, each in found.usage.items():
        print(f"{key.bucket} {key.kind} {key.asset_code}: {each.count:+} things, {each.total:+}")
    print(
        f"{count_of(len(found.usage), 'count')} made right;"
        f" {count_of(len(found.ranges), 'run')} of commands that no block had;"
        f" {count_of(len(found.acts), 'act')} without an audit record."
    )
