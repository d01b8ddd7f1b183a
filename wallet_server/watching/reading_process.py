"""Reads events by a process of its own, which does so beside this one."""

import asyncio
import logging
from collections.abc import Collection, Mapping, Sequence
from contextvars import Context
from datetime import datetime
from typing import TypeVar

from wallet_server.core.events.reading import ALL_EVENTS, EventFilter, EventHead
from wallet_server.execution.errors import ShuttingDownError, StorageUnavailableError
from wallet_server.execution.watching.encoded import EncodedPage
from wallet_server.execution.watching.statistics import WatchStatistics
from wallet_server.storage.connections import QueryLog, logged
from wallet_server.watching.messages import (
    ANSWERS,
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
    refused,
)
from wallet_server.watching.running_process import ProcessEndedError, RunningProcess

logger = logging.getLogger(__name__)

RESTART_SECONDS = 1.0
"""One that ends sooner than that after its start is not followed by another before."""

ATTEMPTS_MAX = 2
"""How many processes are asked. One may end, as it was idle, while it is asked."""

T = TypeVar("T", bound=Told)


class ReadingFailedError(Exception):
    """Events cannot be read, and nobody has foreseen why."""


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
        self._starting: asyncio.Task[RunningProcess] | None = None
        self._is_closed = False
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
        """Ends the process, when it has answered what it was asked. No other is started."""
        await self._start_no_more()
        if self._running is not None:
            await self._running.close()

    async def kill(self) -> None:
        """Ends the process at once. No other is started."""
        await self._start_no_more()
        if self._running is not None:
            await self._running.kill()

    async def _start_no_more(self) -> None:
        """Lets a start that was begun come to its end: there is something to be ended then."""
        self._is_closed = True
        if self._starting is not None:
            await asyncio.wait([self._starting])

    async def _ask(self, asked: Asked, kind: type[T]) -> T:
        """Returns the answer to a question.

        Raises:
            RefusedError: There is no such tenant; or what is asked for is kept no more, or not
                reached.
            StorageUnavailableError: The database cannot be reached, or no process runs.
            ShuttingDownError: It is closed.
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

    async def _get(self) -> RunningProcess:
        """Returns a process that runs, as far as is known.

        Raises:
            StorageUnavailableError: None can be started; or one was, and has ended too soon.
            ShuttingDownError: None is to be started any more.
        """
        if self._running is not None and not self._running.has_ended:
            return self._running
        if self._is_closed:
            raise ShuttingDownError
        if self._starting is None:
            # It is for all who ask, whoever of them goes away; and what is logged is about none.
            self._starting = asyncio.create_task(self._start(), context=Context())
        return await asyncio.shield(self._starting)

    async def _start(self) -> RunningProcess:
        try:
            self._running = await self._start_one()
        finally:
            self._starting = None
        return self._running

    async def _start_one(self) -> RunningProcess:
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
