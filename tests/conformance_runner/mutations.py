"""Copies of a document with one thing in it changed."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import cast

from wallet_server.conformance.scenario import Json

Path = tuple[str | int, ...]

LARGE = 2**62


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
