"""A lane: a bounded queue, two connections, and one batch at a time.

While a batch is on its way the queue fills, and the next batch takes all of it, up to
a limit. So batches are one command when little happens, and grow by themselves when
much does; nothing ever waits for a batch to fill.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from wallet_server.core.ids import locate
from wallet_server.core.task import Task
from wallet_server.execution.durations import Durations
from wallet_server.execution.errors import (
    DeadlinePassedError,
    OverloadedError,
    ShuttingDownError,
)
from wallet_server.execution.submission import Answered
from wallet_server.execution.timings import LaneTimings
from wallet_server.execution.tracing import Mark

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Waiting:
    """A task in the queue, and whoever waits for its answer.

    It was put off so many times as another server had the turn at its wallet. Both times are
    on the clock of the running loop. The mark is of the call that it came with, if that is traced.
    """

    task: Task
    answer: "asyncio.Future[Answered]"
    deadline_seconds: float | None
    queued_seconds: float = 0.0
    mark: Mark | None = None
    put_off_count: int = 0

    def settle(self, outcome: Answered | Exception) -> None:
        """Answers whoever waits, unless they have gone."""
        if self.answer.done():
            return
        if isinstance(outcome, Exception):
            self.answer.set_exception(outcome)
        else:
            self.answer.set_result(outcome)


def unmarked() -> None:
    """Marks no call, as nobody traces any."""


Join: TypeAlias = Callable[[Callable[[Waiting], bool], int], list[Waiting]]
"""Takes those off the queue that a test picks, so many at most, for the batch that is begun."""

RunBatch: TypeAlias = Callable[[list[Waiting], Join], Awaitable[Sequence[Waiting]]]
"""Runs a batch, and those it has let join. Returns those of both that are to be in the next one
instead, in their order."""


class Lane:
    """Runs the commands of its wallets in the order they arrive, many at a time."""

    def __init__(
        self,
        run_batch: RunBatch,
        *,
        batch_commands_max: int,
        queue_commands_max: int,
        batch_one_shard: bool = False,
        queue_waits: Durations | None = None,
        mark: Callable[[], Mark | None] = unmarked,
    ) -> None:
        """Takes what runs a batch; it must answer everybody else and raise nothing.

        How long commands wait is added to `queue_waits`. `mark` tells which call is running.
        """
        self._run_batch = run_batch
        self._queue_waits = queue_waits or Durations()
        self._mark = mark
        self._timings = LaneTimings()
        self._batch_commands_max = batch_commands_max
        self._queue_commands_max = queue_commands_max
        self._batch_one_shard = batch_one_shard
        self._queue: deque[Waiting] = deque()
        self._wake = asyncio.Event()
        self._closing = False
        self._loop = asyncio.get_running_loop()  # Python 3.11 asks the kernel each time.
        self._worker = self._loop.create_task(self._work())

    @property
    def waiting_count(self) -> int:
        """How many commands wait for a batch; some may have been given up by their callers."""
        return len(self._queue)

    @property
    def timings(self) -> LaneTimings:
        """What it has done so far, and what waits."""
        self._timings.queued_commands = len(self._queue)
        return self._timings

    async def submit(self, task: Task, deadline_seconds: float | None) -> Answered:
        """Queues a task and waits for its answer.

        Whoever waits may stop waiting: a task that is not in a batch yet is dropped
        then, and one that is runs on.

        Raises:
            OverloadedError: The queue is full.
            ShuttingDownError: The lane takes no more work.
        """
        return await self.enqueue(task, deadline_seconds)

    def enqueue(self, task: Task, deadline_seconds: float | None) -> "asyncio.Future[Answered]":
        """Queues a task and returns its answer to be. Cancelling that is to stop waiting.

        Raises:
            OverloadedError: The queue is full.
            ShuttingDownError: The lane takes no more work.
        """
        self.check_room(1)
        loop = self._loop
        waiting = Waiting(task, loop.create_future(), deadline_seconds, loop.time(), self._mark())
        self._queue.append(waiting)
        self._wake.set()
        return waiting.answer

    def check_room(self, commands_count: int) -> None:
        """Checks that so many tasks may be queued now.

        Raises:
            OverloadedError: The queue has not room for all of them.
            ShuttingDownError: The lane takes no more work.
        """
        if self._closing:
            raise ShuttingDownError
        if len(self._queue) + commands_count > self._queue_commands_max:
            raise OverloadedError

    async def drain(self) -> None:
        """Takes no more work, and finishes what was accepted.

        Whoever waits may stop waiting: the work goes on.
        """
        self._closing = True
        self._wake.set()
        await asyncio.shield(self._worker)

    async def _work(self) -> None:
        while True:
            await self._wake.wait()
            if batch := self._next_batch():
                self._queue.extendleft(reversed(await self._run(batch)))
            elif self._closing:
                return
            else:
                self._wake.clear()

    async def _run(self, batch: list[Waiting]) -> Sequence[Waiting]:
        """Runs a batch, and takes the time of it."""
        now_seconds = self._loop.time
        began_seconds = now_seconds()
        self._timings.batches += 1
        try:
            return await self._run_batch(batch, self._take)
        finally:
            self._timings.busy_seconds += now_seconds() - began_seconds

    def _next_batch(self) -> list[Waiting]:
        """Takes what runs next off the queue: of one shard alone if it has to be so."""
        shard: int | None = None

        def is_next(waiting: Waiting) -> bool:
            nonlocal shard
            if not self._batch_one_shard:
                return True
            shard = shard_of(waiting) if shard is None else shard
            return shard_of(waiting) == shard

        return self._take(is_next, self._batch_commands_max)

    def _take(self, is_wanted: Callable[[Waiting], bool], commands_max: int) -> list[Waiting]:
        """Takes so many off the queue that are wanted. Who has gone, or is too late, is left out.

        All others stay in their order.
        """
        now_seconds = self._loop.time()
        taken: list[Waiting] = []
        others: list[Waiting] = []
        while self._queue and len(taken) < commands_max:
            waiting = self._queue.popleft()
            if waiting.answer.done():
                continue
            if waiting.deadline_seconds is not None and waiting.deadline_seconds <= now_seconds:
                waiting.settle(DeadlinePassedError())
                continue
            if not is_wanted(waiting):
                others.append(waiting)
                continue
            taken.append(waiting)
            if waiting.put_off_count == 0:
                self._queue_waits.add(now_seconds - waiting.queued_seconds)
        self._queue.extendleft(reversed(others))
        return taken


def shard_of(waiting: Waiting) -> int:
    """Returns the shard of a task's wallet."""
    return locate(waiting.task.wallet).shard
