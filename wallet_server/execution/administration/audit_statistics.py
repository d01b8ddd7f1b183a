"""What is counted of refused calls on their way to the record, for tests and metrics."""

from dataclasses import dataclass

from wallet_server.execution.work_statistics import WorkStatistics


@dataclass(slots=True)
class AuditStatistics(WorkStatistics):
    """Counts since the start: refused calls that were put on record, and those that were lost.

    Lost are those that found the queue full, or the database away until the server had stopped.
    """

    COUNTS = ("written", "lost")

    written: int = 0
    lost: int = 0
