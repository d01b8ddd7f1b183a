"""Options that several commands have, and what becomes of them."""

from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

import click

from wallet_server.settings import Settings, SettingsError, read_settings

P = ParamSpec("P")
R = TypeVar("R")

config_option = click.option(
    "--config",
    "config_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    envvar="WALLET_CONFIG",
    help="A file with settings, TOML or YAML. Options and environment come first.",
)

data_dir_option = click.option(
    "--data-dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="The data of `wallet-server dev`, whether that is running or not.",
)

database_url_option = click.option(
    "--database-url",
    metavar="URL",
    help="The database; better given as WALLET_DATABASE_URL: others can see options.",
)


def database_options(command: Callable[P, R]) -> Callable[P, R]:
    """Adds the options of a command that works on a database."""
    return database_url_option(data_dir_option(config_option(command)))


def load_settings(config_file: Path | None, **options: object) -> Settings:
    """Reads the settings, or ends the program with all that is wrong with them."""
    try:
        return read_settings(config_file, **options)
    except SettingsError as error:
        raise click.ClickException(f"the settings make no sense:\n{error}") from None
