"""Makes files for callers, each in a process of its own, and only so many at once."""

import asyncio
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections import Counter
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from time import perf_counter

from wallet_server.core.exports.request import ExportRequest
from wallet_server.core.refusals import LocaleUnknown, TenantNotFound, WalletNotFound
from wallet_server.execution.errors import (
    ExportLimitError,
    Fault,
    OverloadedError,
    RefusedError,
    StorageUnavailableError,
)
from wallet_server.exports.exporting import Content, ExportSummary, Part, Progress
from wallet_server.exports.frames import (
    HEAD,
    ExportFailedError,
    ExportJob,
    ExportStorageError,
    FrameKind,
    decode,
    encode_job,
)
from wallet_server.exports.locales import LocaleUnknownError, style_of
from wallet_server.exports.statistics import ExportResult, ExportStatistics, FormatExports
from wallet_server.exports.steps import TenantMissingError, WalletMissingError
from wallet_server.interpreter import environment

PROGRAM = ("-P", "-m", "wallet_server.exports.export_process")


class ExportProcesses:
    """Makes files of a database."""

    def __init__(self, database_url: str, *, exports_max: int, tenant_exports_max: int) -> None:
        """Takes where to read, and how many files may be made at once: of all, and of a tenant."""
        self.statistics = ExportStatistics()
        self._database_url = database_url
        self._exports_max = exports_max
        self._tenant_exports_max = tenant_exports_max
        self._running = Counter[str | None]()

    @property
    def running_count(self) -> int:
        """How many files are being made."""
        return self._running.total()

    async def parts(self, request: ExportRequest) -> AsyncGenerator[Part]:
        """Yields a file as it is made, as fast as it is taken. Whoever stops early must close it.

        Raises:
            RefusedError: There is no such tenant, wallet or language.
            ExportLimitError: As many files of the tenant are being made as may be.
            OverloadedError: As many files are being made as may be.
            StorageUnavailableError: The database cannot be used.
            ExportFailedError: Something else went wrong.
        """
        counts = self.statistics.of(request.format)
        with self._counted(request, counts) as ending, as_answers():
            async with self._process(request) as process:
                async for part in parts_of(process):
                    match part:
                        case Content(data):
                            counts.size_bytes += len(data)
                        case ExportSummary():
                            ending.result = ExportResult.DONE
                        case Progress():
                            pass
                    yield part

    @contextmanager
    def _counted(self, request: ExportRequest, counts: FormatExports) -> Generator["Ending"]:
        """Has a place for a file, if there is one, and counts what becomes of it."""
        tenant_id, ending = request.scope.tenant_id, Ending()
        try:
            self._check(request)
        except (RefusedError, Fault):
            counts.results[ExportResult.REFUSED] += 1
            raise
        self._running[tenant_id] += 1
        counts.begin()
        began_seconds = perf_counter()
        try:
            yield ending
        except RefusedError:
            ending.result = ExportResult.REFUSED
            raise
        except Exception:
            ending.result = ExportResult.FAILED
            raise
        finally:
            self._running -= Counter([tenant_id])
            counts.end(ending.result, perf_counter() - began_seconds)

    def _check(self, request: ExportRequest) -> None:
        """Makes sure that the file may be begun."""
        try:
            style_of(request.locale)
        except LocaleUnknownError as error:
            raise RefusedError(LocaleUnknown(request.locale)) from error
        if self._running[request.scope.tenant_id] >= self._tenant_exports_max:
            raise ExportLimitError(self._tenant_exports_max)
        if self.running_count >= self._exports_max:
            raise OverloadedError

    @asynccontextmanager
    async def _process(self, request: ExportRequest) -> AsyncGenerator[Process]:
        """Starts a process that makes a file, and sees to its end.

        Its files lie in a folder that is removed here, as it may have been killed. It has a session
        that no terminal interrupts: whoever asked for the file is told by the server.
        """
        with tempfile.TemporaryDirectory(prefix="wallet-export-") as folder:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, *PROGRAM),
                stdin=PIPE,
                stdout=PIPE,
                env={**environment(), "TMPDIR": folder},
                start_new_session=True,
            )
            try:
                assert process.stdin is not None
                process.stdin.write(encode_job(ExportJob(request, self._database_url)))
                process.stdin.close()
                yield process
            finally:
                if process.returncode is None:
                    process.kill()
                await process.wait()


@dataclass(slots=True)
class Ending:
    """How it ended, as far as is known."""

    result: ExportResult = ExportResult.ABANDONED


@contextmanager
def as_answers() -> Generator[None]:
    """Raises what a process has told, as callers are told of it."""
    try:
        yield
    except TenantMissingError as error:
        raise RefusedError(TenantNotFound(error.tenant_id)) from error
    except WalletMissingError as error:
        raise RefusedError(WalletNotFound(*error.ref)) from error
    except ExportStorageError as error:
        raise StorageUnavailableError from error


async def parts_of(process: Process) -> AsyncGenerator[Part]:
    """Yields what a process tells, up to the summary."""
    assert process.stdout is not None
    while True:
        try:
            head = await process.stdout.readexactly(HEAD.size)
            letter, size_bytes = HEAD.unpack(head)
            body = await process.stdout.readexactly(size_bytes)
        except asyncio.IncompleteReadError as error:
            raise ExportFailedError(f"the process ended with {await process.wait()}") from error
        part = decode(FrameKind(letter), body)
        yield part
        if isinstance(part, ExportSummary):
            return
