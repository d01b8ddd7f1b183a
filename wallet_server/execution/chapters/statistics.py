"""What a process tells of the chapters it writes."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any


@dataclass(slots=True)
class ChapterStatistics:
    """How many chapters it has written, and how far they are behind, if it has the lease.

    `lag_seconds` is as of a moment ago: for how long the oldest event that was not looked at has
    had its position. Those who have not got the lease tell of none.
    """

    chapters: int = 0
    lag_seconds: float = 0.0

    def ended(self) -> "ChapterStatistics":
        """Returns what is left when the process has ended: its counts."""
        return ChapterStatistics(chapters=self.chapters)

    def after(self, before: "ChapterStatistics") -> "ChapterStatistics":
        """Returns the same with what processes before this one had counted."""
        return replace(self, chapters=before.chapters + self.chapters)

    def as_document(self) -> dict[str, Any]:
        """Returns the numbers as plain data."""
        return asdict(self)

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "ChapterStatistics":
        """Returns numbers from plain data."""
        return cls(**document)
