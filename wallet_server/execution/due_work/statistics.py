"""What is counted of due work, for tests and metrics."""

from dataclasses import dataclass

from wallet_server.execution.work_statistics import WorkStatistics


@dataclass(slots=True)
class DueWorkStatistics(WorkStatistics):
    """Counts since the start, and how things stood when this process last looked.

    `done` are items that this process has dealt with; `repeated` those that another had,
    or that needed nothing; `failed` are attempts to no avail. `lag_seconds` is for how
    long the oldest item that was due, and had not failed, had been so; `waiting` counts
    the items that have failed and wait to be tried again.
    """

    COUNTS = ("done", "repeated", "failed")

    done: int = 0
    repeated: int = 0
    failed: int = 0
    lag_seconds: float = 0.0
    waiting: int = 0
