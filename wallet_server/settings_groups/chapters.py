"""Chapters: what reads of the past of long wallets need, written behind the path of commands."""

from dataclasses import fields

from pydantic import BaseModel, Field

from wallet_server.execution.chapters.background import ChapterSettings


class Chapters(BaseModel):
    """Chapters."""

    chapters_enabled: bool = Field(
        default=True,
        description="Whether this server writes what every 500 commands of a wallet came to. Any"
        " number of servers may; without any, reads of the past of long wallets take longer.",
    )
    chapters_interval_seconds: float = Field(
        default=5.0,
        gt=0,
        le=3600,
        description="The pause before a process looks again for such commands.",
    )
    chapters_pause_seconds_max: float = Field(
        default=60.0,
        gt=0,
        le=3600,
        description="The longest such pause while that fails; it doubles from the interval on.",
    )
    chapters_lease_seconds: float = Field(
        default=30.0,
        gt=0,
        le=3600,
        description="How long a process that has begun keeps others from it, should it fall"
        " silent.",
    )

    def for_chapters(self) -> ChapterSettings:
        """Returns what writing chapters needs to know."""
        return ChapterSettings(**{f.name: getattr(self, f.name) for f in fields(ChapterSettings)})
