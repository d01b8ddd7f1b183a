"""The client's methods that take parts of the ledger out, as files."""

import asyncio
import hashlib
import os
import tempfile
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Generator, Iterable
from contextlib import aclosing, contextmanager
from pathlib import Path
from typing import BinaryIO, TypeAlias

import grpc
import grpc.aio

from wallet.v1 import exports_pb2 as pb
from wallet.v1.exports_pb2_grpc import ExportsStub
from wallet_client.calls import Calls, Token
from wallet_client.errors import DamagedFileError, Details, details_of, error_of
from wallet_client.retry import UNANSWERED, RetryPolicy

OnProgress: TypeAlias = Callable[[pb.ExportProgress], object]


class ExportCalls(Calls):
    """Asks for files of the ledger."""

    def __init__(
        self, channel: grpc.aio.Channel, policy: RetryPolicy, token: Token | None = None
    ) -> None:
        """Uses the channel, and sends the token with every call."""
        super().__init__(channel, policy, token)
        self._exports = ExportsStub(channel)

    async def export(
        self, request: pb.ExportRequest, *, timeout_seconds: float | None = None
    ) -> AsyncGenerator[pb.ExportResponse]:
        """Yields a file as it is made, and word of it. The summary comes last, or it is not whole.

        It is asked for again, by the policy, until its first message is there, and then no more.
        Nothing is kept by the server: whoever loses a file asks for it from its beginning.

        Args:
            request: What the file is of.
            timeout_seconds: For one attempt, to the end of the file; none for as long as it takes.

        Raises:
            WalletError: It was refused, or did not begin in time, or was lost on its way.
        """
        loop = asyncio.get_running_loop()
        end = loop.time() + self._policy.total_seconds
        for attempt in range(self._policy.attempts_max):
            has_begun = False
            call = self._exports.Export(request, timeout=timeout_seconds, metadata=self._headers())
            try:
                async for part in call:
                    has_begun = True
                    yield part
            except grpc.aio.AioRpcError as failure:
                asked = details_of(failure).retry_delay_seconds
                pause = self._policy.pause_seconds(attempt, asked)
                is_last = attempt + 1 == self._policy.attempts_max or loop.time() + pause >= end
                if has_begun or is_last or failure.code() not in UNANSWERED:
                    raise error_of(failure) from failure
            else:
                return
            finally:
                call.cancel()
            await asyncio.sleep(pause)

    async def save_export(
        self,
        request: pb.ExportRequest,
        path: Path,
        *,
        on_progress: OnProgress | None = None,
        timeout_seconds: float | None = None,
    ) -> pb.ExportSummary:
        """Saves a file, and returns what it has come to.

        The file takes its name, and the place of one that has it, once it is whole and has been
        checked: its length, its SHA-256, and that what it comes to adds up to zero for each asset.
        Only its owner may read it.

        Args:
            request: What the file is of.
            path: What it is to be called, in a folder that is there.
            on_progress: Is told how far the file is, now and then.
            timeout_seconds: As of `export`.

        Raises:
            DamagedFileError: It did not come whole, or not as the server has made it.
            WalletError: As of `export`.
            OSError: It cannot be written.
        """
        with replaced(path) as file:
            parts = self.export(request, timeout_seconds=timeout_seconds)
            async with aclosing(parts):
                return await write(parts, file, on_progress or (lambda _: None))


async def write(
    parts: AsyncGenerator[pb.ExportResponse], file: BinaryIO, on_progress: OnProgress
) -> pb.ExportSummary:
    """Writes parts to a file, and returns the summary once all of it is found to be true.

    Raises:
        DamagedFileError: There is none, or it is not true.
    """
    digest, size_bytes = hashlib.sha256(), 0
    async for part in parts:
        match part.WhichOneof("part"):
            case "content":
                await asyncio.to_thread(file.write, part.content)
                digest.update(part.content)
                size_bytes += len(part.content)
            case "progress":
                on_progress(part.progress)
            case "summary":
                check(part.summary, size_bytes, digest.digest())
                return part.summary
            case _:
                pass
    raise damaged("it has no summary")


def check(summary: pb.ExportSummary, size_bytes: int, digest: bytes) -> None:
    """Makes sure that a summary is of a file as it came, and adds up.

    Raises:
        DamagedFileError: It is not, or does not.
    """
    if summary.size_bytes != size_bytes:
        raise damaged(f"{size_bytes} bytes came, of {summary.size_bytes}")
    if summary.sha256 != digest:
        raise damaged("its SHA-256 is another")
    for asset_code, net in net_by_asset(summary.totals).items():
        if net:
            raise damaged(f"in {asset_code} it comes to {net}, not to zero")


def net_by_asset(totals: Iterable[pb.ExportTotal]) -> Counter[str]:
    """Returns credits less debits of all accounts, in minor units, by asset."""
    net = Counter[str]()
    for total in totals:
        net[total.credits.asset_code] += int(total.credits.minor_units)
        net[total.debits.asset_code] -= int(total.debits.minor_units)
    return net


def damaged(message: str) -> DamagedFileError:
    """Returns the error of a file that is not as it was made."""
    return DamagedFileError(
        grpc.StatusCode.DATA_LOSS, f"the file is not whole: {message}", Details()
    )


@contextmanager
def replaced(path: Path) -> Generator[BinaryIO]:
    """Lends a file that takes a name once the block ends well, and is removed otherwise."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    written = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
        written.replace(path)
    except BaseException:
        written.unlink(missing_ok=True)
        raise
