"""Watching: events, told to those who ask for them."""

from dataclasses import fields

from pydantic import BaseModel, Field

from wallet_server.execution.watching.settings import WatchSettings


class Watching(BaseModel):
    """Watching."""

    watchers_max: int = Field(
        default=1_000,
        ge=1,
        le=100_000,
        description="Streams of events at once in one process. One more is refused at once.",
    )
    tenant_watchers_max: int = Field(
        default=500,
        ge=1,
        le=100_000,
        description="Those among them that are of one tenant.",
    )
    watch_interval_ms: int = Field(
        default=50,
        ge=1,
        le=10_000,
        description="How long a process waits before it looks for new events again, while any are"
        " asked for. Where it gives events their positions itself, it looks at once when it has.",
    )
    watch_heartbeat_seconds: float = Field(
        default=5.0,
        gt=0,
        le=300,
        description="How long a stream is silent at most: then it says how far it is.",
    )
    watch_connections_max: int = Field(
        default=4,
        ge=2,
        le=100,
        description="Connections for streams, of the process that reads events for them: one looks"
        " for new events, the others read what is past. None while nobody watches.",
    )

    def for_watching(self) -> WatchSettings:
        """Returns what watching needs to know."""
        return WatchSettings(**{f.name: getattr(self, f.name) for f in fields(WatchSettings)})
