"""What a file has: tables, whose cells know what they are."""

from datetime import date, datetime
from enum import Enum
from typing import NamedTuple, TypeAlias

from wallet_server.core.value import value


class Money(NamedTuple):
    """An amount of an asset that has `exponent` decimals: 1234 with 2 of them is 12.34."""

    minor_units: int
    exponent: int


Cell: TypeAlias = str | int | datetime | date | Money | None
"""What stands in one place; nothing where there is nothing to say. Times are UTC."""

Row: TypeAlias = tuple[Cell, ...]
"""A cell for each column."""


class CellKind(Enum):
    """What all cells of a column are."""

    TEXT = "TEXT"
    NUMBER = "NUMBER"
    MONEY = "MONEY"
    TIME = "TIME"
    DAY = "DAY"


@value
class Column:
    """A column: what it is called, what its cells are, and how wide it is in print.

    What `is_common` is the same in all rows of a group, so that paper says it once, above.
    """

    name: str
    kind: CellKind = CellKind.TEXT
    width_chars: int = 10
    is_common: bool = False


@value
class Table:
    """A table: what it is called, and its columns.

    A summary says again what the other tables come to; it is left out where a file is one table
    for programs to read.
    """

    title: str
    columns: tuple[Column, ...]
    is_summary: bool = False


@value
class Group:
    """The beginning of rows that belong together, such as those of one wallet.

    On paper, one that `is_apart` begins a page, so that it can be handed out by itself.
    """

    title: str
    is_apart: bool = False


@value
class Cover:
    """What a file is about: said once, where its format has a place for it.

    `lines` are short: what it is of, and of which time.
    """

    title: str
    lines: tuple[str, ...]
    create_time: datetime
