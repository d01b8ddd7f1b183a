"""XLSX, by XlsxWriter.

Rows go to files of its own as they come, and the workbook is made of these at the end: so
nothing of it can be taken before, and memory stays the same.
"""

import tempfile
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

import xlsxwriter  # pyright: ignore[reportMissingTypeStubs] - it has none.

from wallet_server.core.exports.formula import begins_a_formula
from wallet_server.core.exports.number_style import NumberStyle, format_money
from wallet_server.core.exports.table import CellKind, Column, Cover, Group, Money, Row, Table
from wallet_server.exports.file_writer import PIECE_BYTES

SHEET_ROWS_MAX = 1_048_576
"""What a spreadsheet holds. What is more goes on a sheet more."""

EXACT_MAX = 10**15
"""Amounts of more digits are text: spreadsheets keep fifteen."""

SHEET_NAME_CHARS_MAX = 31

OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "default_date_format": "yyyy-mm-dd hh:mm:ss.000",
}


class XlsxFile:
    """Writes a workbook. Text is text in it; none is a formula, nor becomes one when edited.

    Amounts are numbers where a spreadsheet keeps them exactly, with the decimals of their asset;
    the program that shows them separates them as its reader's language does.
    """

    def __init__(self, style: NumberStyle, *, sheet_rows_max: int = SHEET_ROWS_MAX) -> None:
        """Writes what is too large for a number in a style."""
        self._folder = tempfile.TemporaryDirectory(prefix="wallet-export-")
        self._path = Path(self._folder.name) / "export.xlsx"
        self._style = style
        self._rows_max = sheet_rows_max
        options = {**OPTIONS, "tmpdir": self._folder.name}
        self._book: Any = xlsxwriter.Workbook(str(self._path), options)
        self._book.use_zip64()
        self._bold = self._book.add_format({"bold": True})
        self._quoted = self._book.add_format({"quote_prefix": True})
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._money: dict[int, Any] = {}
        self._sheet: Any = None
        self._row_count = 0
        self._sheet_count = 0
        self._table: Table | None = None
        self._file: IO[bytes] | None = None
        self._writers: Mapping[CellKind, Callable[[int, int, Any], None]] = {
            CellKind.TEXT: self._write_text,
            CellKind.NUMBER: self._write_number,
            CellKind.MONEY: self._write_money,
            CellKind.TIME: self._write_time,
            CellKind.DAY: self._write_day,
        }

    def begin(self, cover: Cover) -> None:
        """Begins the workbook with a sheet that says what it is about."""
        self._book.set_properties({"title": cover.title, "created": naive(cover.create_time)})
        sheet = self._book.add_worksheet("About")
        sheet.write_string(0, 0, cover.title, self._bold)
        for number, line in enumerate(cover.lines, start=1):
            sheet.write_string(number, 0, line, self._quoted)

    def begin_table(self, table: Table) -> None:
        """Begins a sheet."""
        self._table, self._sheet_count = table, 0
        self._begin_sheet(table)

    def begin_group(self, group: Group) -> None:
        """Does nothing: every row says itself what it belongs to."""

    def write(self, rows: Iterable[Row]) -> None:
        """Adds rows, on a sheet more where one is full."""
        table = self._table
        assert table is not None
        writers = [self._writers[column.kind] for column in table.columns]
        for row in rows:
            if self._row_count == self._rows_max:
                self._begin_sheet(table)
            for number, (cell, write) in enumerate(zip(row, writers, strict=True)):
                if cell is not None:
                    write(self._row_count, number, cell)
            self._row_count += 1

    def end(self) -> None:
        """Makes the workbook of what was written."""
        self._book.close()
        self._file = self._path.open("rb")

    def take(self) -> bytes:
        """Returns the next piece of the workbook, once it is made."""
        return b"" if self._file is None else self._file.read(PIECE_BYTES)

    def close(self) -> None:
        """Removes its files."""
        if self._file is not None:
            self._file.close()
        for sheet in self._book.worksheets():
            if sheet.row_data_fh is not None:
                sheet.row_data_fh.close()
        self._folder.cleanup()

    def _begin_sheet(self, table: Table) -> None:
        self._sheet_count += 1
        self._sheet = self._book.add_worksheet(sheet_name(table.title, self._sheet_count))
        self._sheet.freeze_panes(1, 0)
        for number, column in enumerate(table.columns):
            self._sheet.set_column(number, number, column_width(column))
            self._sheet.write_string(0, number, column.name, self._bold)
        self._row_count = 1

    def _write_text(self, row: int, column: int, text: str) -> None:
        if is_taken_for_xml(text):
            self._sheet.write_rich_string(row, column, *text[:2], text[2:])
            return
        form = self._quoted if begins_a_formula(text) else None
        self._sheet.write_string(row, column, text, form)

    def _write_number(self, row: int, column: int, number: int) -> None:
        self._sheet.write_number(row, column, number)

    def _write_money(self, row: int, column: int, money: Money) -> None:
        if abs(money.minor_units) >= EXACT_MAX:
            text = format_money(money, self._style)
            self._sheet.write_string(row, column, text, self._quoted)
            return
        amount = money.minor_units / 10**money.exponent
        self._sheet.write_number(row, column, amount, self._money_format(money.exponent))

    def _write_time(self, row: int, column: int, time: datetime) -> None:
        self._sheet.write_datetime(row, column, naive(time))

    def _write_day(self, row: int, column: int, day: date) -> None:
        self._sheet.write_datetime(row, column, day, self._day)

    def _money_format(self, exponent: int) -> Any:  # noqa: ANN401 - XlsxWriter's.
        found = self._money.get(exponent)
        if found is None:
            decimals = f".{'0' * exponent}" if exponent else ""
            found = self._book.add_format({"num_format": f"#,##0{decimals}"})
            self._money[exponent] = found
        return found


def is_taken_for_xml(text: str) -> bool:
    """Tells whether XlsxWriter would write text as it is, as if it were XML that it has made.

    As a rich string, in pieces, it is text: then it is XML that XlsxWriter has made.
    """
    return text.startswith("<r>") and text.endswith("</r>")


def naive(time: datetime) -> datetime:
    """Returns a time in UTC as spreadsheets have it: without a word on where."""
    return time.replace(tzinfo=None)


def sheet_name(title: str, number: int) -> str:
    """Returns what the sheet of a table is called."""
    name = title if number == 1 else f"{title} {number}"
    assert len(name) <= SHEET_NAME_CHARS_MAX
    return name


def column_width(column: Column) -> int:
    """Returns how many characters wide a column is: never less than its name."""
    return max(column.width_chars, len(column.name)) + 1
