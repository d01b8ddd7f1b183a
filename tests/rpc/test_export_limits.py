"""How many files are made at once, for all and for one tenant, and what is counted of them."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.rpc.asked_exports import asked, content_of, export
from tests.rpc.failures import failure_of
from tests.servers import RunningServer, apply_shape
from wallet.v1 import exports_pb2 as pb
from wallet.v1.exports_pb2_grpc import ExportsStub
from wallet_server.core.exports.request import ExportFormat
from wallet_server.exports import export_processes
from wallet_server.exports.statistics import ExportResult, FormatExports

if TYPE_CHECKING:  # Stubs for asyncio exist for type checkers only.
    from wallet.v1.wallet_commands_pb2_grpc import WalletCommandsAsyncStub

PATIENCE_SECONDS = 30

NEVER_ENDS = ("-c", "input(); import time; time.sleep(99)")
DIES = ("-c", "raise SystemExit(1)")


async def wait_until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not is_so():
            await asyncio.sleep(0.01)


def counts_of(server: RunningServer, form: ExportFormat = ExportFormat.CSV) -> FormatExports:
    return server.exports.statistics.of(form)


async def test_a_tenant_that_has_all_its_places_leaves_room_for_others(
    server: RunningServer, commands: "WalletCommandsAsyncStub", monkeypatch: pytest.MonkeyPatch
) -> None:
    await apply_shape(server.database, "other", "ruby")
    monkeypatch.setattr(export_processes, "PROGRAM", NEVER_ENDS)
    stub = ExportsStub(server.channel)
    waiting: list[Any] = [stub.Export(asked()) for _ in range(2)]
    try:
        await wait_until(lambda: server.exports.running_count == 2)

        failure = await failure_of(export(server, asked()))

        assert (failure.code.name, failure.reason) == ("UNAVAILABLE", "EXPORT_LIMIT")
        assert failure.metadata == {"limit": "2"}
        assert failure.message == "the server makes 2 files of the tenant at once, and no more"
        assert failure.retry_delay_ms == 1_000
        waiting.append(stub.Export(asked(tenant_id="other")))
        await wait_until(lambda: server.exports.running_count == 3)
        failure = await failure_of(export(server, asked(tenant_id="other")))
        assert (failure.code.name, failure.reason) == ("UNAVAILABLE", "OVERLOADED")
        assert failure.retry_delay_ms
    finally:
        for call in waiting:
            call.cancel()
    await wait_until(lambda: not server.exports.running_count)
    monkeypatch.undo()
    for tenant_id in ("demo", "other"):
        assert (await export(server, asked(tenant_id=tenant_id)))[-1].HasField("summary")


async def test_what_is_refused_takes_no_place(
    server: RunningServer, commands: "WalletCommandsAsyncStub"
) -> None:
    for request in [asked(locale="xx-YY"), asked(tenant_id="gone"), asked(locale="xx-YY")]:
        await failure_of(export(server, request))

    assert not server.exports.running_count
    counts = counts_of(server)
    assert (counts.begun, counts.running, counts.size_bytes) == (1, 0, 0)
    assert counts.results == {ExportResult.REFUSED: 3}


async def test_what_is_made_is_counted_by_its_format(
    server: RunningServer, commands: "WalletCommandsAsyncStub"
) -> None:
    csv = content_of(await export(server, asked()))
    pdf = content_of(await export(server, asked(format=pb.EXPORT_FORMAT_PDF)))

    for form, content in [(ExportFormat.CSV, csv), (ExportFormat.PDF, pdf)]:
        counts = counts_of(server, form)
        assert (counts.begun, counts.running, counts.size_bytes) == (1, 0, len(content))
        assert counts.results == {ExportResult.DONE: 1}
        assert counts.seconds > 0
    assert counts_of(server, ExportFormat.XLSX) == FormatExports()


async def test_files_that_nobody_gets_are_counted_too(
    server: RunningServer, commands: "WalletCommandsAsyncStub", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_processes, "PROGRAM", DIES)
    await failure_of(export(server, asked()))
    monkeypatch.setattr(export_processes, "PROGRAM", NEVER_ENDS)
    call: Any = ExportsStub(server.channel).Export(asked())
    await wait_until(lambda: counts_of(server).running == 1)

    call.cancel()

    await wait_until(lambda: not counts_of(server).running)
    counts = counts_of(server)
    assert counts.begun == 2
    assert counts.results == {ExportResult.FAILED: 1, ExportResult.ABANDONED: 1}
