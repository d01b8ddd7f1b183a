"""What a process tells of the positions it gives."""

from dataclasses import dataclass

from wallet_server.execution.work_statistics import WorkStatistics


@dataclass(slots=True)
class SequencingStatistics(WorkStatistics):
    """How many events it has given positions, and what waits for one, if it has the lease.

    It is `active` if it has the lease and nothing has gone wrong the last time. `waiting_batches`
    and `oldest_seconds` are as of a moment ago: how many rows of the outbox wait, up to a limit,
    and since when the oldest does. Those who have not got the lease tell of none.
    """

    COUNTS = ("events",)

    events: int = 0
    active: int = 0
    waiting_batches: int = 0
    oldest_seconds: float = 0.0
