"""Sequencing: positions for events, behind the path of commands."""

from dataclasses import fields

from pydantic import BaseModel, Field

from wallet_server.execution.sequencing.settings import SequencingSettings


class Sequencing(BaseModel):
    """Sequencing."""

    sequencing_enabled: bool = Field(
        default=True,
        description="Whether this server gives events their positions. Any number of servers may;"
        " one at least must, or nobody is told of anything.",
    )
    sequencing_interval_seconds: float = Field(
        default=0.05,
        gt=0,
        le=60,
        description="The pause before a process looks again for events that have no position,"
        " while there are some.",
    )
    sequencing_idle_seconds_max: float = Field(
        default=0.05,
        gt=0,
        le=60,
        description="The longest such pause while there are none; it doubles from the interval on."
        " A command of the same process ends it.",
    )
    sequencing_batches_max: int = Field(
        default=200,
        ge=1,
        le=100_000,
        description="Of how many batches events are given positions at once, at most; fewer where"
        " that takes too long.",
    )
    sequencing_pause_seconds_max: float = Field(
        default=10.0,
        gt=0,
        le=3600,
        description="The longest pause before a process gives positions again that could not; it"
        " doubles from the interval on.",
    )
    sequencing_lease_seconds: float = Field(
        default=5.0,
        gt=0,
        le=3600,
        description="How long a process that has begun keeps others from giving positions, should"
        " it fall silent. For so long nobody is told of anything.",
    )
    sequencing_standby_seconds: float = Field(
        default=1.0,
        gt=0,
        le=3600,
        description="How often a process asks whether it may give positions, while another does.",
    )

    def for_sequencing(self) -> SequencingSettings:
        """Returns what sequencing needs to know."""
        return SequencingSettings(
            **{f.name: getattr(self, f.name) for f in fields(SequencingSettings)}
        )
