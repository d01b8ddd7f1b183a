"""Draining: emptying buckets that are to be retired."""

from dataclasses import fields

from pydantic import BaseModel, Field

from wallet_server.execution.settings import DrainingSettings


class Draining(BaseModel):
    """Draining buckets."""

    draining_enabled: bool = Field(
        default=True,
        description="Whether this server goes on with drains that were approved. Any number of"
        " servers may; one at least must, or no bucket is emptied.",
    )
    draining_interval_seconds: float = Field(
        default=5.0,
        gt=0,
        le=3600,
        description="The longest pause before a process looks for drains again; the shortest is"
        " half of it.",
    )
    draining_page_wallets: int = Field(
        default=1_000,
        ge=1,
        le=100_000,
        description="Wallets, of all tenants, that are looked through at once.",
    )
    draining_commands_max: int = Field(
        default=32,
        ge=1,
        le=500,
        description="Commands for wallets with something in the bucket that are in the engine at"
        " once. Only one is, while more of the callers' commands wait than a batch takes.",
    )
    draining_pause_seconds_max: float = Field(
        default=300.0,
        gt=0,
        le=86_400,
        description="The longest pause before a drain is tried again that wallets refused, or"
        " after the database was away; it doubles from the interval on.",
    )
    draining_lease_seconds: float = Field(
        default=30.0,
        gt=0,
        le=3600,
        description="How long a process that has begun keeps others from the same work, should it"
        " fall silent.",
    )

    def for_draining(self) -> DrainingSettings:
        """Returns what the job needs to know."""
        return DrainingSettings(**{f.name: getattr(self, f.name) for f in fields(DrainingSettings)})
