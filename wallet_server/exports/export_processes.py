"""Makes files for callers, each in a process of its own, and only so many at once."""

import asyncio
import os
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from wallet_server.core.exports.request import ExportRequest
from wallet_server.core.refusals import LocaleUnknown, TenantNotFound, WalletNotFound
from wallet_server.execution.errors import (
    OverloadedError,
    RefusedError,
    StorageUnavailableError,
)
from wallet_server.exports.exporting import ExportSummary, Part
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
from wallet_server.exports.steps import TenantMissingError, WalletMissingError

PROGRAM = ("-m", "wallet_server.exports.export_process")


class ExportProcesses:
    """Makes files of a database."""

    def __init__(self, database_url: str, *, exports_max: int) -> None:
        """Takes where to read, and how many files may be made at once."""
        self._database_url = database_url
        self._exports_max = exports_max
        self._running_count = 0

    @property
    def running_count(self) -> int:
        """How many files are being made."""
        return self._running_count

    async def parts(self, request: ExportRequest) -> AsyncGenerator[Part]:
        """Yields a file as it is made, as fast as it is taken. Whoever stops early must close it.

        Raises:
            RefusedError: There is no such tenant, wallet or language.
            OverloadedError: As many files are being made as may be.
            StorageUnavailableError: The database cannot be used.
            ExportFailedError: Something else went wrong.
        """
        try:
            style_of(request.locale)
        except LocaleUnknownError as error:
            raise RefusedError(LocaleUnknown(request.locale)) from error
        if self._running_count >= self._exports_max:
            raise OverloadedError
        self._running_count += 1
        try:
            async with self._process(request) as process:
                async for part in parts_of(process):
                    yield part
        except TenantMissingError as error:
            raise RefusedError(TenantNotFound(error.tenant_id)) from error
        except WalletMissingError as error:
            raise RefusedError(WalletNotFound(*error.ref)) from error
        except ExportStorageError as error:
            raise StorageUnavailableError from error
        finally:
            self._running_count -= 1

    @asynccontextmanager
    async def _process(self, request: ExportRequest) -> AsyncGenerator[Process]:
        """Starts a process that makes a file, and sees to its end.

        Its files lie in a folder that is removed here, as it may have been killed.
        """
        with tempfile.TemporaryDirectory(prefix="wallet-export-") as folder:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, *PROGRAM),
                stdin=PIPE,
                stdout=PIPE,
                env={**os.environ, "TMPDIR": folder},
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
