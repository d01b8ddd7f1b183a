"""How long the engine takes for what, and what its lanes do, for metrics."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from itertools import zip_longest
from typing import Any

from wallet_server.execution.durations import Durations, sum_of


class Stage(StrEnum):
    """What an attempt at a batch does, one after the other."""

    LOAD = "load"
    DECIDE = "decide"
    RECORD = "record"


@dataclass(slots=True)
class LaneTimings:
    """How many batches a lane has begun, and for how long it has been at them."""

    batches: int = 0
    busy_seconds: float = 0.0
    queued_commands: int = 0

    def plus(self, other: "LaneTimings") -> "LaneTimings":
        """Returns the counts of both; the commands that wait now are this one's."""
        return LaneTimings(
            self.batches + other.batches,
            self.busy_seconds + other.busy_seconds,
            self.queued_commands,
        )


def stages() -> dict[str, Durations]:
    """Returns nothing yet for each stage."""
    return {stage.value: Durations() for stage in Stage}


@dataclass(slots=True)
class Timings:
    """Since the start: how long commands waited for a batch, and stages and lanes took.

    A command that is put off has waited when it is put off for the first time.
    """

    queue_waits: Durations = field(default_factory=Durations)
    stages: dict[str, Durations] = field(default_factory=stages)
    lanes: list[LaneTimings] = field(default_factory=list[LaneTimings])

    def ended(self) -> "Timings":
        """Returns what is left when the process has ended: nothing waits."""
        lanes = [LaneTimings(lane.batches, lane.busy_seconds) for lane in self.lanes]
        return Timings(self.queue_waits, self.stages, lanes)

    def after(self, before: "Timings") -> "Timings":
        """Returns the same with what processes before this one had counted."""
        pairs = zip_longest(self.lanes, before.lanes, fillvalue=LaneTimings())
        return Timings(
            before.queue_waits.plus(self.queue_waits),
            sum_of(before.stages, self.stages),
            [own.plus(other) for own, other in pairs],
        )

    def as_document(self) -> dict[str, Any]:
        """Returns the numbers as plain data."""
        return {
            "queue_waits": self.queue_waits.as_document(),
            "stages": {name: each.as_document() for name, each in self.stages.items()},
            "lanes": [asdict(lane) for lane in self.lanes],
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Timings":
        """Returns numbers from plain data."""
        stages: Mapping[str, Mapping[str, Any]] = document["stages"]
        return cls(
            Durations.from_document(document["queue_waits"]),
            {name: Durations.from_document(each) for name, each in stages.items()},
            [LaneTimings(**lane) for lane in document["lanes"]],
        )
