"""Figures for tests, with as little said as matters."""

from collections.abc import Sequence
from typing import Any

from tests.benchmarks.results.figures import Figures


def figures(
    name: str,
    callers: int,
    rounds: Sequence[float],
    **others: Any,
) -> Figures:
    """Returns the figures of a subject that did so many commands a second in each round."""
    said: dict[str, Any] = {
        "commands_per_second": sorted(rounds)[len(rounds) // 2],
        "p50_ms": 1.0,
    }
    return Figures(name=name, callers=callers, rounds=rounds, **{**said, **others})
