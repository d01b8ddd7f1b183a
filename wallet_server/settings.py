"""Every knob and limit, with its unit in its name and its range beside it. Read once, at start.

A setting is taken from the first of these that has it: an option of the command
line, the environment (`WALLET_` and the name in capitals), the file that
`--config` names, the default. The groups in settings_groups/ declare them;
docs/reference/settings.md is made of those, and a test holds the two equal.
"""

from pathlib import Path
from typing import ClassVar

from pydantic import BaseModel, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
    YamlConfigSettingsSource,
)

from wallet_server.settings_groups.activation import Activation
from wallet_server.settings_groups.authentication import Authentication
from wallet_server.settings_groups.chapters import Chapters
from wallet_server.settings_groups.database import Database
from wallet_server.settings_groups.draining import Draining
from wallet_server.settings_groups.due_work import DueWork
from wallet_server.settings_groups.edge import Edge
from wallet_server.settings_groups.engine import Engine
from wallet_server.settings_groups.event_retention import EventRetention
from wallet_server.settings_groups.exports import Exports
from wallet_server.settings_groups.listening import Listening
from wallet_server.settings_groups.log import Log
from wallet_server.settings_groups.management import Management
from wallet_server.settings_groups.relay import Relay
from wallet_server.settings_groups.sealing import Sealing
from wallet_server.settings_groups.sequencing import Sequencing
from wallet_server.settings_groups.statements import Statements
from wallet_server.settings_groups.tls import Tls
from wallet_server.settings_groups.tracing import Tracing
from wallet_server.settings_groups.watching import Watching
from wallet_server.settings_groups.workers import Workers
from wallet_server.settings_problems import ENVIRONMENT_PREFIX, describe_problems

GROUPS: tuple[type[BaseModel], ...] = (
    Listening,
    Tls,
    Authentication,
    Workers,
    Management,
    Database,
    Engine,
    DueWork,
    Activation,
    Draining,
    Sealing,
    Sequencing,
    Relay,
    EventRetention,
    Watching,
    Chapters,
    Statements,
    Exports,
    Edge,
    Log,
    Tracing,
)
"""In the order of the documentation. Every setting is in one of them."""


class SettingsError(Exception):
    """The settings make no sense. The message says which and why, one a line."""


class Settings(  # pyright: ignore[reportIncompatibleVariableOverride] - its configuration holds.
    Listening,
    Tls,
    Authentication,
    Workers,
    Management,
    Database,
    Engine,
    DueWork,
    Activation,
    Draining,
    Sealing,
    Sequencing,
    Relay,
    EventRetention,
    Watching,
    Chapters,
    Statements,
    Exports,
    Edge,
    Log,
    Tracing,
    BaseSettings,
):
    """All settings. The description of each is its documentation."""

    model_config = SettingsConfigDict(
        env_prefix=ENVIRONMENT_PREFIX,
        extra="forbid",  # A misspelt setting is an error, not a default.
        frozen=True,
        hide_input_in_errors=True,  # URLs hold passwords.
    )

    config_file: ClassVar[Path | None] = None

    @property
    def authenticates(self) -> bool:
        """Whether callers can prove who they are."""
        return self.takes_tokens or self.tls_client_ca_file is not None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Orders the sources, the strongest first."""
        del dotenv_settings, file_secret_settings
        sources: tuple[PydanticBaseSettingsSource, ...] = (init_settings, env_settings)
        if cls.config_file is None:
            return sources
        kind = TomlConfigSettingsSource if is_toml(cls.config_file) else YamlConfigSettingsSource
        return (*sources, kind(settings_cls, cls.config_file))


def is_toml(path: Path) -> bool:
    """Tells TOML from YAML, by the name of the file."""
    return path.suffix.lower() == ".toml"


def read_settings(config_file: Path | None = None, **options: object) -> Settings:
    """Reads the settings. Options that are `None` were not given.

    Raises:
        SettingsError: A file cannot be read, a name is unknown, or a value is
            out of its range.

    """

    class Read(Settings):
        pass

    Read.config_file = config_file
    given = {name: value for name, value in options.items() if value is not None}
    try:
        return Read(**given)  # pyright: ignore[reportArgumentType] - they are checked here.
    except ValidationError as error:
        raise SettingsError(describe_problems(error)) from None
    except (OSError, ValueError) as error:
        raise SettingsError(f"{config_file}: {error}") from None
