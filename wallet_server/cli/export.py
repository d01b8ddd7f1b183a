"""`wallet-server export`: writes entries, statements and finance reports into files."""

import asyncio
import os
import sys
import tempfile
from collections.abc import Generator
from contextlib import aclosing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import click

from wallet_server.cli.database import open_database
from wallet_server.cli.database_faults import tell_database_faults
from wallet_server.cli.options import database_options, load_settings, scope_options
from wallet_server.cli.parameters import ChoiceOf, TimeParameter
from wallet_server.cli.progress import ProgressBar, progress_bar
from wallet_server.cli.stopping import ended_by_sigterm
from wallet_server.cli.tables import count_of
from wallet_server.core.commands import COMMANDS
from wallet_server.core.exports.request import (
    ExportFormat,
    ExportKind,
    ExportRequest,
    ExportScope,
)
from wallet_server.core.exports.totals import house_of
from wallet_server.core.ids import WalletRef
from wallet_server.execution.clock import SystemClock
from wallet_server.exports.exporting import (
    Content,
    ExportSummary,
    Progress,
    connect,
    writer_of,
)
from wallet_server.exports.exporting import export as write_export
from wallet_server.exports.locales import LocaleUnknownError
from wallet_server.exports.steps import LedgerMismatchError, TenantMissingError, WalletMissingError

COMMAND_NAMES = sorted(command.__name__ for command in COMMANDS)

STANDARD_OUTPUT = "-"


@click.command()
@click.argument("kind", type=ChoiceOf(ExportKind))
@click.option("--output", "-o", required=True, metavar="FILE", help="The file; - is stdout.")
@click.option(
    "--format", "form", type=ChoiceOf(ExportFormat), help="Without it, as the file's name ends."
)
@scope_options
@click.option(
    "--from",
    "start_time",
    type=TimeParameter(),
    metavar="TIME",
    help="Only entries at this time or later, such as 2026-11-01, in UTC.",
)
@click.option(
    "--until", "end_time", type=TimeParameter(), metavar="TIME", help="Only entries before it."
)
@click.option(
    "--kind",
    "commands",
    type=click.Choice(COMMAND_NAMES, case_sensitive=False),
    metavar="COMMAND",
    multiple=True,
    help="Only entries of this kind of command, such as SettleBet. May be given several times.",
)
@click.option(
    "--locale", default="", help="The language of amounts, such as de-DE; else they are plain."
)
@database_options
def export(  # noqa: PLR0913 - one for each option.
    *,
    kind: ExportKind,
    output: str,
    form: ExportFormat | None,
    tenant_id: str | None,
    wallets: tuple[WalletRef, ...],
    start_time: datetime | None,
    end_time: datetime | None,
    commands: tuple[str, ...],
    locale: str,
    database_url: str | None,
    data_dir: Path | None,
    config_file: Path | None,
) -> None:
    """Writes a part of the ledger into a file: CSV, XLSX or PDF.

    KIND is `entries`, a row for each change of an account; `statement`, what players had, what
    came and went, and what they have; or `finance`, what each account came to by day and by kind
    of command. It only reads, and may run while servers work. docs/guide/export.md says what the
    columns are.

    Prints how long the file is, its SHA-256, and what its entries come to: by how much the house's
    accounts have grown, as `verify` prints it; of statements, which are the players' side, it does
    not.

    \b
    Examples:
        wallet-server export entries --tenant acme -o entries.csv
        wallet-server export statement --wallet acme/player-7/EUR --locale de-DE -o statement.pdf
        wallet-server export finance --tenant acme --from 2026-11-01 --until 2026-12-01 \\
            -o november.xlsx
    """
    if kind is ExportKind.STATEMENT and not (tenant_id or wallets):
        raise click.UsageError("Whose statement? Give --wallet or --tenant.")
    if start_time and end_time and start_time >= end_time:
        raise click.UsageError("--from must be before --until.")
    for ref in wallets:
        if tenant_id not in {None, ref.tenant_id}:
            raise click.UsageError(f"{'/'.join(ref)} is no wallet of {tenant_id}.")
    scope = ExportScope(tenant_id, wallets, start_time, end_time, frozenset(commands))
    form = form or format_of(output)
    request = ExportRequest(kind, form, scope, locale, SystemClock().now())
    settings = load_settings(config_file, database_url=database_url)
    with open_database(settings, data_dir) as urls, tell_database_faults(urls.server):
        try:
            summary = write_file(urls.server, request, output)
        except LocaleUnknownError as error:
            raise click.UsageError(f"There is no locale {locale!r}.") from error
        except (TenantMissingError, WalletMissingError, LedgerMismatchError) as error:
            raise click.ClickException(str(error)) from error
    describe(summary, kind, output)


