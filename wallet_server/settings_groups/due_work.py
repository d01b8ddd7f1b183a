"""Due work: what time makes due, such as the expiry of coupons."""

from dataclasses import fields

from pydantic import BaseModel, Field

from wallet_server.execution.settings import DueWorkSettings


class DueWork(BaseModel):
    """Due work."""

    due_work_enabled: bool = Field(
        default=True,
        description="Whether this server does what time makes due: coupons, requirements and rounds"
        " that end. Any number of servers may; one at least must, or nothing ends by itself.",
    )
    due_work_interval_seconds: float = Field(
        default=5.0,
        gt=0,
        le=3600,
        description="The longest pause before a process looks for due work again; the shortest is"
        " half of it.",
    )
    due_work_page_items: int = Field(
        default=256, ge=1, le=10_000, description="Due items that are read at once."
    )
    due_work_commands_max: int = Field(
        default=32,
        ge=1,
        le=500,
        description="Commands for due items that are in the engine at once. Only one is, while"
        " more of the callers' commands wait than a batch takes.",
    )
    due_work_pause_seconds_max: float = Field(
        default=60.0,
        gt=0,
        le=3600,
        description="The longest pause before a process looks again that found the database away"
        " or the engine full; it doubles from the interval on.",
    )
    due_work_retry_seconds_max: float = Field(
        default=21_600.0,
        gt=0,
        le=604_800,
        description="The longest pause before an item that failed is tried again; it doubles from"
        " the interval on. A refusal that is recorded is one more of the wallet's commands.",
    )
    due_work_lease_seconds: float = Field(
        default=30.0,
        gt=0,
        le=3600,
        description="How long a process that has begun keeps others from the same work, should it"
        " fall silent.",
    )

    def for_due_work(self) -> DueWorkSettings:
        """Returns what doing it needs to know."""
        return DueWorkSettings(**{f.name: getattr(self, f.name) for f in fields(DueWorkSettings)})
