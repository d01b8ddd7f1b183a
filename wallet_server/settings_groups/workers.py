"""Workers: how many processes serve at one port, and how they are watched."""

from pydantic import BaseModel, Field


class Workers(BaseModel):
    """Workers."""

    workers_count: int = Field(
        default=1,
        ge=1,
        le=64,
        description="Processes that serve at the port, each with connections of its own. With more"
        " than one, another process starts them, watches them and starts again those that end.",
    )
    worker_restart_delay_seconds: float = Field(
        default=0.2,
        ge=0,
        le=60,
        description="The longest pause before a worker that ended is started again; it doubles"
        " each time until one serves for longer than the longest pause.",
    )
    worker_restart_delay_seconds_max: float = Field(
        default=30.0, ge=0, le=3600, description="The longest pause before any such start."
    )
    worker_silence_seconds_max: int = Field(
        default=30,
        ge=2,
        le=3600,
        description="How long a worker may say nothing, at its start too, before it is killed and"
        " replaced. It reports once a second.",
    )
