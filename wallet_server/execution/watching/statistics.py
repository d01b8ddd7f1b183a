"""What is counted of watching, for tests and metrics."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(slots=True)
class WatchStatistics:
    """Counts since the start, and how many watch now.

    `events` were sent, each to each; `overruns` is how often a watcher fell behind what comes.
    `watchers` are all there are, `behind` those among them that read what is past. `waiting_events`
    had positions and were read for nobody when the process last looked for what has come.
    `process_starts` is how often a process was started that reads events.
    """

    events: int = 0
    overruns: int = 0
    watchers: int = 0
    behind: int = 0
    waiting_events: int = 0
    process_starts: int = 0

    def after(self, before: "WatchStatistics") -> "WatchStatistics":
        """Returns the same with what processes before this one had counted."""
        return WatchStatistics(
            self.events + before.events,
            self.overruns + before.overruns,
            self.watchers,
            self.behind,
            self.waiting_events,
            self.process_starts + before.process_starts,
        )

    def ended(self) -> "WatchStatistics":
        """Returns what is left when the process has ended: its counts."""
        return WatchStatistics(self.events, self.overruns, process_starts=self.process_starts)

    def as_document(self) -> dict[str, Any]:
        """Returns the counts as plain data, for other processes."""
        return asdict(self)

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "WatchStatistics":
        """Returns counts from plain data."""
        return cls(**document)
