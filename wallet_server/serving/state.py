"""How the server is doing, as those who run it are told."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from wallet_server.execution.statistics import Statistics
from wallet_server.serving.numbers import Numbers


class WorkerState(StrEnum):
    """Where a worker is in its life."""

    STARTING = "STARTING"
    SERVING = "SERVING"
    STOPPING = "STOPPING"
    ENDED = "ENDED"
    """It will be started again after a pause, unless the server stops."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerView:
    """One worker: its process of now, and what it and all before it have counted.

    While there is no process, `pid` is none and the numbers of now are zero.
    """

    number: int
    state: WorkerState
    pid: int | None
    restarts: int
    uptime_seconds: float
    numbers: Numbers


@dataclass(frozen=True, slots=True)
class ServerView:
    """All workers, in the order of their numbers. A server without a supervisor is its own."""

    workers: Sequence[WorkerView]
    is_started: bool
    is_stopping: bool

    @property
    def serving_count(self) -> int:
        """How many workers take calls."""
        return sum(worker.state is WorkerState.SERVING for worker in self.workers)

    @property
    def is_ready(self) -> bool:
        """Whether callers should be sent here: all workers have served, and half of them do."""
        enough = self.serving_count * 2 >= len(self.workers)
        return self.is_started and not self.is_stopping and enough

    def total(self) -> Statistics:
        """Returns the counts of all workers, those included that have ended."""
        total = Statistics()
        for worker in self.workers:
            total.add(worker.numbers.statistics)
        return total

    def as_document(self) -> dict[str, Any]:
        """Returns what `/readyz` tells."""
        return {
            "ready": self.is_ready,
            "workers": [
                {
                    "number": worker.number,
                    "pid": worker.pid,
                    "state": worker.state,
                    "restarts": worker.restarts,
                    "uptime_seconds": round(worker.uptime_seconds, 1),
                }
                for worker in self.workers
            ],
        }
