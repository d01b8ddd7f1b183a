"""What is counted of due work, for tests and metrics."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(slots=True)
class DueWorkStatistics:
    """Counts since the start, and how things stood when this process last looked.

    `done` are items that this process has dealt with; `repeated` those that another had,
    or that needed nothing; `failed` are attempts to no avail. `lag_seconds` is for how
    long the oldest item that was due, and had not failed, had been so; `waiting` counts
    the items that have failed and wait to be tried again.
    """

    done: int = 0
    repeated: int = 0
    failed: int = 0
    lag_seconds: float = 0.0
    waiting: int = 0

    def after(self, before: "DueWorkStatistics") -> "DueWorkStatistics":
        """Returns the same with what processes before this one had counted."""
        return DueWorkStatistics(
            self.done + before.done,
            self.repeated + before.repeated,
            self.failed + before.failed,
            self.lag_seconds,
            self.waiting,
        )

    def ended(self) -> "DueWorkStatistics":
        """Returns what is left when the process has ended: its counts."""
        return DueWorkStatistics(self.done, self.repeated, self.failed)

    def as_document(self) -> dict[str, Any]:
        """Returns the counts as plain data, for other processes."""
        return asdict(self)

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "DueWorkStatistics":
        """Returns counts from plain data."""
        return cls(**document)
