"""How values are declared: dataclasses that never change, at the price of ones that may."""

from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def value(kind: type[T]) -> type[T]:
    """Makes a class a value: equal and hashed by its fields, which are never assigned to.

    The type checker forbids it, and in tests the classes do (tests/frozen.py). At run
    time nothing does: `dataclass(frozen=True)` sets each field through
    `object.__setattr__`, which made every value three to five times as dear. See
    docs/decisions/0013-values-frozen-by-type-checker.md.
    """
    return dataclass(slots=True, unsafe_hash=True)(kind)
