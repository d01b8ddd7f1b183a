"""Files are sent as they are made, to those who may have them."""

import asyncio
import hashlib
import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from tests.exports.reading import read_csv, read_pdf, read_xlsx
from tests.rpc.asked_exports import asked, content_of, export
from tests.rpc.bets import WALLET, bet
from tests.rpc.failures import failure_of
from tests.servers import RunningServer
from wallet.v1 import exports_pb2 as pb
from wallet.v1.exports_pb2_grpc import ExportsStub
from wallet_server.exports import export_processes

if TYPE_CHECKING:  # Stubs for asyncio exist for type checkers only.
    from wallet.v1.wallet_commands_pb2_grpc import WalletCommandsAsyncStub

PATIENCE_SECONDS = 30


def is_there(path: str) -> bool:
    return Path(path).exists()


async def test_a_file_comes_with_its_name_its_progress_and_what_it_has_come_to(
    server: RunningServer, commands: "WalletCommandsAsyncStub"
) -> None:
    await commands.AuthorizeBet(bet("r1", 400))

    parts = await export(server, asked())

    first, *_, last = parts
    content = content_of(parts)
    assert (first.file.name, first.file.media_type) == (
        "demo-entries.csv",
        "text/csv; charset=utf-8",
    )
    assert {part.WhichOneof("part") for part in parts[1:-1]} == {"content", "progress"}
    assert last.summary.sha256 == hashlib.sha256(content).digest()
    assert (last.summary.size_bytes, last.summary.entries_count) == (len(content), 2)
    assert [(row["command"], row["account"], row["change"]) for row in read_csv(content)] == [
        ("ApproveDeposit", "bkt:sports_normal", "10.00"),
        ("ApproveDeposit", "H:CASH", "-10.00"),
        ("AuthorizeBet", "bkt:sports_normal", "-4.00"),
        ("AuthorizeBet", "open:sports_normal", "4.00"),
    ]
    [cash] = [each for each in last.summary.totals if each.account == "H:CASH"]
    assert (cash.debits.asset_code, cash.debits.minor_units) == ("EUR", "1000")
    assert (cash.credits.minor_units, cash.changes_count) == ("0", 1)


async def test_every_kind_comes_in_every_format(
    server: RunningServer, commands: "WalletCommandsAsyncStub"
) -> None:
    one = {"player_id": WALLET.player_id, "currency_code": "EUR", "locale": "de"}

    for kind in (pb.EXPORT_KIND_STATEMENT, pb.EXPORT_KIND_FINANCE):
        for form, read in [(pb.EXPORT_FORMAT_XLSX, read_xlsx), (pb.EXPORT_FORMAT_PDF, read_pdf)]:
            parts = await export(server, asked(kind=kind, format=form, **one))
            assert read(content_of(parts))
            assert parts[-1].HasField("summary")


async def test_what_makes_no_sense_is_refused(
    server: RunningServer, commands: "WalletCommandsAsyncStub"
) -> None:
    noon, later = Timestamp(seconds=43_200), Timestamp(seconds=43_201)
    cases = [
        (asked(tenant_id="gone"), "NOT_FOUND", "TENANT_NOT_FOUND"),
        (asked(player_id="gone", currency_code="EUR"), "NOT_FOUND", "WALLET_NOT_FOUND"),
        (asked(player_id="ada"), "INVALID_ARGUMENT", "INVALID_REQUEST"),
        (asked(currency_code="EUR"), "INVALID_ARGUMENT", "INVALID_REQUEST"),
        (asked(start_time=later, end_time=noon), "INVALID_ARGUMENT", "INVALID_REQUEST"),
        (asked(start_time=noon, end_time=noon), "INVALID_ARGUMENT", "INVALID_REQUEST"),
        (asked(kind=0), "INVALID_ARGUMENT", "INVALID_REQUEST"),
        (asked(format=9), "INVALID_ARGUMENT", "INVALID_REQUEST"),
        (asked(locale="xx-YY"), "INVALID_ARGUMENT", "LOCALE_UNKNOWN"),
        (asked(command_kinds=["Settlebet"]), "INVALID_ARGUMENT", "INVALID_REQUEST"),
    ]

    for request, code, reason in cases:
        failure = await failure_of(export(server, request))
        assert (failure.code.name, failure.reason) == (code, reason), request


async def test_a_process_that_dies_makes_no_whole_file(
    server: RunningServer, commands: "WalletCommandsAsyncStub", monkeypatch: pytest.MonkeyPatch
) -> None:
    dying = f"import os; os.kill(os.getpid(), {int(signal.SIGKILL)})"
    monkeypatch.setattr(export_processes, "PROGRAM", ("-c", dying))

    failure = await failure_of(export(server, asked()))

    assert (failure.code.name, failure.reason) == ("INTERNAL", "INTERNAL")


async def test_a_caller_that_goes_away_leaves_no_process(
    server: RunningServer,
    commands: "WalletCommandsAsyncStub",
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    told = tmp_path / "pid"
    waits = (
        f"import os, pathlib, time; pathlib.Path({str(told)!r}).write_text(str(os.getpid()));"
        " time.sleep(99)"
    )
    monkeypatch.setattr(export_processes, "PROGRAM", ("-c", waits))
    call: Any = ExportsStub(server.channel).Export(asked())
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not (told.exists() and told.read_text()):
            await asyncio.sleep(0.01)

        call.cancel()

        while server.exports.running_count:
            await asyncio.sleep(0.01)
    with pytest.raises(ProcessLookupError):
        os.kill(int(told.read_text()), 0)


async def test_a_process_that_is_killed_leaves_no_files(
    server: RunningServer,
    commands: "WalletCommandsAsyncStub",
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    told = tmp_path / "folder"
    waits = (
        "import pathlib, tempfile, time; from wallet_server.exports.xlsx_file import XlsxFile;"
        " from wallet_server.core.exports.number_style import PLAIN; file = XlsxFile(PLAIN);"
        f" pathlib.Path({str(told)!r}).write_text(str(file._path.parent)); time.sleep(99)"
    )
    monkeypatch.setattr(export_processes, "PROGRAM", ("-c", waits))
    call: Any = ExportsStub(server.channel).Export(asked())
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not (told.exists() and told.read_text()):
            await asyncio.sleep(0.01)
        folder = told.read_text()
        assert is_there(folder)

        call.cancel()

        while server.exports.running_count:
            await asyncio.sleep(0.01)
    assert not is_there(folder)


async def test_an_unreachable_database_is_told_as_such(
    server: RunningServer, commands: "WalletCommandsAsyncStub", monkeypatch: pytest.MonkeyPatch
) -> None:
    away = "postgresql://nobody@127.0.0.1:1/nothing"
    monkeypatch.setattr(server.exports, "_database_url", away)

    failure = await failure_of(export(server, asked()))

    assert (failure.code.name, failure.reason) == ("UNAVAILABLE", "STORAGE_UNAVAILABLE")
