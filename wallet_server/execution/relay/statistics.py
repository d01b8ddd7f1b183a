"""What a process tells of the events it relays."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any


@dataclass(slots=True)
class RelayStatistics:
    """How many events it has relayed, and what waits, if it has the lease.

    `connected` is 1 while it can reach NATS. `waiting_events` and `oldest_seconds` are as of a
    moment ago: how many events wait, and since when the oldest has had its position.
    `halted_tenants` are those whose events cannot be relayed. Those who have not got the lease tell
    of none.
    """

    events: int = 0
    active: int = 0
    connected: int = 0
    waiting_events: int = 0
    oldest_seconds: float = 0.0
    halted_tenants: int = 0

    def ended(self) -> "RelayStatistics":
        """Returns what is left when the process has ended, or has lost the lease: its counts."""
        return RelayStatistics(events=self.events)

    def after(self, before: "RelayStatistics") -> "RelayStatistics":
        """Returns the same with what processes before this one had counted."""
        return replace(self, events=before.events + self.events)

    def as_document(self) -> dict[str, Any]:
        """Returns the numbers as plain data."""
        return asdict(self)

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "RelayStatistics":
        """Returns numbers from plain data."""
        return cls(**document)
