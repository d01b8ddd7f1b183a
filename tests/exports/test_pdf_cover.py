"""What a PDF is about is on its pages, however much it is."""

import io
import re
from typing import Any, NamedTuple

from pypdf import PdfReader

from tests.exports.reading import NOW, read_pdf
from wallet_server.core.exports.number_style import PLAIN
from wallet_server.core.exports.request import ExportScope
from wallet_server.core.exports.table import Column, Cover, Table
from wallet_server.core.ids import WalletRef
from wallet_server.exports.pdf_file import LINE_SIZE, MARGIN, PdfFile
from wallet_server.exports.pdf_pages import CHARACTER_WIDTH, WIDTH

PLAYERS = [f"{number:064}" for number in range(100)]
COMMANDS = [f"{'Command' * 4}{number:02}" for number in range(64)]


def written() -> bytes:
    """Returns a file of many wallets and kinds of commands."""
    scope = ExportScope(
        tenant_id="acme",
        wallets=tuple(WalletRef("acme", player_id, "EUR") for player_id in PLAYERS),
        commands=frozenset(COMMANDS),
    )
    writer = PdfFile(PLAIN)
    writer.begin(Cover("Report", tuple(scope.describe()), NOW))
    writer.begin_table(Table("Things", (Column("text"),)))
    writer.write([("the last",)])
    writer.end()
    return writer.take()


class Line(NamedTuple):
    """Text that a page has, and how far above its lower edge."""

    y: float
    text: str


def read_lines(content: bytes) -> list[list[Line]]:
    """Returns what is drawn on each page."""
    pages: list[list[Line]] = []
    for page in PdfReader(io.BytesIO(content), strict=True).pages:
        lines: list[Line] = []

        def take(operator: bytes, operands: Any, _: object, matrix: Any, to: Any = lines) -> None:
            if operator == b"Tj" and matrix[4]:  # The number of pages has a place of its own.
                to.append(Line(matrix[5], str(operands[0])))

        page.extract_text(visitor_operand_before=take)
        pages.append(lines)
    return pages


def test_what_a_file_is_about_goes_on_over_lines_and_pages() -> None:
    lines = [line for page in read_lines(written()) for line in page]

    assert min(line.y for line in lines) >= MARGIN
    assert max(len(line.text) for line in lines) * LINE_SIZE * CHARACTER_WIDTH <= WIDTH - 2 * MARGIN
    text = re.sub(r"\s+", " ", " ".join(read_pdf(written())))
    assert all(each in text for each in [*PLAYERS, *COMMANDS, "the last"])
