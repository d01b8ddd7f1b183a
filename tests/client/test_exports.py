"""The client saves files, whole or not at all."""

import asyncio
import hashlib
import stat
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
import grpc.aio
import pytest

from tests.client.scripted import POLICY, retry_after, status_with
from tests.servers import RunningServer
from wallet.v1 import exports_pb2 as pb
from wallet.v1.blocker_pb2 import Total
from wallet.v1.money_pb2 import Money
from wallet.v1.wallet_commands_pb2 import ApproveDepositRequest, OpenWalletRequest
from wallet.v1.wallet_pb2 import WalletRef
from wallet_client import (
    DamagedFileError,
    InvalidRequestError,
    UnavailableError,
    WalletClient,
    WalletError,
)

ADA = WalletRef(tenant_id="demo", player_id="ada", currency_code="EUR")
ENTRIES = pb.ExportRequest(
    tenant_id="demo", kind=pb.EXPORT_KIND_ENTRIES, format=pb.EXPORT_FORMAT_CSV
)
PIECES = (b"a,b\r\n", b"1,2\r\n")
UNAVAILABLE = grpc.StatusCode.UNAVAILABLE


def total(account: str, *, debits: int = 0, credits_: int = 0) -> pb.ExportTotal:
    return pb.ExportTotal(
        account=account,
        changes_count=1,
        debits=Total(asset_code="EUR", minor_units=str(debits)),
        credits=Total(asset_code="EUR", minor_units=str(credits_)),
    )


def summary(**fields: Any) -> pb.ExportResponse:
    """Returns the true summary of `PIECES`, but for what is said."""
    content = b"".join(PIECES)
    true: dict[str, Any] = {
        "rows_count": 1,
        "size_bytes": len(content),
        "sha256": hashlib.sha256(content).digest(),
        "totals": [total("H:CASH", debits=7), total("bkt:cash", credits_=7)],
    }
    return pb.ExportResponse(summary=pb.ExportSummary(**(true | fields)))


def parts(*, end: pb.ExportResponse | None = None) -> list[pb.ExportResponse]:
    """Returns what a server sends of `PIECES`, with a summary if there is one."""
    content = [pb.ExportResponse(content=each) for each in PIECES]
    begin = pb.ExportResponse(file=pb.ExportFile(name="demo-entries.csv"))
    progress = pb.ExportResponse(progress=pb.ExportProgress(done_commands=1, total_commands=2))
    return [begin, content[0], progress, content[1], *([end] if end is not None else [])]


@dataclass
class Refused:
    """What a call is aborted with."""

    code: grpc.StatusCode
    reason: str


Step = pb.ExportResponse | Refused


@dataclass
class Sending:
    """Sends what a test says, for each call the next; the last over and over."""

    calls: list[list[Step]] = field(default_factory=list[list[Step]])
    count: int = 0
    target: str = ""

    async def send(self, _: pb.ExportRequest, context: Any) -> AsyncGenerator[Any]:
        steps = self.calls[min(self.count, len(self.calls) - 1)]
        self.count += 1
        for each in steps:
            if isinstance(each, Refused):
                status = status_with(each.code, each.reason, retry_after(0.01))
                trailing = (("grpc-status-details-bin", status.SerializeToString()),)
                await context.abort(each.code, "no", trailing)
            yield each


@pytest.fixture
async def sending() -> AsyncIterator[Sending]:
    sending, server = Sending(), grpc.aio.server()
    method = grpc.unary_stream_rpc_method_handler(
        sending.send, pb.ExportRequest.FromString, pb.ExportResponse.SerializeToString
    )
    server.add_generic_rpc_handlers(
        (grpc.method_handlers_generic_handler("wallet.v1.Exports", {"Export": method}),)
    )
    sending.target = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    await server.start()
    yield sending
    await server.stop(None)


@pytest.fixture
async def wallets(sending: Sending) -> AsyncIterator[WalletClient]:
    async with WalletClient(sending.target, policy=POLICY) as client:
        yield client


