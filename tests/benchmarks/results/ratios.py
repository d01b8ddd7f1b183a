"""What is compared with what, at how many callers, and what it must come to.

A ratio is the median of the ratios of its rounds: in each round both were measured
within seconds of each other. Those of one figure alone are that figure, or the median
of its rounds.
"""

import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from tests.benchmarks.results.figures import Figures

CALLERS = (1, 16, 64, 256)

WORKERS_CALLERS = (16, 64, 256)
"""One caller meets one worker."""

COMPARED_CALLERS = 64
"""Enough to keep every process busy, few enough not to queue for long: what is compared at
one number of callers is compared at this one."""

Key: TypeAlias = tuple[str, int]
"""A subject's name and its number of callers."""

Values: TypeAlias = Sequence[float]

Found: TypeAlias = Mapping[Key, Figures]


class Direction(StrEnum):
    """On which side of its target a ratio must be."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"


@dataclass(frozen=True, slots=True)
class Target:
    """What a ratio must come to."""

    value: float
    direction: Direction = Direction.AT_LEAST


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio with the least and the most of its rounds; without a target it only informs."""

    name: str
    value: float
    least: float
    most: float
    target: Target | None = None

    @property
    def is_met(self) -> bool:
        """Whether it is on the right side of its target."""
        match self.target:
            case Target(limit, Direction.AT_LEAST):
                return self.value >= limit
            case Target(limit, Direction.AT_MOST):
                return self.value <= limit
            case _:
                return True

    def as_document(self) -> dict[str, object]:
        """Returns the ratio as plain data."""
        told: dict[str, object] = {"name": self.name, "value": self.value}
        if self.target is not None:
            told |= {"target": self.target.value, "direction": str(self.target.direction)}
        return told | {"least": self.least, "most": self.most}


@dataclass(frozen=True, slots=True)
class Rule:
    """How a ratio is found. `values` returns one for each round, or nothing if it cannot."""

    name: str
    values: Callable[[Found], Values]
    target: Target | None = None


def rate(
    name: str, callers: int, other: str, other_callers: int | None = None
) -> Callable[[Found], Values]:
    """Returns what compares commands a second, round by round."""

    def values(found: Found) -> Values:
        ours = found.get((name, callers))
        theirs = found.get((other, callers if other_callers is None else other_callers))
        return compare(ours, theirs)

    return values


def rate_at_best(name: str, *others: str) -> Callable[[Found], Values]:
    """Returns what compares commands a second, each at the number of callers that suits it best.

    What it is compared with is the first of `others` that was measured.
    """

    def values(found: Found) -> Values:
        measured = (best_of(found, other) for other in others)
        theirs = next((each for each in measured if each is not None), None)
        return compare(best_of(found, name), theirs)

    return values


def compare(ours: Figures | None, theirs: Figures | None) -> Values:
    """Returns the ratios of the rounds of two subjects; of different groups, one may have more."""
    if ours is None or theirs is None:
        return ()
    return [mine / other for mine, other in zip(ours.rounds, theirs.rounds, strict=False)]


def best_of(found: Found, name: str) -> Figures | None:
    """Returns a subject's figures where it is fastest."""
    every = [figures for (each, _), figures in found.items() if each == name]
    return max(every, key=lambda each: each.commands_per_second, default=None)


def tail(name: str) -> Callable[[Found], Values]:
    """Returns what takes p99 / p50 of each round."""

    def values(found: Found) -> Values:
        figures = best_of(found, name)
        return figures.tail_rounds if figures else ()

    return values


def executed_again(name: str, callers: int) -> Callable[[Found], Values]:
    """Returns what takes the part of the commands that were executed again."""

    def values(found: Found) -> Values:
        figures = found.get((name, callers))
        if figures is None or figures.commands_again is None or not figures.commands:
            return ()
        return [figures.commands_again / figures.commands]

    return values


def pair_bytes(name: str, callers: int) -> Callable[[Found], Values]:
    """Returns what takes the bytes of tables and indexes a pair."""

    def values(found: Found) -> Values:
        figures = found.get((name, callers))
        return [figures.table_bytes_per_pair] if figures and figures.table_bytes_per_pair else ()

    return values


def informing() -> Iterator[Rule]:
    """Yields ratios without a target."""
    for callers in CALLERS:
        if callers != COMPARED_CALLERS:
            name = f"grpc / echo, one process, {callers} callers"
            yield Rule(name, rate("grpc", callers, "echo"))
    for callers in WORKERS_CALLERS:
        if callers != COMPARED_CALLERS:
            name = f"grpc / echo, all workers, {callers} callers"
            yield Rule(name, rate("workers", callers, "echo_workers"))
    callers = COMPARED_CALLERS
    yield Rule("all workers / one process", rate("workers", callers, "grpc"))
    yield Rule("grpc / engine, one process", rate("grpc", callers, "engine"))
    yield Rule("mTLS / token, one process", rate("mtls", callers, "grpc"))
    yield Rule("unary, all workers / pgbench", rate_at_best("workers", "pgbench"))
    for name in ("zipf", "storm", "two_source", "three_source", "with_reads"):
        yield Rule(f"{name} / uniform", rate(name, callers, "uniform"))
    yield Rule("p99 / p50 at 60 % of peak, one process", tail("open_one"))


RULES = (
    Rule(
        "grpc / echo, one process",
        rate("grpc", COMPARED_CALLERS, "echo"),
        Target(0.50),
    ),
    Rule(
        "grpc / echo, all workers",
        rate("workers", COMPARED_CALLERS, "echo_workers"),
        Target(0.50),
    ),
    Rule("batched / unbatched", rate("grpc", COMPARED_CALLERS, "unbatched"), Target(2.0)),
    Rule("ExecuteBatch / pgbench", rate_at_best("batch", "pgbench"), Target(1.0)),
    Rule("ExecuteBatch / unary", rate_at_best("batch", "unary", "workers"), Target(1.5)),
    Rule("hot / uniform", rate("hot", COMPARED_CALLERS, "workers"), Target(0.80)),
    Rule("two million entries / empty", rate("large", COMPARED_CALLERS, "empty"), Target(0.90)),
    Rule(
        "commands executed again / commands",
        executed_again("workers", COMPARED_CALLERS),
        Target(0.01, Direction.AT_MOST),
    ),
    Rule(
        "p99 / p50 at 60 % of peak",
        tail("open_workers"),
        Target(6, Direction.AT_MOST),
    ),
    Rule(
        "table-and-index bytes per pair",
        pair_bytes("two_source", COMPARED_CALLERS),
        Target(5_000, Direction.AT_MOST),
    ),
)


def ratios_of(figures: Sequence[Figures]) -> tuple[list[Ratio], list[str]]:
    """Returns all ratios, and the names of those with a target that could not be found."""
    found = {(each.name, each.callers): each for each in figures}
    ratios: list[Ratio] = []
    left_out: list[str] = []
    for rule in (*RULES, *informing()):
        if values := rule.values(found):
            ratios.append(ratio_of(rule, values))
        elif rule.target is not None:
            left_out.append(rule.name)
    return ratios, left_out


def ratio_of(rule: Rule, values: Values) -> Ratio:
    """Returns the median of the rounds, and how far they lie apart."""
    value, least, most = (
        round(each, 4) for each in (statistics.median(values), min(values), max(values))
    )
    return Ratio(rule.name, value, least, most, rule.target)
