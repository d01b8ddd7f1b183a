"""Statements: sums over entries by account and day, behind the path of commands."""

from dataclasses import fields

from pydantic import BaseModel, Field, field_validator

from wallet_server.core.config.validation_limits import known_time_zones
from wallet_server.execution.statements.settings import StatementSettings


class Statements(BaseModel):
    """Statements."""

    statements_enabled: bool = Field(
        default=True,
        description="Whether this server keeps statements. Any number of servers may; where none"
        " does, statements stay as they are, and so do events that they have yet to count.",
    )
    statements_interval_seconds: float = Field(
        default=1.0,
        gt=0,
        le=3600,
        description="The longest pause before a process looks again for what statements lack; the"
        " shortest is half of it.",
    )
    statements_events_max: int = Field(
        default=5_000,
        ge=1,
        le=100_000,
        description="How many events of a tenant are counted at once, at most.",
    )
    statements_wallets_max: int = Field(
        default=1_000,
        ge=1,
        le=100_000,
        description="How many wallets, of all tenants, are looked at at once where statements are"
        " made from the ledger, at most.",
    )
    statements_pause_seconds_max: float = Field(
        default=60.0,
        gt=0,
        le=3600,
        description="The longest pause before a process keeps statements again that could not; it"
        " doubles from the interval on.",
    )
    statements_lease_seconds: float = Field(
        default=30.0,
        gt=0,
        le=3600,
        description="How long a process that has begun keeps others from keeping statements, should"
        " it fall silent.",
    )
    statements_time_zone: str = Field(
        default="UTC",
        description="The time zone of the days of tenants that have no statements yet, by its name"
        " in the IANA database. Those that have some keep theirs, until `wallet-server"
        " rebuild-statements` gives them another.",
    )

    @field_validator("statements_time_zone")
    @classmethod
    def _is_a_time_zone(cls, value: str) -> str:
        if value not in known_time_zones():
            raise ValueError("it is no time zone of the IANA database")
        return value

    def for_statements(self) -> StatementSettings:
        """Returns what keeping statements needs to know."""
        return StatementSettings(
            **{f.name: getattr(self, f.name) for f in fields(StatementSettings)}
        )
