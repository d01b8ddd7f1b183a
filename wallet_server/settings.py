"""Every knob and limit, with its unit in its name and its range beside it. Read once, at start.

A setting is taken from the first of these that has it: an option of the command
line, the environment (`WALLET_` and the name in capitals), the file that
`--config` names, the default below. docs/reference/settings.md is made of this
module; a test holds the two equal.
"""

from dataclasses import fields
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import ClassVar

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
    YamlConfigSettingsSource,
)

from wallet_server.database_url import check_database_url
from wallet_server.execution.settings import CALL_COMMANDS_MAX, EngineSettings
from wallet_server.settings_problems import ENVIRONMENT_PREFIX, describe_problems

DEFAULT_PORT = 50051
PAGE_TOKEN_SECRET_CHARACTERS_MIN = 32


class LogFormat(StrEnum):
    """How log lines are written: JSON for machines, TEXT for people."""

    JSON = "JSON"
    TEXT = "TEXT"


class LogLevel(StrEnum):
    """The least serious lines that are written."""

    DEBUG = "DEBUG"
    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"


class SettingsError(Exception):
    """The settings make no sense. The message says which and why, one a line."""


class Settings(BaseSettings):
    """All settings. The description of each is its documentation."""

    model_config = SettingsConfigDict(
        env_prefix=ENVIRONMENT_PREFIX,
        extra="forbid",  # A misspelt setting is an error, not a default.
        frozen=True,
        hide_input_in_errors=True,  # URLs hold passwords.
    )

    config_file: ClassVar[Path | None] = None

    # --- Where it listens -----------------------------------------------------------------
    listen_host: str = Field(
        default="127.0.0.1",
        description="The address to listen at: an IP address, or `localhost`. Any but loopback"
        " needs `insecure_listen`.",
    )
    listen_port: int = Field(
        default=DEFAULT_PORT, ge=0, le=65535, description="The port to listen at. 0: any free one."
    )
    share_port: bool = Field(
        default=False,
        description="Whether several server processes may listen at one port; the kernel spreads"
        " connections over them.",
    )
    insecure_listen: bool = Field(
        default=False,
        description="Whether to listen beyond loopback though callers are not authenticated and"
        " nothing is encrypted. Only where the network itself keeps everyone else out.",
    )

    # --- The database -----------------------------------------------------------------------
    database_url: SecretStr = Field(
        default=SecretStr(""),
        description="The database, as the server's role:"
        " `postgresql://wallet_server:…@host:5432/wallet`. Required, but for `dev`.",
    )
    owner_database_url: SecretStr = Field(
        default=SecretStr(""),
        description="The same database as the role that owns it; only `migrate` uses it. Empty:"
        " `database_url`.",
    )
    read_connections_max: int = Field(
        default=8,
        ge=1,
        le=200,
        description="Connections for reads. Each lane has two of its own besides.",
    )
    read_statement_timeout_seconds: float = Field(
        default=5.0, gt=0, le=300, description="How long one statement of a read may take."
    )

    # --- The engine ---------------------------------------------------------------------------
    lanes_count: int = Field(
        default=1,
        ge=1,
        le=64,
        description="Queues that run side by side, with two connections each. More help only"
        " where the database is far away: fewer make larger batches.",
    )
    batch_commands_max: int = Field(
        default=256, ge=1, le=1024, description="Commands in one transaction."
    )
    batch_one_shard: bool = Field(
        default=False,
        description="Keep each batch inside one shard: for databases that are spread over machines"
        " by shard, where such a batch commits on one of them.",
    )
    lane_queue_commands_max: int = Field(
        default=8192,
        ge=CALL_COMMANDS_MAX,
        le=65536,
        description="Commands waiting in one lane. One more is answered `OVERLOADED` at once; so is"
        " a call of many commands that has not room for all. At least what one call may carry.",
    )
    attempts_max: int = Field(
        default=8,
        ge=1,
        le=100,
        description="How often a batch runs when it conflicts with others, before it is split.",
    )
    retry_delay_seconds: float = Field(
        default=0.002,
        ge=0,
        le=10,
        description="The longest pause before the second attempt; it doubles with each further"
        " one.",
    )
    retry_delay_seconds_max: float = Field(
        default=0.2, ge=0, le=60, description="The longest pause before any attempt."
    )
    batch_seconds_max: float = Field(
        default=15.0,
        gt=0,
        le=300,
        description="How long a batch is tried again, for whatever reason, before its commands"
        " fail.",
    )
    reconnect_seconds_max: float = Field(
        default=5.0,
        gt=0,
        le=300,
        description="How long a batch waits for a database that is away, before its commands fail.",
    )
    statement_timeout_seconds: float = Field(
        default=10.0, gt=0, le=300, description="How long one statement of a batch may take."
    )
    lock_timeout_seconds: float = Field(
        default=0.5,
        gt=0,
        le=60,
        description="How long a batch waits for a wallet that somebody else has locked.",
    )
    contended_wallet_locks: bool = Field(
        default=True,
        description="Whether processes that share a wallet take turns by advisory locks, taken"
        " before the transaction. Without, they conflict and run again. Plain Postgres only.",
    )
    contended_wallet_seconds: float = Field(
        default=10.0,
        gt=0,
        le=300,
        description="How long processes go on taking turns for a wallet after they last met.",
    )

    # --- The edge -----------------------------------------------------------------------------
    concurrent_calls_max: int = Field(
        default=4096,
        ge=1,
        le=1_000_000,
        description="Calls under way at once in one process. One more is refused at once. A call of"
        " many commands is one; its commands are bounded by `lane_queue_commands_max`.",
    )
    request_bytes_max: int = Field(
        default=4_194_304,
        ge=1024,
        le=16_777_216,
        description="The size of one `ExecuteBatch`, encoded. By default 500 of the largest"
        " commands fit. Other requests: up to 256 KiB. All under way in a process: 256 MiB.",
    )
    connection_age_seconds_max: float = Field(
        default=300.0,
        gt=0,
        le=86_400,
        description="How long a caller keeps one connection before it is asked to make a new one,"
        " so that callers spread over new processes.",
    )
    page_token_secret: SecretStr = Field(
        default=SecretStr(""),
        description="Signs page tokens: at least 32 characters, the same in every process. Empty:"
        " drawn at start, so that tokens end with the process.",
    )
    drain_seconds: float = Field(
        default=20.0,
        gt=0,
        le=600,
        description="How long calls under way may take to end when the server stops.",
    )

    # --- The log ------------------------------------------------------------------------------
    log_format: LogFormat = Field(
        default=LogFormat.JSON,
        description="`JSON` for machines, `TEXT` for people. `dev` has the default `TEXT`.",
    )
    log_level: LogLevel = Field(
        default=LogLevel.INFO,
        description="The least serious lines that are written: `DEBUG`, `INFO`, `WARNING` or"
        " `ERROR`. `dev` has the default `WARNING`.",
    )

    @field_validator("database_url", "owner_database_url")
    @classmethod
    def _is_url(cls, url: SecretStr) -> SecretStr:
        if url.get_secret_value():
            check_database_url(url.get_secret_value())
        return url

    @field_validator("page_token_secret")
    @classmethod
    def _is_long_enough(cls, secret: SecretStr) -> SecretStr:
        if 0 < len(secret.get_secret_value()) < PAGE_TOKEN_SECRET_CHARACTERS_MIN:
            raise ValueError(f"must have {PAGE_TOKEN_SECRET_CHARACTERS_MIN} characters or more")
        return secret

    @field_validator("listen_host")
    @classmethod
    def _is_address(cls, host: str) -> str:
        if host != "localhost":
            ip_address(host)
        return host

    @field_validator("log_format", "log_level", mode="before")
    @classmethod
    def _is_any_case(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can call."""
        return self.listen_host == "localhost" or ip_address(self.listen_host).is_loopback

    @property
    def listen_address(self) -> str:
        """Host and port as grpc wants them."""
        host = f"[{self.listen_host}]" if ":" in self.listen_host else self.listen_host
        return f"{host}:{self.listen_port}"

    def for_engine(self) -> EngineSettings:
        """Returns what the engine needs to know."""
        return EngineSettings(**{f.name: getattr(self, f.name) for f in fields(EngineSettings)})

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
