"""One export: reads the ledger, and yields a file as it is written."""

import asyncio
import hashlib
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, aclosing
from dataclasses import dataclass
from typing import TypeAlias

from wallet_server.core.exports.request import ExportFormat, ExportKind, ExportRequest, ExportScope
from wallet_server.core.exports.table import Cover, Group, Table
from wallet_server.core.exports.totals import TotalKey
from wallet_server.core.statements.totals import LineTotal
from wallet_server.exports.csv_file import CsvFile
from wallet_server.exports.entries_report import EntriesReport
from wallet_server.exports.file_writer import PIECE_BYTES, FileWriter
from wallet_server.exports.finance_report import FinanceReport
from wallet_server.exports.locales import style_of
from wallet_server.exports.pdf_file import PdfFile
from wallet_server.exports.statement_report import StatementReport
from wallet_server.exports.steps import Report, Rows, Source, TenantMissingError, WalletMissingError
from wallet_server.exports.xlsx_file import XlsxFile
from wallet_server.storage import verification as storage
from wallet_server.storage.exports import load_missing, load_size, load_time_zones
from wallet_server.storage.statements import PLANS
from wallet_server.storage.verification import Connection

REPORTS: Mapping[ExportKind, Callable[[], Report]] = {
    ExportKind.ENTRIES: EntriesReport,
    ExportKind.STATEMENT: StatementReport,
    ExportKind.FINANCE: FinanceReport,
}

TITLES: Mapping[ExportKind, str] = {
    ExportKind.ENTRIES: "Entries",
    ExportKind.STATEMENT: "Statement",
    ExportKind.FINANCE: "Finance report",
}

IDLE_SECONDS_MAX = 60.0
"""For how long nobody may take what was read. A snapshot that is held keeps dead rows of others."""

PROGRESS_STEPS = 200
"""How many times at most it is told how far a file is."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of what there is to read has been read, counted in commands."""

    done_commands: int
    total_commands: int


@dataclass(frozen=True, slots=True)
class Content:
    """The next piece of the file."""

    data: bytes


@dataclass(frozen=True, slots=True)
class ExportSummary:
    """What the file has come to.

    Args:
        row_count: Rows of its tables, but for summaries.
        entry_count: Entries that were read one by one.
        size_bytes: How long it is.
        digest: Its SHA-256.
        totals: What its entries come to, by account; empty for statements, which say so
            themselves.
    """

    row_count: int
    entry_count: int
    size_bytes: int
    digest: bytes
    totals: Sequence[tuple[TotalKey, LineTotal]]


Part: TypeAlias = Progress | Content | ExportSummary


def connect(database_url: str) -> AbstractAsyncContextManager[Connection]:
    """Opens a connection for an export, which is lost if nobody takes the file for too long.

    Rows are looked up by key, whatever statistics say.
    """
    return storage.connect(
        database_url, "wallet-server export", PLANS, idle_seconds_max=IDLE_SECONDS_MAX
    )


def writer_of(request: ExportRequest) -> FileWriter:
    """Returns what writes the file.

    Raises:
        LocaleUnknownError: No language is called as the request says.
    """
    style = style_of(request.locale)
    match request.format:
        case ExportFormat.CSV:
            return CsvFile(style)
        case ExportFormat.XLSX:
            return XlsxFile(style)
        case ExportFormat.PDF:
            return PdfFile(style)


async def export(
    connection: Connection, request: ExportRequest, writer: FileWriter
) -> AsyncGenerator[Part]:
    """Yields the file, how far it is meanwhile, and at last what it has come to.

    Nobody else may use the connection until then. Whoever stops early must close this.

    Raises:
        TenantMissingError: There is no tenant as the request says.
        WalletMissingError: There is no wallet of a name that the request has.
        LedgerMismatchError: The ledger contradicts itself.
    """
    try:
        async with aclosing(Export(connection, request, writer).parts()) as parts:
            async for part in parts:
                yield part
    finally:
        writer.close()


class Export:
    """One file on its way."""

    def __init__(self, connection: Connection, request: ExportRequest, writer: FileWriter) -> None:
        """Takes where to read, what to write, and how."""
        self._connection = connection
        self._request = request
        self._writer = writer
        self._digest = hashlib.sha256()
        self._size_bytes = 0
        self._row_count = 0
        self._ready = bytearray()

    async def parts(self) -> AsyncGenerator[Part]:
        """Yields the file, how far it is, and what it has come to."""
        request, writer = self._request, self._writer
        report = REPORTS[request.kind]()
        await self._check_scope(request.scope)
        size = await load_size(
            self._connection, request.scope, idle_wallets=report.reads_idle_wallets
        )
        lines = tuple(request.scope.describe())
        writer.begin(Cover(TITLES[request.kind], lines, request.create_time))
        steps_told = 0
        async with aclosing(self._write(report)) as written:
            async for done_commands in written:
                while data := self._take(PIECE_BYTES):
                    yield Content(data)
                if done_commands * PROGRESS_STEPS > steps_told * size.commands:
                    steps_told = done_commands * PROGRESS_STEPS // max(1, size.commands) + 1
                    yield Progress(done_commands, size.commands)
        await asyncio.to_thread(writer.end)
        while data := self._take(1):
            yield Content(data)
        yield ExportSummary(
            self._row_count,
            report.figures.entry_count,
            self._size_bytes,
            self._digest.digest(),
            tuple(report.figures.totals.by_account().items()),
        )

    async def _check_scope(self, scope: ExportScope) -> None:
        """Makes sure that there is what the scope names."""
        if scope.tenant_id and not await load_time_zones(self._connection, scope):
            raise TenantMissingError(scope.tenant_id)
        for ref in await load_missing(self._connection, scope.wallets):
            raise WalletMissingError(ref)

    async def _write(self, report: Report) -> AsyncGenerator[int]:
        """Writes what a report says. Yields how many commands were read by then."""
        is_summary = False
        source = Source(self._connection, self._request.scope)
        async with aclosing(report.steps(source)) as steps:
            async for step in steps:
                match step:
                    case Table():
                        self._writer.begin_table(step)
                        is_summary = step.is_summary
                    case Group():
                        self._writer.begin_group(step)
                    case Rows(rows, done_commands):
                        self._writer.write(rows)
                        self._row_count += 0 if is_summary else len(rows)
                        yield done_commands

    def _take(self, least_bytes: int) -> bytes:
        """Returns the next piece of the file if so much of it is ready; else keeps that."""
        self._ready += self._writer.take()
        if len(self._ready) < least_bytes:
            return b""
        data = bytes(self._ready[:PIECE_BYTES])
        del self._ready[:PIECE_BYTES]
        self._digest.update(data)
        self._size_bytes += len(data)
        return data