def content_of(folder: Path) -> dict[str, bytes]:
    """Returns what is in a folder, by name."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


async def failure_of(wallets: WalletClient, path: Path) -> WalletError:
    """Returns why a file could not be saved. What was there before still is, and nothing else."""
    await asyncio.to_thread(path.write_bytes, b"before")
    with pytest.raises(WalletError) as caught:
        await wallets.save_export(ENTRIES, path)
    assert content_of(path.parent) == {path.name: b"before"}
    return caught.value


async def test_a_server_s_file_is_saved_with_what_it_comes_to(
    server: RunningServer, tmp_path: Path
) -> None:
    path = tmp_path / "entries.csv"
    path.write_bytes(b"before")
    progress: list[pb.ExportProgress] = []
    async with WalletClient(server.target) as wallets:
        await wallets.open_wallet(OpenWalletRequest(wallet=ADA))
        await wallets.approve_deposit(
            ApproveDepositRequest(
                wallet=ADA,
                deposit_id="d1",
                bucket="sports_normal",
                amount=Money(asset_code="EUR", minor_units=500),
            )
        )

        found = await wallets.save_export(ENTRIES, path, on_progress=progress.append)

    [(name, content)] = content_of(tmp_path).items()
    assert name == path.name
    assert hashlib.sha256(content).digest() == found.sha256
    assert (found.rows_count, found.entries_count) == (2, 1)
    assert [each.done_commands for each in progress] == [2]
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IRUSR | stat.S_IWUSR


@pytest.mark.parametrize(
    ("end", "says"),
    [
        (None, "it has no summary"),
        (summary(size_bytes=11), "10 bytes came, of 11"),
        (summary(sha256=b"x"), "its SHA-256 is another"),
        (summary(totals=[total("H:CASH", debits=7)]), "in EUR it comes to -7, not to zero"),
    ],
)
async def test_a_file_that_is_not_as_its_summary_says_is_not_kept(
    sending: Sending,
    wallets: WalletClient,
    tmp_path: Path,
    end: pb.ExportResponse | None,
    says: str,
) -> None:
    sending.calls = [[*parts(end=end)]]

    failure = await failure_of(wallets, tmp_path / "file.csv")

    assert isinstance(failure, DamagedFileError)
    assert failure.message == f"the file is not whole: {says}"
    assert sending.count == 1


async def test_a_file_that_cannot_begin_yet_is_asked_for_again(
    sending: Sending, wallets: WalletClient, tmp_path: Path
) -> None:
    sending.calls = [
        [Refused(UNAVAILABLE, "OVERLOADED")],
        [Refused(UNAVAILABLE, "EXPORT_LIMIT")],
        [*parts(end=summary())],
    ]

    await wallets.save_export(ENTRIES, tmp_path / "file.csv")

    assert sending.count == 3
    assert content_of(tmp_path) == {"file.csv": b"".join(PIECES)}


async def test_it_is_not_asked_for_more_often_than_the_policy_says(
    sending: Sending, wallets: WalletClient, tmp_path: Path
) -> None:
    sending.calls = [[Refused(UNAVAILABLE, "EXPORT_LIMIT")]]

    failure = await failure_of(wallets, tmp_path / "file.csv")

    assert isinstance(failure, UnavailableError)
    assert (failure.reason, sending.count) == ("EXPORT_LIMIT", POLICY.attempts_max)


@pytest.mark.parametrize(
    ("steps", "kind"),
    [
        ([*parts(), Refused(UNAVAILABLE, "SHUTTING_DOWN")], UnavailableError),
        ([Refused(grpc.StatusCode.INVALID_ARGUMENT, "LOCALE_UNKNOWN")], InvalidRequestError),
    ],
)
async def test_what_is_lost_on_its_way_or_refused_is_not_asked_for_again(
    sending: Sending,
    wallets: WalletClient,
    tmp_path: Path,
    steps: list[Step],
    kind: type[WalletError],
) -> None:
    sending.calls = [steps]

    assert type(await failure_of(wallets, tmp_path / "file.csv")) is kind
    assert sending.count == 1


async def test_whoever_stops_early_leaves_no_file(
    sending: Sending, wallets: WalletClient, tmp_path: Path
) -> None:
    sending.calls = [[*parts(end=summary())]]

    def stop(_: pb.ExportProgress) -> None:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await wallets.save_export(ENTRIES, tmp_path / "file.csv", on_progress=stop)

    assert content_of(tmp_path) == {}
