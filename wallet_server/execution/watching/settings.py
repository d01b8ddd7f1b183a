"""The limits of watching."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchSettings:
    """How many may watch, and how often there is something to hear.

    A process looks for new events after `watch_interval_ms`, while anybody watches; and when it has
    given some their positions. Who has heard nothing for
    `watch_heartbeat_seconds` is told how far the tenant's events are. There are at most
    `watchers_max` watchers in a process, of one tenant `tenant_watchers_max`.
    """

    watch_interval_ms: int = 50
    watch_heartbeat_seconds: float = 5.0
    watchers_max: int = 1_000
    tenant_watchers_max: int = 500
