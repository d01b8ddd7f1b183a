"""The relay: events, published to NATS JetStream."""

from dataclasses import fields
from pathlib import Path
from typing import Any, Self
from urllib.parse import SplitResult, urlsplit

from pydantic import BaseModel, Field, SecretStr, field_validator, model_validator

from wallet_server.execution.relay.settings import NatsSettings, RelaySettings

SCHEMES = {"nats", "tls"}
TOKEN = "[A-Za-z0-9_-]+"  # noqa: S105 - of subjects.


class Relay(BaseModel):
    """The relay to NATS."""

    nats_urls: SecretStr = Field(
        default=SecretStr(""),
        description="Servers of one NATS, separated by commas: `nats://host:4222`, or"
        " `tls://user:password@host:4222`, which is never spoken to in the clear. Empty: events are"
        " not relayed.",
    )
    nats_credentials_file: Path | None = Field(
        default=None,
        description="Who the relay is to NATS: a file with a JWT and its key, as `nsc` writes it.",
    )
    nats_nkey_file: Path | None = Field(
        default=None, description="The same as a file with the seed of an NKey alone."
    )
    nats_ca_file: Path | None = Field(
        default=None,
        description="Who signs the certificates of the servers, PEM. Empty: whom this machine"
        " trusts.",
    )
    nats_certificate_file: Path | None = Field(
        default=None, description="The relay's own certificate, PEM, where the servers ask for one."
    )
    nats_key_file: Path | None = Field(
        default=None, description="Its private key, PEM, without a password."
    )
    nats_stream: str = Field(
        default="WALLET",
        pattern=f"^{TOKEN}$",
        max_length=64,
        description="The stream that events are published to. It must be for them alone. Another"
        " name begins another stream, with the first event that is kept.",
    )
    nats_subject_prefix: str = Field(
        default="wallet",
        pattern=rf"^{TOKEN}(\.{TOKEN})*$",
        max_length=128,
        description="What subjects begin with; tenant, type and partition follow.",
    )
    nats_stream_create: bool = Field(
        default=True,
        description="Whether the relay makes the stream where there is none, as the next four say."
        " One that is there stays as it is.",
    )
    nats_stream_replicas: int = Field(
        default=1, ge=1, le=5, description="How many servers keep each event."
    )
    nats_stream_days_max: float = Field(
        default=0.0, ge=0, le=36_500, description="How many days it keeps events. 0: for ever."
    )
    nats_stream_bytes_max: int = Field(
        default=-1,
        ge=-1,
        le=1_000_000_000_000_000,
        description="How much it keeps; the oldest events go first. -1: as much as there is room.",
    )
    nats_duplicate_window_seconds: float = Field(
        default=120.0,
        ge=1,
        le=86_400,
        description="For how long the stream itself recognises an event that is published again.",
    )
    relay_enabled: bool = Field(
        default=True,
        description="Whether this server relays events, if `nats_urls` says where to. Any number of"
        " servers may, or `wallet-server relay` alone.",
    )
    relay_interval_seconds: float = Field(
        default=0.05,
        gt=0,
        le=60,
        description="The longest pause before a process looks again for events to relay.",
    )
    relay_batch_events: int = Field(
        default=256, ge=1, le=5_000, description="How many events are published at once, at most."
    )
    relay_ack_seconds: float = Field(
        default=5.0, gt=0, le=300, description="How long NATS may take to say that it has stored."
    )
    relay_pause_seconds_max: float = Field(
        default=10.0,
        gt=0,
        le=3600,
        description="The longest pause before a process relays again that could not; it doubles"
        " from the interval on.",
    )
    relay_lease_seconds: float = Field(
        default=5.0,
        gt=0,
        le=3600,
        description="How long a process that has begun keeps others from relaying, should it fall"
        " silent.",
    )
    relay_standby_seconds: float = Field(
        default=1.0,
        gt=0,
        le=3600,
        description="How often a process asks whether it may relay, while another does.",
    )

    @field_validator("nats_urls")
    @classmethod
    def _are_urls(cls, urls: SecretStr) -> SecretStr:
        if not all(is_nats_url(url) for url in split_urls(urls)):
            raise ValueError("must be URLs such as nats://host:4222, separated by commas")
        return urls

    @model_validator(mode="after")
    def _says_who_once(self) -> Self:
        if self.nats_credentials_file is not None and self.nats_nkey_file is not None:
            raise ValueError("either nats_credentials_file or nats_nkey_file, not both")
        if (self.nats_certificate_file is None) != (self.nats_key_file is None):
            raise ValueError("nats_certificate_file and nats_key_file need each other")
        return self

    @property
    def has_nats(self) -> bool:
        """Whether there is a NATS to relay events to."""
        return bool(split_urls(self.nats_urls))

    def for_relay(self) -> RelaySettings:
        """Returns what the relay needs to know of itself."""
        return RelaySettings(**{f.name: getattr(self, f.name) for f in fields(RelaySettings)})

    def for_nats(self) -> NatsSettings:
        """Returns what the relay needs to know of NATS."""
        values: dict[str, Any] = {f.name: getattr(self, f.name) for f in fields(NatsSettings)}
        values["nats_urls"] = split_urls(self.nats_urls)
        return NatsSettings(**values)


def split_urls(urls: SecretStr) -> tuple[str, ...]:
    """Returns URLs that were separated by commas."""
    return tuple(url.strip() for url in urls.get_secret_value().split(",") if url.strip())


def is_nats_url(url: str) -> bool:
    """Whether a URL names a server of NATS. A port need not be there."""
    try:
        parts: SplitResult = urlsplit(url)
        return parts.scheme in SCHEMES and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
