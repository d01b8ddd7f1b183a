"""`wallet-server retention`: removes events that are past their time."""

import asyncio
from pathlib import Path

import click

from wallet_server.cli.database import open_for_retention
from wallet_server.cli.database_faults import tell_database_faults
from wallet_server.cli.options import config_option, data_dir_option, load_settings
from wallet_server.cli.tables import count_of
from wallet_server.execution.event_retention.removal import (
    Removed,
    UnknownConsumerError,
    remove_once,
)


@click.command()
@click.option(
    "--days",
    "event_retention_days",
    type=float,
    metavar="DAYS",
    help="For how many days events are kept; else as WALLET_EVENT_RETENTION_DAYS says.",
)
@click.option(
    "--forget-consumer",
    "forget",
    multiple=True,
    metavar="NAME",
    help="Keeps nothing any more for a relay or roll-up that is gone for good.",
)
@click.option(
    "--database-url",
    "retention_database_url",
    metavar="URL",
    help="The database, as wallet_retention; better given as WALLET_RETENTION_DATABASE_URL.",
)
@data_dir_option
@config_option
def retention(
    event_retention_days: float | None,
    forget: tuple[str, ...],
    retention_database_url: str | None,
    data_dir: Path | None,
    config_file: Path | None,
) -> None:
    """Removes events that are past their time, once; for a scheduler to run.

    It removes a little at a time, and may be ended and run again at any moment, also while servers
    run. What a relay or a roll-up has yet to read is kept, and told.

    \b
    Example:
        wallet-server retention --days 90
    """
    settings = load_settings(
        config_file,
        event_retention_days=event_retention_days,
        retention_database_url=retention_database_url,
    )
    limits = settings.for_event_retention()
    if limits.event_retention_days is None:
        raise click.UsageError(
            "How long are events kept? Give --days, or set WALLET_EVENT_RETENTION_DAYS"
        )
    with open_for_retention(settings, data_dir) as url, tell_database_faults(url):
        try:
            removed = asyncio.run(remove_once(url, limits, forget=forget))
        except UnknownConsumerError as error:
            raise click.ClickException(f"no consumer is called {error}") from error
    tell(removed)


def tell(removed: Removed) -> None:
    """Prints what is gone, and what is kept for whom."""
    for tenant_id, count in removed.events.items():
        print(f"{tenant_id}: {count_of(count, 'event')} removed")
    for each in removed.holders:
        print(f"{each.tenant_id}: more is kept for {each.consumer}, which is at {each.position}")
    print(f"{count_of(sum(removed.events.values()), 'event')} removed.")
