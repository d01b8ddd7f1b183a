"""What is counted of sealing, for tests and metrics."""

from dataclasses import dataclass

from wallet_server.execution.work_statistics import WorkStatistics


@dataclass(slots=True)
class SealingStatistics(WorkStatistics):
    """Blocks that this process made since its start, and what it last saw waiting for one.

    `lag_seconds` is for how long the oldest commit had waited of those that the next block takes,
    0 where none waited.
    """

    COUNTS = ("blocks",)

    blocks: int = 0
    waiting_commits: int = 0
    lag_seconds: float = 0.0
