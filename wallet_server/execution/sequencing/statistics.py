"""What a process tells of the positions it gives."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any


@dataclass(slots=True)
class SequencingStatistics:
    """How many events it has given positions, and what waits for one, if it has the lease.

    It is `active` if it has the lease and nothing has gone wrong the last time. `waiting_batches`
    and `oldest_seconds` are as of a moment ago: how many rows of the outbox wait, up to a limit,
    and since when the oldest does. Those who have not got the lease tell of none.
    """

    events: int = 0
    active: int = 0
    waiting_batches: int = 0
    oldest_seconds: float = 0.0

    def ended(self) -> "SequencingStatistics":
        """Returns what is left when the process has ended: its counts."""
        return SequencingStatistics(events=self.events)

    def after(self, before: "SequencingStatistics") -> "SequencingStatistics":
        """Returns the same with what processes before this one had counted."""
        return replace(self, events=before.events + self.events)

    def as_document(self) -> dict[str, Any]:
        """Returns the numbers as plain data."""
        return asdict(self)

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "SequencingStatistics":
        """Returns numbers from plain data."""
        return cls(**document)
