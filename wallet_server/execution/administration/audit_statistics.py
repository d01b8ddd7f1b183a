"""What is counted of refused calls on their way to the record, for tests and metrics."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(slots=True)
class AuditStatistics:
    """Counts since the start: refused calls that were put on record, and those that were lost.

    Lost are those that found the queue full, or the database away until the server had stopped.
    """

    written: int = 0
    lost: int = 0

    def after(self, before: "AuditStatistics") -> "AuditStatistics":
        """Returns the same with what processes before this one had counted."""
        return AuditStatistics(self.written + before.written, self.lost + before.lost)

    def ended(self) -> "AuditStatistics":
        """Returns what is left when the process has ended: all of it."""
        return self

    def as_document(self) -> dict[str, Any]:
        """Returns the counts as plain data, for other processes."""
        return asdict(self)

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "AuditStatistics":
        """Returns counts from plain data."""
        return cls(**document)
