"""Makes exports and reads them again, by programs that are not ours."""

import csv
import io
from datetime import UTC, datetime

import openpyxl
from pypdf import PdfReader

from tests.database import Database
from wallet_server.core.exports.request import (
    ExportFormat,
    ExportKind,
    ExportRequest,
    ExportScope,
)
from wallet_server.core.ids import WalletRef
from wallet_server.exports.exporting import (
    Content,
    ExportSummary,
    Progress,
    connect,
    export,
    writer_of,
)

PLAYER = WalletRef("demo", "player", "EUR")
OTHER = WalletRef("demo", "other", "EUR")

EVERYTHING = ExportScope()
NOW = datetime(2031, 5, 6, 7, 8, 9, tzinfo=UTC)


def request_of(
    kind: ExportKind,
    form: ExportFormat = ExportFormat.CSV,
    scope: ExportScope = EVERYTHING,
    locale: str = "",
) -> ExportRequest:
    """Returns what is asked for, always at the same time."""
    return ExportRequest(kind, form, scope, locale, NOW)


async def make(
    database: Database,
    kind: ExportKind,
    form: ExportFormat = ExportFormat.CSV,
    scope: ExportScope = EVERYTHING,
    locale: str = "",
) -> tuple[bytes, ExportSummary, list[Progress]]:
    """Returns a file, what it has come to, and how far it was meanwhile."""
    request = request_of(kind, form, scope, locale)
    content, progress = bytearray(), list[Progress]()
    async with connect(database.server_url) as connection:
        async for part in export(connection, request, writer_of(request)):
            match part:
                case Content(data):
                    content += data
                case Progress():
                    progress.append(part)
                case ExportSummary():
                    return bytes(content), part, progress
    raise AssertionError("it ends with its summary")


def read_csv(content: bytes, delimiter: str = ",") -> list[dict[str, str]]:
    """Returns the rows of a CSV file."""
    text = io.StringIO(content.decode("utf-8-sig"), newline="")
    return list(csv.DictReader(text, delimiter=delimiter, strict=True))


def read_xlsx(content: bytes) -> dict[str, list[tuple[object, ...]]]:
    """Returns the rows of a workbook, by sheet."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def read_pdf(content: bytes) -> list[str]:
    """Returns the text of each page. Anything that is not as the format has it, fails."""
    reader = PdfReader(io.BytesIO(content), strict=True)
    return [page.extract_text() for page in reader.pages]
