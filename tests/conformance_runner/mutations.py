"""Copies of a document, or of what a step expects, with one thing in it changed."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import asdict, replace
from typing import Any, cast

from wallet_server.conformance.scenario import (
    BatchStep,
    CallStep,
    Expectation,
    ExpectedEvent,
    Json,
    ParallelStep,
    Step,
)

Path = tuple[str | int, ...]

LARGE = 2**62

BLOCKER = "BLOCKER_REASON_"

OTHER_TEXT = {
    "reason": "SOMETHING_ELSE",
    "code": "DATA_LOSS",
    "field": "elsewhere",
    "bet_ref": "another",
    "bucket": "another",
    "source": "another",
    "asset_code": "XYZ",
    "entry_time": "2020-01-01T00:00:00Z",
}


def leaves(value: Json, path: Path = ()) -> Iterator[tuple[Path, Json]]:
    """Yields everything that holds nothing, with its path."""
    if isinstance(value, dict):
        for key, each in cast("dict[str, Json]", value).items():
            yield from leaves(each, (*path, key))
    elif isinstance(value, list):
        for index, each in enumerate(cast("list[Json]", value)):
            yield from leaves(each, (*path, index))
    else:
        yield path, value


def mutants(
    document: dict[str, Json], change: Callable[[Path, Json], Json]
) -> Iterator[tuple[Path, dict[str, Json]]]:
    """Yields a copy for each leaf that `change` makes something else of."""
    for path, value in leaves(document):
        changed = change(path, value)
        if changed != value:
            mutant = deepcopy(document)
            place: Json = mutant
            for part in path[:-1]:
                place = place[part]
            place[path[-1]] = changed
            yield path, mutant


def other_number(value: Json) -> Json:
    """Returns another number of the same kind; anything else as it is."""
    if isinstance(value, str) and value.isdecimal():
        return str(int(value) + 1)
    if isinstance(value, int) and not isinstance(value, bool):
        return value - 1 if value > LARGE else value + 1
    return value


def is_expectation(path: Path) -> bool:
    """Tells whether a path is in what a scenario expects, not in what it does."""
    return path[0] == "final" or "expect" in path or "expect_any_order" in path


def other_text(path: Path, value: Json) -> Json:
    """Returns another text where it is that of some fields; anything else as it is."""
    if not isinstance(value, str):
        return value
    if value.startswith(BLOCKER):
        return f"{BLOCKER}UNSPECIFIED"
    return OTHER_TEXT.get(str(path[-1]), value)


def other_numbers_and_texts(expected: dict[str, Json]) -> Iterator[tuple[Path, dict[str, Json]]]:
    """Yields a copy of what is expected for each number and each text in it, which is another."""
    yield from mutants(expected, lambda _, value: other_number(value))
    yield from mutants(expected, other_text)


def other_steps(step: Step) -> Iterator[tuple[Path, Step]]:
    """Yields a copy of a step for each number and each text that it expects, which is another."""
    if isinstance(step, CallStep) and step.expectation is not None:
        for path, other in other_expectations(step.expectation):
            yield path, replace(step, expectation=other)
    elif isinstance(step, ParallelStep | BatchStep):
        for index, expectation in enumerate(step.expectations):
            before, after = step.expectations[:index], step.expectations[index + 1 :]
            for path, other in other_expectations(expectation):
                yield (index, *path), replace(step, expectations=[*before, other, *after])


def other_expectations(expectation: Expectation) -> Iterator[tuple[Path, Expectation]]:
    """Yields a copy for each number and each text of an expectation, which is another."""
    plain: dict[str, Any] = asdict(expectation)
    plain["events"] = None if expectation.events is None else list(plain["events"])
    for path, other in other_numbers_and_texts(plain):
        events = other["events"]
        told = None if events is None else tuple(ExpectedEvent(**each) for each in events)
        yield path, replace(expectation, **{**other, "events": told})
