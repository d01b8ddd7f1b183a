"""The engine: how much it takes on at once, and how long it keeps trying."""

from dataclasses import fields

from pydantic import BaseModel, Field

from wallet_server.execution.settings import CALL_COMMANDS_MAX, EngineSettings


class Engine(BaseModel):
    """The engine."""

    lanes_count: int = Field(
        default=1,
        ge=1,
        le=64,
        description="Queues that run side by side, with two connections each. More help only"
        " where the database is far away: fewer make larger batches.",
    )
    batch_commands_max: int = Field(
        default=256, ge=1, le=1024, description="Commands in one transaction."
    )
    batch_one_shard: bool = Field(
        default=False,
        description="Keep each batch inside one shard: for databases that are spread over machines"
        " by shard, where such a batch commits on one of them.",
    )
    lane_queue_commands_max: int = Field(
        default=8192,
        ge=CALL_COMMANDS_MAX,
        le=65536,
        description="Commands waiting in one lane. One more is answered `OVERLOADED` at once; so is"
        " a call of many commands that has not room for all. At least what one call may carry.",
    )
    attempts_max: int = Field(
        default=8,
        ge=1,
        le=100,
        description="How often a batch runs when it conflicts with others, before it is split.",
    )
    retry_delay_seconds: float = Field(
        default=0.002,
        ge=0,
        le=10,
        description="The longest pause before the second attempt; it doubles with each further"
        " one.",
    )
    retry_delay_seconds_max: float = Field(
        default=0.2, ge=0, le=60, description="The longest pause before any attempt."
    )
    batch_seconds_max: float = Field(
        default=15.0,
        gt=0,
        le=300,
        description="How long a batch is tried again, for whatever reason, before its commands"
        " fail.",
    )
    reconnect_seconds_max: float = Field(
        default=5.0,
        gt=0,
        le=300,
        description="How long a batch waits for a database that is away, before its commands fail.",
    )
    statement_timeout_seconds: float = Field(
        default=10.0, gt=0, le=300, description="How long one statement of a batch may take."
    )
    lock_timeout_seconds: float = Field(
        default=0.5,
        gt=0,
        le=60,
        description="How long a batch waits for a wallet that somebody else has locked.",
    )
    contended_wallet_locks: bool = Field(
        default=True,
        description="Whether processes that share a wallet take turns by advisory locks, taken"
        " before the transaction. Without, they conflict and run again. Plain Postgres only.",
    )
    contended_wallet_seconds: float = Field(
        default=60.0,
        gt=0,
        le=300,
        description="How long processes go on taking turns for a wallet after they last met.",
    )

    def for_engine(self) -> EngineSettings:
        """Returns what the engine needs to know. That it has peers is not said here."""
        names = [f.name for f in fields(EngineSettings) if f.name != "expects_peers"]
        return EngineSettings(**{name: getattr(self, name) for name in names})
