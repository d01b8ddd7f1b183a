"""The process that reads events for a server: `python -m wallet_server.watching.event_process`.

It reads questions from standard input and writes answers to standard output. A server starts it
when somebody watches, so that to read and to encode events takes nothing of the time that commands
have. It ends with the server, and when it was asked nothing for a while.
"""

import asyncio
import logging
import os
import signal
import sys
from contextlib import suppress
from contextvars import ContextVar
from typing import BinaryIO

from wallet_server.core.events.reading import EventFilter
from wallet_server.execution.errors import RefusedError, StorageUnavailableError
from wallet_server.execution.event_reader import EventReader
from wallet_server.execution.faults import faults_told
from wallet_server.execution.watching.encoded import EncodingReader
from wallet_server.logs import configure_logging
from wallet_server.memory import settle_memory
from wallet_server.rpc.encode.event_streams import encode_for_many
from wallet_server.storage.connections import LoggedQuery
from wallet_server.storage.readers import Readers, open_readers
from wallet_server.watching.messages import (
    HEAD,
    JOBS,
    QUESTIONS,
    Answer,
    Asked,
    FailedTold,
    HeadAsked,
    HeadsAsked,
    HeadsTold,
    HeadTold,
    Job,
    PageAsked,
    PageTold,
    PositionAsked,
    PositionTold,
    Statement,
    Told,
    UnavailableTold,
    UntellableTold,
    frame,
    told_of,
)

logger = logging.getLogger(__name__)

NICENESS = 5
"""Those who watch wait where commands want the processor."""

MADE: ContextVar[list[Statement]] = ContextVar("made")
"""The statements that were made for the answer that a task is at."""

IDLE_SECONDS = 60.0
"""After how long without a question it ends. Where anybody watches there are several a second."""


def main() -> None:
    """Answers until there is nobody who asks."""
    for number in (signal.SIGINT, signal.SIGTERM):  # They are for the server; this ends with it.
        signal.signal(number, signal.SIG_IGN)
    os.nice(NICENESS)
    try:
        asyncio.run(answer_all(sys.stdout.buffer, IDLE_SECONDS))
    except* BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # Nobody reads it any more.


async def answer_all(out: BinaryIO, idle_seconds: float) -> None:
    """Answers what standard input asks, several questions at a time, until it ends."""
    questions = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(questions), sys.stdin
    )
    try:
        _, body = await read_frame(questions)
    except asyncio.IncompleteReadError:
        return  # The server died before it had said everything.
    job = JOBS.decode(body)
    configure_logging(job.log_format, job.log_level)
    answering = Answering(job, out)
    settle_memory()
    try:
        # Where an answer cannot be given, all ends: who waits for it hears so, and asks another.
        async with asyncio.TaskGroup() as under_way:
            with suppress(asyncio.IncompleteReadError, TimeoutError):
                while True:
                    async with asyncio.timeout(idle_seconds):
                        number, body = await read_frame(questions)
                    under_way.create_task(answering.answer(number, QUESTIONS.decode(body)))
    finally:
        answering.close_now()


def note_statement(query: LoggedQuery) -> None:
    """Notes a statement that went well, for the answer that it was made for."""
    if query.exception is None:
        MADE.get([]).append(Statement(query.query, query.elapsed))


async def read_frame(stream: asyncio.StreamReader) -> tuple[int, bytes]:
    """Returns the next number and message.

    Raises:
        IncompleteReadError: There is none.
    """
    number, size_bytes = HEAD.unpack(await stream.readexactly(HEAD.size))
    return number, await stream.readexactly(size_bytes)


class Answering:
    """Answers questions, on connections that are opened for the first."""

    def __init__(self, job: Job, out: BinaryIO) -> None:
        """Opens nothing yet. It answers to `out`, and waits there until that is read."""
        self._job = job
        self._out = out
        self._opening: asyncio.Task[None] | None = None
        self._readers: Readers | None = None

    async def answer(self, number: int, asked: Asked) -> None:
        """Answers a question."""
        statements: list[Statement] = []
        MADE.set(statements)
        told = await self._told(asked)
        self._out.write(frame(number, Answer(told, statements)))
        self._out.flush()

    def close_now(self) -> None:
        """Closes the connections."""
        if self._readers is not None:
            self._readers.terminate()

    async def _told(self, asked: Asked) -> Told:
        """Returns the answer, or why there is none."""
        try:
            return await self._find(await self._reader(), asked)
        except RefusedError as error:
            return told_of(error)
        except StorageUnavailableError:
            return UnavailableTold()
        except ValueError as error:
            return UntellableTold(str(error))
        except Exception as error:
            logger.exception("events cannot be read")
            return FailedTold(type(error).__name__)

    async def _find(self, reader: EncodingReader, asked: Asked) -> Told:
        match asked:
            case PageAsked(tenant_id, after, limit, types, player_id, currency_code):
                wanted = EventFilter(types, player_id, currency_code)
                page = await reader.page(tenant_id, after=after, limit=limit, wanted=wanted)
                return PageTold([*page.events], page.position, page.head, page.processor_seconds)
            case HeadAsked(tenant_id):
                return HeadTold(await reader.head(tenant_id))
            case HeadsAsked(tenant_ids):
                return HeadsTold(dict(await reader.heads(tenant_ids)))
            case PositionAsked(tenant_id, time):
                return PositionTold(await reader.position_before(tenant_id, time))

    async def _reader(self) -> EncodingReader:
        """Returns who reads.

        Raises:
            StorageUnavailableError: The database cannot be reached.
        """
        if self._readers is None:
            # One attempt is for all who ask meanwhile: none has to wait for those of others.
            if self._opening is None:
                self._opening = asyncio.create_task(self._open())
            await self._opening
        assert self._readers is not None
        return EncodingReader(EventReader(self._readers), encode_for_many)

    async def _open(self) -> None:
        try:
            with faults_told():
                self._readers = await open_readers(
                    self._job.database_url,
                    connections_max=self._job.connections_max,
                    statement_timeout_seconds=self._job.statement_timeout_seconds,
                    query_log=note_statement if self._job.is_traced else None,
                )
        finally:
            self._opening = None


if __name__ == "__main__":
    main()
