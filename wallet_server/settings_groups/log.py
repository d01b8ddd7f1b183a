"""The log: how it is written, and what is left out."""

from enum import StrEnum

from pydantic import BaseModel, Field, field_validator


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


class Log(BaseModel):
    """The log."""

    log_format: LogFormat = Field(
        default=LogFormat.JSON,
        description="`JSON` for machines, `TEXT` for people. `dev` has the default `TEXT`.",
    )
    log_level: LogLevel = Field(
        default=LogLevel.INFO,
        description="The least serious lines that are written: `DEBUG`, `INFO`, `WARNING` or"
        " `ERROR`. `dev` has the default `WARNING`.",
    )

    @field_validator("log_format", "log_level", mode="before")
    @classmethod
    def _is_any_case(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value
