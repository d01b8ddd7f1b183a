"""One look through all that is due, and a command for each.

The database's rows say which items and limits may be due; their commands decide. Every server
has the same `request_id` for an item as it is, so whoever comes second hears what the first was
answered. A lease keeps all but one process from the same work; it only saves trouble, and
nothing depends on it.

Callers come first: only some commands are in the engine at once, one by one where callers
wait, and none where a queue is full. An item that fails waits, longer each time, while the
others go on.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime

from wallet_server.core.decision import Outcome
from wallet_server.execution.due_work.retries import Retries
from wallet_server.execution.due_work.statistics import DueWorkStatistics
from wallet_server.execution.due_work.submissions import submission_of
from wallet_server.execution.due_work.troubles import tell_of_failure
from wallet_server.execution.errors import NO_FAULT_OF_ONE
from wallet_server.execution.executor import Executor
from wallet_server.execution.lease import Lease
from wallet_server.execution.settings import DueWorkSettings
from wallet_server.execution.submission import Answered
from wallet_server.storage.due_items import DueItem, DuePage, load_due_items
from wallet_server.storage.due_limits import load_due_limits
from wallet_server.storage.readers import Readers

LOAD_PAGE = (load_due_items, load_due_limits)
"""All that can be due, source by source."""


class DueSweeper:
    """Does what is due, and remembers what it could not do."""

    def __init__(
        self,
        executor: Executor,
        readers: Readers,
        lease: Lease,
        settings: DueWorkSettings,
        now: Callable[[], datetime],
        stopping: asyncio.Event,
    ) -> None:
        """Submits nothing more once `stopping` is set. `now` is the executor's clock."""
        self.statistics = DueWorkStatistics()
        self._executor = executor
        self._readers = readers
        self._lease = lease
        self._settings = settings
        self._now = now
        self._stopping = stopping
        self._retries = Retries(
            first_seconds=settings.due_work_interval_seconds,
            seconds_max=settings.due_work_retry_seconds_max,
        )

    async def sweep(self) -> None:
        """Does what is due now, page by page, the oldest of each source first.

        Leaves it where another process is at it. Raises as `DueWork.catch_up` does.
        """
        until, waiting_count = self._now(), 0
        async for items in self._pages(until):
            ready = self._retries.ready(items, seconds())
            if not await self._do_all(ready):
                return
            waiting_count += len(items) - len(ready)
        self._note_lag(())
        self.statistics.waiting = waiting_count
        self._retries.forget_unseen()

    async def _pages(self, until: datetime) -> AsyncIterator[Sequence[DueItem]]:
        """Yields what is due, page by page. No connection is held meanwhile."""
        for load_page in LOAD_PAGE:
            page = DuePage()
            while not page.is_last:
                async with self._readers.acquire() as connection:
                    page = await load_page(
                        connection,  # pyright: ignore[reportArgumentType] - a pool lends proxies.
                        until=until,
                        after=page.place,
                        limit=self._settings.due_work_page_items,
                    )
                yield page.items

    async def _do_all(self, items: Sequence[DueItem]) -> bool:
        """Does items a few at a time, or one by one where callers wait.

        Tells whether the sweep goes on: not where it is to stop, or another process is at it.
        """
        self._note_lag(items)
        begun_count = 0
        while begun_count < len(items):
            if self._stopping.is_set() or not await self._lease.take():
                self._note_lag(())
                return False
            count = 1 if self._executor.is_busy else self._settings.due_work_commands_max
            await self._do(items[begun_count : begun_count + count])
            begun_count += count
        return not self._stopping.is_set()

    async def _do(self, items: Sequence[DueItem]) -> None:
        """Does items at once. What befalls one is no matter to the others."""
        answers = await self._executor.submit_all(
            [submission_of(item, self._retries.attempts_count(item)) for item in items]
        )
        trouble: Exception | None = None
        for item, answer in zip(items, answers, strict=True):
            if isinstance(answer, NO_FAULT_OF_ONE):
                trouble = answer
            else:
                self._take(item, answer)
        if trouble is not None:
            raise trouble

    def _take(self, item: DueItem, answer: Answered | Exception) -> None:
        """Counts what became of an item.

        One that was answered before should not be due any more; should it be after all,
        it is tried again under another `request_id`, but not at once.
        """
        if isinstance(answer, Exception):
            self.statistics.failed += 1
            tell_of_failure(item, answer, self._retries.attempts_count(item))
            self._retries.note(item, seconds())
        elif answer.replayed:
            self.statistics.repeated += 1
            self._retries.note(item, seconds())
        elif answer.answer.outcome is Outcome.ALREADY_APPLIED:
            self.statistics.repeated += 1
        else:
            self.statistics.done += 1

    def _note_lag(self, items: Sequence[DueItem]) -> None:
        """Notes for how long the first of the items has been due; nothing if there is none."""
        self.statistics.lag_seconds = 0.0
        if items:
            self.statistics.lag_seconds = (self._now() - items[0].due_time).total_seconds()


def seconds() -> float:
    """Returns the time of the loop's clock, which never goes back."""
    return asyncio.get_running_loop().time()
