"""The pages of a PDF, and the tree that readers find them by."""

from datetime import datetime

from wallet_server.exports.pdf_objects import PdfObjects, references, string, text_string

WIDTH, HEIGHT = 842, 595
"""Of a page, in points: A4, lying."""

BRANCH_PAGES = 64
"""How many pages hang on one branch of the tree."""

ROWS_FONT, HEADS_FONT = "F1", "F2"
FONTS = {ROWS_FONT: "Courier", HEADS_FONT: "Courier-Bold"}
"""Fonts that every reader has. All their characters have one width, so columns need no more."""

CHARACTER_WIDTH = 0.6
"""Of a character, as a part of the size of its font."""

COUNT_SIZE = 7


class PdfPages:
    """Writes pages as they come. How many there are is put on all of them at the end."""

    def __init__(self) -> None:
        """Begins the file."""
        self._objects = PdfObjects()
        self._catalog, self._info, self._root, self._count, *fonts = [
            self._objects.reserve() for _ in range(4 + len(FONTS))
        ]
        self._fonts = " ".join(
            f"/{name} {number} 0 R" for name, number in zip(FONTS, fonts, strict=True)
        )
        for number, font in zip(fonts, FONTS.values(), strict=True):
            self._objects.write(
                number,
                f"<< /Type /Font /Subtype /Type1 /BaseFont /{font} /Encoding /WinAnsiEncoding >>",
            )
        self._branches: list[int] = []
        self._leaves: list[int] = []
        self.page_count = 0

    def add(self, content: bytes) -> None:
        """Adds a page that has been drawn. `/Count` in it stands for the number of pages."""
        if not self._leaves:
            self._branches.append(self._objects.reserve())
        stream, page = self._objects.reserve(), self._objects.reserve()
        self._objects.write_stream(stream, content)
        self._objects.write(
            page,
            f"<< /Type /Page /Parent {self._branches[-1]} 0 R /Contents {stream} 0 R"
            f" /MediaBox [0 0 {WIDTH} {HEIGHT}] /Resources << /Font << {self._fonts} >>"
            f" /XObject << /Count {self._count} 0 R >> >> >>",
        )
        self._leaves.append(page)
        self.page_count += 1
        if len(self._leaves) == BRANCH_PAGES:
            self._end_branch()

    def end(self, title: str, create_time: datetime) -> None:
        """Ends the file."""
        if self._leaves:
            self._end_branch()
        self._objects.write(
            self._root,
            f"<< /Type /Pages /Kids {references(self._branches)} /Count {self.page_count} >>",
        )
        self._write_count()
        self._objects.write(self._catalog, f"<< /Type /Catalog /Pages {self._root} 0 R >>")
        self._objects.write(
            self._info,
            f"<< /Title {text_string(title)} /CreationDate (D:{create_time:%Y%m%d%H%M%S}Z) >>",
        )
        self._objects.end(self._catalog, self._info)

    def take(self) -> bytes:
        """Returns what is ready."""
        return self._objects.take()

    def _end_branch(self) -> None:
        self._objects.write(
            self._branches[-1],
            f"<< /Type /Pages /Parent {self._root} 0 R /Kids {references(self._leaves)}"
            f" /Count {len(self._leaves)} >>",
        )
        self._leaves.clear()

    def _write_count(self) -> None:
        drawn = text_at(0, 0, str(self.page_count))
        content = b"BT /%s %d Tf %s ET" % (ROWS_FONT.encode(), COUNT_SIZE, drawn)
        self._objects.write_stream(
            self._count,
            content,
            f"/Type /XObject /Subtype /Form /BBox [0 -{COUNT_SIZE} {WIDTH} {COUNT_SIZE}]"
            f" /Resources << /Font << {self._fonts} >> >>",
        )


def text_at(x: float, y: float, text: str) -> bytes:
    """Returns what draws text at a place of a page, from its lower left corner, in points."""
    return b"1 0 0 1 %.2f %.2f Tm %s Tj" % (x, y, string(text))
