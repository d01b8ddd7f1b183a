"""How long things took: counted by bounds, as histograms are."""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SECONDS_BOUNDS = (
    0.0005,
    0.001,
    0.0025,
    0.005,
    0.01,
    0.025,
    0.05,
    0.1,
    0.25,
    0.5,
    1.0,
    2.5,
    5.0,
    10.0,
)
"""The longest time that each of the `counts` counts; the last of these has no bound."""


@dataclass(slots=True)
class Durations:
    """How many lasted up to each of `SECONDS_BOUNDS`, above the one before it; and their sum."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(SECONDS_BOUNDS) + 1))
    seconds: float = 0.0

    def add(self, seconds: float) -> None:
        """Counts one."""
        self.counts[bisect_left(SECONDS_BOUNDS, seconds)] += 1
        self.seconds += seconds

    def plus(self, other: "Durations") -> "Durations":
        """Returns both together."""
        pairs = zip(self.counts, other.counts, strict=True)
        return Durations([one + another for one, another in pairs], self.seconds + other.seconds)

    def as_document(self) -> dict[str, Any]:
        """Returns the counts as plain data."""
        return {"counts": self.counts, "seconds": self.seconds}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Durations":
        """Returns counts from plain data."""
        return cls(**document)


def sum_of(some: Mapping[str, Durations], others: Mapping[str, Durations]) -> dict[str, Durations]:
    """Returns durations by name, those of both together where both have the name."""
    return {
        name: some.get(name, Durations()).plus(others.get(name, Durations()))
        for name in {**others, **some}
    }
