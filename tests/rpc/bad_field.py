"""A way that a field of a request can be wrong."""

from collections.abc import Iterator
from dataclasses import dataclass

from google.protobuf.descriptor import MethodDescriptor

from wallet.v1.money_pb2 import Money

INT64_MIN, INT64_MAX = -(2**63), 2**63 - 1
ABSENT = object()

YEAR_9999 = 253_370_764_800
"""In seconds since 1970."""

EUROS = Money(asset_code="EUR", minor_units=500)


@dataclass(frozen=True)
class BadField:
    """A value that a field may not have, and the rule it breaks."""

    path: str
    case: str
    value: object
    rule: str
    only: str = ""
    but: str = ""
    told: str | None = None

    def breaks(self, method: MethodDescriptor) -> bool:
        """Tells whether the method's request has the field, with this rule on it."""
        name = self.path.partition(".")[0]
        here = not self.only or method.name in self.only.split()
        here = here and method.name not in self.but.split()
        return here and name in method.input_type.fields_by_name


def bad_lists(path: str, max_items: int, good: str, wrong: str) -> Iterator[BadField]:
    """Yields the ways that a list of names can be wrong."""
    many = [good.format(number) for number in range(max_items + 1)]
    yield BadField(path, "too many", many, "REPEATED_MAX_ITEMS")
    yield BadField(path, "one twice", many[:1] * 2, "REPEATED_UNIQUE")
    yield BadField(path, "one wrong", [many[0], wrong], "STRING_PATTERN", told=f"{path}[1]")


LONG = {length: "x" * length for length in (33, 65, 129, 257, 1025)}
