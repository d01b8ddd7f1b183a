"""Values of any kind with something of its own in every field."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import Field, fields, is_dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from itertools import count
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

START = datetime(2026, 1, 1, tzinfo=UTC)


def filled(kind: Any, first: int, named: Mapping[str, type[Enum]]) -> Any:
    """Returns a value of a kind; no two of its fields are alike.

    Args:
        kind: A type, as fields are annotated with.
        first: Where counting begins: another number makes another value in every field.
        named: By their names, fields that hold the name of a member.
    """
    return fill(kind, count(first), named, "")


def fill(kind: Any, numbers: Iterator[int], named: Mapping[str, type[Enum]], name: str) -> Any:
    origin, args = get_origin(kind), get_args(kind)
    if name in named and kind is str:
        return fill(named[name], numbers, named, name).value
    if origin in {Union, UnionType}:
        return fill(args[0], numbers, named, name)
    if origin is tuple:
        return tuple(fill(args[0], numbers, named, name) for _ in range(2))
    if origin is not None and issubclass(origin, Mapping):
        return {"key": fill(args[1], numbers, named, name)}
    names = getattr(kind, "_fields", None) or [f.name for f in fields_of(kind)]
    if names:
        hints = get_type_hints(kind)
        return kind(**{each: fill(hints[each], numbers, named, each) for each in names})
    if is_dataclass(kind) and isinstance(kind, type):
        return kind()  # It has no fields.
    return simple(getattr(kind, "__supertype__", kind), next(numbers))


def fields_of(kind: Any) -> Sequence[Field[Any]]:
    """Returns the fields of a value; none of what has none."""
    return fields(kind) if is_dataclass(kind) else ()


def simple(kind: Any, number: int) -> Any:
    """Returns a value without fields."""
    if issubclass(kind, Enum):
        members = list(kind)
        return members[number % len(members)]
    if kind is bool:
        return number % 2 == 1
    if kind is datetime:
        return START + timedelta(seconds=number)
    return kind(f"x{number}") if kind is str else kind(number)


def leaves(document: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yields the paths to all that is neither a list nor a mapping in a document."""
    if isinstance(document, Mapping):
        for name, each in document.items():
            yield from leaves(each, (*path, name))
    elif isinstance(document, list):
        for place, each in enumerate(document):
            yield from leaves(each, (*path, place))
    else:
        yield path
