"""CSV, as RFC 4180 has it: one table, with the names of its columns on top.

Plain numbers are for programs, with commas between cells. Amounts as a language writes them
are for people: the file then says that it is Unicode, and where the language has decimal
commas, semicolons part the cells, as its spreadsheets expect.
"""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from wallet_server.core.exports.formula import defuse
from wallet_server.core.exports.number_style import PLAIN, NumberStyle, format_money
from wallet_server.core.exports.table import CellKind, Cover, Group, Row, Table

UNICODE_MARK = "\ufeff"


class CsvFile:
    """Writes CSV. Text can be no formula: `core/exports/formula.py` says how."""

    def __init__(self, style: NumberStyle) -> None:
        """Writes amounts in a style."""
        self._text = io.StringIO(newline="")
        self._table: Table | None = None
        self._style = style
        separator = ";" if style.decimal == "," else ","
        self._writer = csv.writer(self._text, delimiter=separator, lineterminator="\r\n")
        self._writers: Mapping[CellKind, Callable[[Any], str]] = {
            CellKind.TEXT: defuse,
            CellKind.NUMBER: str,
            CellKind.MONEY: lambda money: format_money(money, style),
            CellKind.TIME: write_time,
            CellKind.DAY: date.isoformat,
        }

    def begin(self, cover: Cover) -> None:
        """Begins the file. It has no place for what it is about."""
        del cover
        if self._style != PLAIN:
            self._text.write(UNICODE_MARK)

    def begin_table(self, table: Table) -> None:
        """Begins a table. Summaries are left out."""
        self._table = table
        if not table.is_summary:
            self._writer.writerow([column.name for column in table.columns])

    def begin_group(self, group: Group) -> None:
        """Does nothing: every row says itself what it belongs to."""

    def write(self, rows: Iterable[Row]) -> None:
        """Adds rows."""
        assert self._table is not None
        if self._table.is_summary:
            return
        writers = [self._writers[column.kind] for column in self._table.columns]
        self._writer.writerows(
            ["" if cell is None else write(cell) for cell, write in zip(row, writers, strict=True)]
            for row in rows
        )

    def end(self) -> None:
        """Does nothing: a file of this kind has no end of its own."""

    def take(self) -> bytes:
        """Returns what is ready."""
        ready = self._text.getvalue()
        self._text.seek(0)
        self._text.truncate()
        return ready.encode()

    def close(self) -> None:
        """Does nothing: all it keeps is in memory."""


def write_time(time: datetime) -> str:
    """Returns a time to the microsecond, in UTC."""
    return f"{time:%Y-%m-%dT%H:%M:%S.%fZ}"
