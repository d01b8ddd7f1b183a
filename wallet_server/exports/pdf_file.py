"""PDF: tables on paper, a page at a time."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from textwrap import wrap
from typing import Any

from wallet_server.core.exports.number_style import NumberStyle, format_money
from wallet_server.core.exports.table import Cell, CellKind, Column, Cover, Group, Row, Table
from wallet_server.exports.pdf_objects import printable
from wallet_server.exports.pdf_pages import (
    CHARACTER_WIDTH,
    COUNT_SIZE,
    HEADS_FONT,
    HEIGHT,
    ROWS_FONT,
    WIDTH,
    PdfPages,
    text_at,
)

MARGIN = 36
TITLE_SIZE, LINE_SIZE, ROW_SIZE_MAX = 14, 8, 7.5
LINE_CHARS = int((WIDTH - 2 * MARGIN) / (LINE_SIZE * CHARACTER_WIDTH))
LEADING = 1.3
"""From one line to the next, as a multiple of the size of the font."""

GAP_CHARS = 2
"""Between columns."""

BOTTOM = MARGIN + 2 * COUNT_SIZE
TO_THE_RIGHT = frozenset({CellKind.NUMBER, CellKind.MONEY})
AFTER_HEADS_LINES = 3
"""Under the heads of columns there is room for so many lines, or they go on the next page."""


class PdfFile:
    """Writes tables on pages. Text that is too long for its column goes on below."""

    def __init__(self, style: NumberStyle) -> None:
        """Writes amounts in a style."""
        self._pages = PdfPages()
        self._cover: Cover | None = None
        self._table: Table | None = None
        self._group: Group | None = None
        self._columns: list[tuple[int, Column, float]] = []
        self._size = ROW_SIZE_MAX
        self._drawn: list[bytes] = []
        self._y = 0.0
        self._has_rows = False
        self._texts: Mapping[CellKind, Callable[[Any], str]] = {
            CellKind.TEXT: printable,
            CellKind.NUMBER: str,
            CellKind.MONEY: lambda money: printable(format_money(money, style)),
            CellKind.TIME: "{:%Y-%m-%d %H:%M:%S}".format,
            CellKind.DAY: date.isoformat,
        }

    def begin(self, cover: Cover) -> None:
        """Begins the first page with what the file is about."""
        self._cover = cover
        self._begin_page()
        self._line(cover.title, HEADS_FONT, TITLE_SIZE)
        for line in (
            *cover.lines,
            f"Made {cover.create_time:%Y-%m-%d %H:%M:%S} UTC; times are UTC",
        ):
            for part in wrap(line, LINE_CHARS):
                if self._y < BOTTOM:
                    self._end_page()
                    self._begin_page()
                self._line(part, ROWS_FONT, LINE_SIZE)

    def begin_table(self, table: Table) -> None:
        """Begins a table under the one before."""
        self._table, self._group = table, None
        shown = [(n, each) for n, each in enumerate(table.columns) if not each.is_common]
        chars = sum(each.width_chars + GAP_CHARS for _, each in shown) - GAP_CHARS
        self._size = min(ROW_SIZE_MAX, (WIDTH - 2 * MARGIN) / (chars * CHARACTER_WIDTH))
        self._columns, x = [], float(MARGIN)
        for number, column in shown:
            self._columns.append((number, column, x))
            x += (column.width_chars + GAP_CHARS) * self._char_width
        if not any(column.is_common for column in table.columns):
            self._write_heads(is_on_new_page=False)

    def begin_group(self, group: Group) -> None:
        """Begins a group: its title, and the heads of columns."""
        self._group = group
        self._write_heads(is_on_new_page=group.is_apart and self._has_rows)

    def write(self, rows: Iterable[Row]) -> None:
        """Adds rows, on a page more where one is full."""
        for row in rows:
            self._has_rows = True
            cells = [self._lines_of(row[number], column) for number, column, _ in self._columns]
            height = max(len(lines) for lines in cells) * self._leading
            if self._y - height < BOTTOM:
                self._end_page()
                self._begin_page()
                self._draw_heads()
            for (_, column, x), lines in zip(self._columns, cells, strict=True):
                for number, text in enumerate(lines):
                    self._draw_cell(column, x, self._y - number * self._leading, text)
            self._y -= height

    def end(self) -> None:
        """Ends the file."""
        assert self._cover is not None
        self._end_page()
        self._pages.end(self._cover.title, self._cover.create_time)

    def take(self) -> bytes:
        """Returns the pages that are full."""
        return self._pages.take()

    def close(self) -> None:
        """Does nothing: all it keeps is in memory."""

    @property
    def _char_width(self) -> float:
        return self._size * CHARACTER_WIDTH

    @property
    def _leading(self) -> float:
        return self._size * LEADING

    def _write_heads(self, *, is_on_new_page: bool) -> None:
        """Writes the heads of columns where rows have room under them."""
        needed = (AFTER_HEADS_LINES + 4) * self._leading
        if is_on_new_page or self._y - needed < BOTTOM:
            self._end_page()
            self._begin_page()
        self._draw_heads()

    def _draw_heads(self) -> None:
        assert self._table is not None
        title = self._table.title if self._group is None else self._group.title
        self._y -= self._leading
        self._line(title, HEADS_FONT, LINE_SIZE)
        self._drawn.append(font(HEADS_FONT, self._size))
        for _, column, x in self._columns:
            self._draw_cell(column, x, self._y, column.name)
        self._drawn.append(font(ROWS_FONT, self._size))
        self._y -= self._leading

    def _draw_cell(self, column: Column, x: float, y: float, text: str) -> None:
        """Draws one line of a cell, narrower if it may not be cut."""
        excess = len(text) - column.width_chars
        if excess > 0:
            self._drawn.append(b"%.2f Tz" % (100 * column.width_chars / len(text)))
        elif column.kind in TO_THE_RIGHT:
            x -= excess * self._char_width
        self._drawn.append(text_at(x, y, text))
        if excess > 0:
            self._drawn.append(b"100 Tz")

    def _lines_of(self, cell: Cell, column: Column) -> Sequence[str]:
        if cell is None:
            return ("",)
        text = self._texts[column.kind](cell)
        width = column.width_chars
        if len(text) <= width or column.kind is not CellKind.TEXT:
            return (text,)
        return [text[start : start + width] for start in range(0, len(text), width)]

    def _line(self, text: str, name: str, size: float) -> None:
        self._drawn += [font(name, size), text_at(MARGIN, self._y, text)]
        self._y -= size * LEADING

    def _begin_page(self) -> None:
        self._y = HEIGHT - MARGIN - TITLE_SIZE
        self._drawn = [b"BT"]

    def _end_page(self) -> None:
        assert self._cover is not None
        said = f"{self._cover.title}, page {self._pages.page_count + 1} of "
        width = len(said) * COUNT_SIZE * CHARACTER_WIDTH
        self._drawn += [
            *(font(ROWS_FONT, COUNT_SIZE), text_at(MARGIN, MARGIN, said), b"ET"),
            b"q 1 0 0 1 %.2f %d cm /Count Do Q" % (MARGIN + width, MARGIN),
        ]
        self._pages.add(b"\n".join(self._drawn))


def font(name: str, size: float) -> bytes:
    """Returns what chooses a font for what is drawn next."""
    return b"/%s %.2f Tf" % (name.encode(), size)
