"""Reads events by a process of its own, which does so beside this one."""

import asyncio
import logging
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from wallet_server.core.events.reading import ALL_EVENTS, EventFilter, EventHead
from wallet_server.execution.errors import StorageUnavailableError
from wallet_server.execution.watching.encoded import EncodedPage
from wallet_server.execution.watching.statistics import WatchStatistics
from wallet_server.storage.connections import QueryLog, logged
from wallet_server.watching.messages import (
    ANSWERS,
    HEAD,
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
    RefusedTold,
    Statement,
    Told,
    UnavailableTold,
    UntellableTold,
    frame,
    refused,
)

logger = logging.getLogger(__name__)

PROGRAM = ("-P", "-m", "wallet_server.watching.event_process")

RESTART_SECONDS = 1.0
"""One that ends sooner than that after its start is not followed by another before."""

ATTEMPTS_MAX = 2
"""How many processes are asked. One may end, as it was idle, while it is asked."""

ANSWER_BYTES_MAX = 1_048_576
"""How much of answers waits to be read before its writer has to."""

T = TypeVar("T", bound=Told)


class ReadingFailedError(Exception):
    """Events cannot be read, and nobody has foreseen why."""


class ProcessEndedError(Exception):
    """The process has ended, and has not answered."""


class ReadingProcess:
    """Asks a process what has happened. It is started for the first question, and when it is gone.

    An `EncodedReader`. To ask for the same again is safe, so whoever got no answer does.
    """

    def __init__(
        self, job: Job, statistics: WatchStatistics, query_log: QueryLog | None = None
    ) -> None:
        """Takes what the process is to do. Starts none yet.

        `query_log` is told of its statements, if the job says that they are to be told.
        """
        self._query_log = query_log
        self._job = job
        self._statistics = statistics
        self._starting = asyncio.Lock()
        self._running: RunningProcess | None = None
        self._started_seconds = float("-inf")

    async def page(
        self, tenant_id: str, *, after: int, limit: int, wanted: EventFilter = ALL_EVENTS
    ) -> EncodedPage:
        """Returns the next events of a tenant after a position."""
        asked = PageAsked(
            *(tenant_id, after, limit), wanted.types, wanted.player_id, wanted.currency_code
        )
        told = await self._ask(asked, PageTold)
        return EncodedPage(told.events, told.position, told.head, told.processor_seconds)

    async def head(self, tenant_id: str) -> EventHead:
        """Returns how far the events of a tenant are."""
        return (await self._ask(HeadAsked(tenant_id), HeadTold)).head

    async def heads(self, tenant_ids: Collection[str]) -> Mapping[str, EventHead]:
        """Returns how far the events of tenants are; those without events are left out."""
        return (await self._ask(HeadsAsked([*tenant_ids]), HeadsTold)).heads

    async def position_before(self, tenant_id: str, time: datetime) -> int:
        """Returns the position before the events that got theirs at a time or later."""
        return (await self._ask(PositionAsked(tenant_id, time), PositionTold)).position

    async def close(self) -> None:
        """Ends the process, when it has answered what it was asked."""
        if self._running is not None:
            await self._running.close()

    async def kill(self) -> None:
        """Ends the process at once."""
        if self._running is not None:
            await self._running.kill()

    async def _ask(self, asked: Asked, kind: type[T]) -> T:
        """Returns the answer to a question.

        Raises:
            RefusedError: There is no such tenant; or what is asked for is kept no more, or not
                reached.
            StorageUnavailableError: The database cannot be reached, or no process runs.
            ValueError: One of the events cannot be told by this release.
            ReadingFailedError: Something else went wrong.
        """
        match await self._told(asked):
            case RefusedTold() as told:
                raise refused(told)
            case UnavailableTold():
                raise StorageUnavailableError
            case UntellableTold(reason):
                raise ValueError(reason)
            case FailedTold(failure):
                raise ReadingFailedError(failure)
            case told:
                assert isinstance(told, kind)
                return told

    async def _told(self, asked: Asked) -> Told:
        for _ in range(ATTEMPTS_MAX):
            running = await self._get()
            try:
                answer = ANSWERS.decode(await running.ask(asked))
            except ProcessEndedError:
                continue
            self._note(answer.statements)
            return answer.told
        raise StorageUnavailableError

    def _note(self, statements: Sequence[Statement]) -> None:
        """Has whoever follows it told of its statements, as if they had been made here."""
        if self._query_log is not None:
            for each in statements:
                self._query_log(logged(each.text, each.seconds))

    async def _get(self) -> "RunningProcess":
        """Returns a process that runs, as far as is known.

        Raises:
            StorageUnavailableError: None can be started; or one was, and has ended too soon.
        """
        async with self._starting:
            if self._running is None or self._running.has_ended:
                self._running = await self._start()
        return self._running

    async def _start(self) -> "RunningProcess":
        now_seconds = asyncio.get_running_loop().time()
        if now_seconds < self._started_seconds + RESTART_SECONDS:
            raise StorageUnavailableError
        self._started_seconds = now_seconds
        self._statistics.process_starts += 1
        try:
            return await RunningProcess.start(self._job)
        except OSError as error:
            logger.exception("events cannot be read: no process can be started")
            raise StorageUnavailableError from error


class RunningProcess:
    """A process, and who waits for its answers."""

    def __init__(self, process: Process) -> None:
        """Listens from now on."""
        self._process = process
        self._waiting: dict[int, asyncio.Future[bytes]] = {}
        self._number = 0
        self._is_closing = False
        self.has_ended = False
        self._listening = asyncio.create_task(self._listen())

    @classmethod
    async def start(cls, job: Job) -> "RunningProcess":
        """Starts it.

        Raises:
            OSError: The machine has no room for it.
        """
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, *PROGRAM), stdin=PIPE, stdout=PIPE, limit=ANSWER_BYTES_MAX
        )
        running = cls(process)
        running._write(0, job)
        return running

    async def ask(self, asked: Asked) -> bytes:
        """Returns the answer to a question, as it was written.

        Raises:
            ProcessEndedError: There will be none.
        """
        if self.has_ended:
            raise ProcessEndedError
        self._number += 1
        number, answer = self._number, asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        try:
            self._write(number, asked)
            return await answer
        finally:
            self._waiting.pop(number, None)

    async def close(self) -> None:
        """Ends it. It answers first."""
        self._is_closing = True
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._listening

    async def kill(self) -> None:
        """Ends it at once."""
        self._is_closing = True
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()

    def _write(self, number: int, message: Job | Asked) -> None:
        """Writes a message. All are short: none is waited for."""
        assert self._process.stdin is not None
        self._process.stdin.write(frame(number, message))

    async def _listen(self) -> None:
        """Hands out the answers, until there are no more."""
        answers = self._process.stdout
        assert answers is not None
        try:
            while True:
                number, size_bytes = HEAD.unpack(await answers.readexactly(HEAD.size))
                body = await answers.readexactly(size_bytes)
                waiting = self._waiting.get(number)
                if waiting is not None and not waiting.done():
                    waiting.set_result(body)
        except asyncio.IncompleteReadError:
            pass
        finally:
            self._end()
        code = await self._process.wait()
        if code and not self._is_closing:
            logger.error("the process that reads events ended with %d", code)

    def _end(self) -> None:
        """Tells all who wait that there is no answer."""
        self.has_ended = True
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(ProcessEndedError())
