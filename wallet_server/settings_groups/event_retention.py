"""Retention: how long events are kept."""

from dataclasses import fields

from pydantic import BaseModel, Field, SecretStr, field_validator

from wallet_server.database_url import check_database_url
from wallet_server.execution.event_retention.settings import EventRetentionSettings


class EventRetention(BaseModel):
    """Retention of events."""

    retention_database_url: SecretStr = Field(
        default=SecretStr(""),
        description="The database, as the role that removes what is past its time. `retention`"
        " needs it; a server that has it removes events by itself.",
    )
    event_retention_days: float | None = Field(
        default=None,
        gt=0,
        le=36_500,
        description="For how many days events are kept, from when they were given their positions."
        " Empty: for ever. Those that a relay or roll-up has yet to read are kept longer.",
    )
    event_retention_events_max: int = Field(
        default=1_000,
        ge=1,
        le=100_000,
        description="How many events one transaction removes at most.",
    )
    event_retention_pause_seconds: float = Field(
        default=0.05,
        ge=0,
        le=60,
        description="The pause between such transactions.",
    )
    event_retention_interval_seconds: float = Field(
        default=3_600.0,
        gt=0,
        le=86_400,
        description="The longest pause before a server looks again for events that are past their"
        " time; the shortest is half of it.",
    )

    @field_validator("retention_database_url")
    @classmethod
    def _is_url_of_retention(cls, url: SecretStr) -> SecretStr:
        if url.get_secret_value():
            check_database_url(url.get_secret_value())
        return url

    def for_event_retention(self) -> EventRetentionSettings:
        """Returns what retention needs to know."""
        return EventRetentionSettings(
            **{f.name: getattr(self, f.name) for f in fields(EventRetentionSettings)}
        )