def format_of(output: str) -> ExportFormat:
    """Returns the format that a file's name says it has."""
    suffix = Path(output).suffix.removeprefix(".").upper()
    if suffix not in ExportFormat.__members__:
        raise click.UsageError("Which format? Give --format, or a file in .csv, .xlsx or .pdf.")
    return ExportFormat[suffix]


def write_file(database_url: str, request: ExportRequest, output: str) -> ExportSummary:
    """Writes the file and returns what it has come to. Until all is well there is none."""
    with ended_by_sigterm(), progress_bar("commands read") as bar:
        if output == STANDARD_OUTPUT:
            return asyncio.run(
                write(database_url, request, sys.stdout.buffer, "standard output", bar)
            )
        with replaced(Path(output)) as file:
            return asyncio.run(write(database_url, request, file, output, bar))


async def write(
    database_url: str, request: ExportRequest, file: BinaryIO, output: str, bar: ProgressBar
) -> ExportSummary:
    """Writes the file, which errors call `output`, and returns what it has come to."""
    writer = writer_of(request)
    async with (
        connect(database_url) as connection,
        aclosing(write_export(connection, request, writer)) as parts,
    ):
        async for part in parts:
            match part:
                case Content(data):
                    with tell_file_faults(output):
                        file.write(data)
                case Progress(done, total):
                    bar.show(done, total)
                case ExportSummary():
                    with tell_file_faults(output):
                        file.flush()
                    return part
    raise AssertionError("an export ends with its summary")


@contextmanager
def tell_file_faults(name: str) -> Generator[None]:
    """Ends the program with what is wrong if a file cannot be written: no fault of the database."""
    try:
        yield
    except BrokenPipeError:
        raise  # Whoever read our output has gone.
    except OSError as error:
        raise click.ClickException(f"{name} cannot be written: {error.strerror}") from error


@contextmanager
def replaced(path: Path) -> Generator[BinaryIO]:
    """Lends a file that takes a name once the block ends well. Nobody else may read it."""
    folder = path.parent
    try:
        handle, written = tempfile.mkstemp(prefix=f".{path.name}.", dir=folder)
    except OSError as error:
        raise click.ClickException(f"{folder} cannot be written to: {error.strerror}") from error
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
        with tell_file_faults(str(path)):
            Path(written).replace(path)
    except BaseException:
        Path(written).unlink(missing_ok=True)
        raise


def describe(summary: ExportSummary, kind: ExportKind, output: str) -> None:
    """Prints what the file has come to, beside it if it is standard output."""
    to_stdout = output == STANDARD_OUTPUT
    out = sys.stderr if to_stdout else sys.stdout
    rows = count_of(summary.row_count, "row")
    if kind is not ExportKind.FINANCE:  # It has sums, and nobody counts of how many entries.
        rows += f" of {count_of(summary.entry_count, 'entry', 'entries')}"
    name = "" if to_stdout else f"{output}: "
    print(f"{name}{rows}, {count_of(summary.size_bytes, 'byte')}", file=out)
    print(f"    SHA-256 {summary.digest.hex()}", file=out)
    for (tenant_id, account, asset_code), net in house_of(summary.totals).items():
        print(f"    {tenant_id} {account} {asset_code} {net:+}", file=out)
