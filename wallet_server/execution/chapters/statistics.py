"""What a process tells of the chapters it writes."""

from dataclasses import dataclass

from wallet_server.execution.work_statistics import WorkStatistics


@dataclass(slots=True)
class ChapterStatistics(WorkStatistics):
    """How many chapters it has written, and how far they are behind, if it has the lease.

    `lag_seconds` is as of a moment ago: for how long the oldest event that was not looked at has
    had its position. Those who have not got the lease tell of none.
    """

    COUNTS = ("chapters",)

    chapters: int = 0
    lag_seconds: float = 0.0
