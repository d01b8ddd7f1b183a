"""Sealing: the chain over entries and audit records, behind the path of commands."""

from dataclasses import fields
from pathlib import Path

from pydantic import BaseModel, Field

from wallet_server.execution.settings import SealingSettings


class Sealing(BaseModel):
    """Sealing."""

    sealing_enabled: bool = Field(
        default=True,
        description="Whether this server makes blocks of the chain, and adds up what refers to"
        " buckets. Any number of servers may; one at least must, or what waits piles up.",
    )
    sealing_interval_seconds: float = Field(
        default=1.0,
        gt=0,
        le=3600,
        description="The longest pause before a process looks again for what waits for a block; the"
        " shortest is half of it.",
    )
    sealing_commits_max: int = Field(
        default=256,
        ge=1,
        le=10_000,
        description="Of how many commits a block is at most; a batch of commands is one.",
    )
    sealing_pause_seconds_max: float = Field(
        default=60.0,
        gt=0,
        le=3600,
        description="The longest pause before a process seals again that could not; it doubles from"
        " the interval on.",
    )
    sealing_lease_seconds: float = Field(
        default=30.0,
        gt=0,
        le=3600,
        description="How long a process that has begun keeps others from sealing, should it fall"
        " silent.",
    )
    chain_key_file: Path | None = Field(
        default=None,
        description="The private key that signs blocks: Ed25519, in PEM, as `wallet-server"
        " chain-key` makes it. Without one blocks are not signed, and prove less.",
    )
    chain_heads_file: Path | None = Field(
        default=None,
        description="A file to which heads of the chain are added, one a line. Keep it where those"
        " who administer the database cannot write.",
    )
    chain_heads_interval_seconds: float = Field(
        default=60.0,
        gt=0,
        le=86_400,
        description="How often the chain's head is logged and added to the file, at most.",
    )

    def for_sealing(self) -> SealingSettings:
        """Returns what sealing needs to know."""
        return SealingSettings(**{f.name: getattr(self, f.name) for f in fields(SealingSettings)})
