"""What is counted of sealing, for tests and metrics."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(slots=True)
class SealingStatistics:
    """Blocks that this process made since its start, and what it last saw waiting for one.

    `lag_seconds` is for how long the oldest commit had waited of those that the next block takes,
    0 where none waited.
    """

    blocks: int = 0
    waiting_commits: int = 0
    lag_seconds: float = 0.0

    def after(self, before: "SealingStatistics") -> "SealingStatistics":
        """Returns the same with what processes before this one had counted."""
        return SealingStatistics(
            self.blocks + before.blocks, self.waiting_commits, self.lag_seconds
        )

    def ended(self) -> "SealingStatistics":
        """Returns what is left when the process has ended: its counts."""
        return SealingStatistics(self.blocks)

    def as_document(self) -> dict[str, Any]:
        """Returns the counts as plain data, for other processes."""
        return asdict(self)

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "SealingStatistics":
        """Returns counts from plain data."""
        return cls(**document)
