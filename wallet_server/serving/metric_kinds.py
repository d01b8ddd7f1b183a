"""What a metric is."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from wallet_server.serving.state import ServerView

Sample: TypeAlias = tuple[str | tuple[str, ...], float]
"""The value of the metric's label, or the values of its labels, and a number. Empty for none."""


class Kind(StrEnum):
    """What Prometheus calls a metric's type."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


@dataclass(frozen=True, slots=True)
class Metric:
    """A counter or gauge. `label` is the name of its label, or the names of several, or empty."""

    name: str
    kind: Kind
    meaning: str
    read: Callable[[ServerView], Iterable[Sample]]
    label: str | tuple[str, ...] = ""

    @property
    def labels(self) -> tuple[str, ...]:
        """The names of all its labels."""
        return as_labels(self.label)


@dataclass(frozen=True, slots=True)
class Distribution:
    """How many values there are up to each bound, and above the one before it; and their sum.

    Counts may be one more than bounds: the last is then of what is above all bounds.
    """

    bounds: Sequence[float]
    counts: Sequence[int]
    total: float


@dataclass(frozen=True, slots=True)
class Histogram:
    """A metric of many values, by their size. What it reads has the values of its labels."""

    name: str
    meaning: str
    read: Callable[[ServerView], Iterable[tuple[tuple[str, ...], Distribution]]]
    labels: tuple[str, ...] = ()
    kind: Kind = Kind.HISTOGRAM


def as_labels(label: str | tuple[str, ...]) -> tuple[str, ...]:
    """Returns one label, or several, or none, as several."""
    if isinstance(label, tuple):
        return label
    return (label,) if label else ()
