"""What a process tells of the statements it keeps."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any


@dataclass(slots=True)
class StatementStatistics:
    """How many events it has counted, and how far statements are behind, if it has the lease.

    `lag_seconds` is as of a moment ago: for how long the oldest event that is not counted has had
    its position. Those who have not got the lease tell of none.
    """

    events: int = 0
    lag_seconds: float = 0.0

    def ended(self) -> "StatementStatistics":
        """Returns what is left when the process has ended: its counts."""
        return StatementStatistics(events=self.events)

    def after(self, before: "StatementStatistics") -> "StatementStatistics":
        """Returns the same with what processes before this one had counted."""
        return replace(self, events=before.events + self.events)

    def as_document(self) -> dict[str, Any]:
        """Returns the numbers as plain data."""
        return asdict(self)

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "StatementStatistics":
        """Returns numbers from plain data."""
        return cls(**document)
