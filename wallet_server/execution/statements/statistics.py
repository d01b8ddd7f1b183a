"""What a process tells of the statements it keeps."""

from dataclasses import dataclass

from wallet_server.execution.work_statistics import WorkStatistics


@dataclass(slots=True)
class StatementStatistics(WorkStatistics):
    """How many events it has counted, and how far statements are behind, if it has the lease.

    `lag_seconds` is as of a moment ago: for how long the oldest event that is not counted has had
    its position. Those who have not got the lease tell of none.
    """

    COUNTS = ("events",)

    events: int = 0
    lag_seconds: float = 0.0
