"""Options that several commands have, and what becomes of them."""

import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

import click

from wallet_server.cli.parameters import WalletParameter
from wallet_server.settings import Settings, SettingsError, read_settings
from wallet_server.settings_problems import CONFIG_NAME, find_unknown_names

logger = logging.getLogger(__name__)

P = ParamSpec("P")
R = TypeVar("R")

config_option = click.option(
    "--config",
    "config_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    envvar=CONFIG_NAME,
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

tenant_option = click.option(
    "--tenant", "tenant_id", metavar="TENANT", help="Only the wallets of this tenant."
)

wallets_option = click.option(
    "--wallet",
    "wallets",
    type=WalletParameter(),
    metavar="TENANT/PLAYER/CURRENCY",
    multiple=True,
    help="Only this wallet. May be given several times.",
)


def scope_options(command: Callable[P, R]) -> Callable[P, R]:
    """Adds the options of a command that looks at wallets: at all, if none is given."""
    return tenant_option(wallets_option(command))


def database_options(command: Callable[P, R]) -> Callable[P, R]:
    """Adds the options of a command that works on a database."""
    return database_url_option(data_dir_option(config_option(command)))


def load_settings(config_file: Path | None, **options: object) -> Settings:
    """Reads the settings, or ends the program with all that is wrong with them."""
    try:
        return read_settings(config_file, **options)
    except SettingsError as error:
        raise click.ClickException(f"the settings make no sense:\n{error}") from None


def warn_of_unknown_names() -> None:
    """Logs the names in the environment that look like settings: some may be misspelt."""
    names = find_unknown_names(os.environ, Settings.model_fields)
    if names:
        logger.warning("unknown settings in the environment", extra={"ignored": names})
