"""The process that makes one file for a server: `python -m wallet_server.exports.export_process`.

It reads what to do from standard input, writes frames to standard output, and ends. A server
starts it so that calls do not wait while files are made, and so that it may be killed.
"""

import asyncio
import os
import sys
from contextlib import aclosing
from typing import BinaryIO

from wallet_server.exports.exporting import connect, export, writer_of
from wallet_server.exports.frames import (
    ExportJob,
    ExportStorageError,
    decode_job,
    encode_error,
    encode_part,
)
from wallet_server.storage.troubles import Trouble, trouble_of

NICENESS = 10
"""Files wait where commands want the processor."""


def main() -> None:
    """Makes the file that standard input asks for."""
    os.nice(NICENESS)
    job = decode_job(sys.stdin.buffer.read())
    try:
        asyncio.run(make(job, sys.stdout.buffer))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # Nobody reads it any more.


async def make(job: ExportJob, out: BinaryIO) -> None:
    """Writes the parts of the file as frames, or why there is none."""
    try:
        await write_parts(job, out)
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - the server must hear of any.
        out.write(encode_error(error))
    out.flush()


async def write_parts(job: ExportJob, out: BinaryIO) -> None:
    """Writes the parts of the file as frames.

    Raises:
        ExportStorageError: The database cannot be used.
    """
    writer = writer_of(job.request)
    try:
        async with (
            connect(job.database_url) as connection,
            aclosing(export(connection, job.request, writer)) as parts,
        ):
            async for part in parts:
                out.write(encode_part(part))
    except BrokenPipeError:
        raise
    except Exception as error:
        if trouble_of(error) is Trouble.BROKEN:
            raise
        raise ExportStorageError(type(error).__name__) from error


if __name__ == "__main__":
    main()
