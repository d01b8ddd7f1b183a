"""How often events are relayed, to which stream, and how that is found."""

from dataclasses import dataclass
from pathlib import Path

SECONDS_PER_DAY = 86_400


@dataclass(frozen=True, slots=True)
class RelaySettings:
    """How often a process relays events, and how many at once.

    It looks for more after `relay_interval_seconds`, publishes at most `relay_batch_events` at
    once, and waits for `relay_ack_seconds` to hear that they are stored. While it fails the pause
    doubles, up to `relay_pause_seconds_max`. A process that has the lease and falls silent keeps
    others away for `relay_lease_seconds`; those that have not got it ask for it every
    `relay_standby_seconds`.
    """

    relay_interval_seconds: float = 0.05
    relay_batch_events: int = 256
    relay_ack_seconds: float = 5.0
    relay_pause_seconds_max: float = 10.0
    relay_lease_seconds: float = 5.0
    relay_standby_seconds: float = 1.0


@dataclass(frozen=True, slots=True, repr=False)
class NatsSettings:
    """Where NATS is, who we are to it, and what the stream is like if there is none yet.

    Has no repr that could reach a log: URLs hold passwords.
    """

    nats_urls: tuple[str, ...]
    nats_credentials_file: Path | None = None
    nats_nkey_file: Path | None = None
    nats_ca_file: Path | None = None
    nats_certificate_file: Path | None = None
    nats_key_file: Path | None = None
    nats_stream: str = "WALLET"
    nats_subject_prefix: str = "wallet"
    nats_stream_create: bool = True
    nats_stream_replicas: int = 1
    nats_stream_days_max: float = 0.0
    nats_stream_bytes_max: int = -1
    nats_duplicate_window_seconds: float = 120.0
