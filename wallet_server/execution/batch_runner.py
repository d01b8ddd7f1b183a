"""Runs batches until everybody is answered: retries, splits, reconnects.

A conflict runs the whole batch again, a bounded number of times. A batch that keeps
failing is split, so that one bad command cannot starve the others. A connection lost
on the way leaves open what became of the batch: running it again finds out, because
claiming the wallets waits for whatever the dying connection still holds, and what it
recorded is then found as an answer.
"""

import asyncio
import logging
import random
from collections.abc import Callable, Sequence
from datetime import datetime

from wallet_server.core.batch import Failed, Fold, Result, Task
from wallet_server.execution.attempts import Attempts, TaskKey
from wallet_server.execution.batch_run import add_terms, decide_batch, record_batch
from wallet_server.execution.configuration_cache import ConfigurationCache
from wallet_server.execution.errors import (
    ConfigurationChangingError,
    ContentionError,
    Fault,
    StorageUnavailableError,
)
from wallet_server.execution.lane import Join, Waiting
from wallet_server.execution.outcomes import answer_of, complete, withhold_doubtful
from wallet_server.execution.settings import EngineSettings
from wallet_server.execution.splitting import parts_of, splits_at_once
from wallet_server.execution.statistics import Statistics
from wallet_server.execution.stopwatch import Stopwatch
from wallet_server.execution.timings import Stage
from wallet_server.execution.wallet_turns import Chosen, WalletTurns
from wallet_server.storage.lane_connections import LaneConnections
from wallet_server.storage.loading import Loaded
from wallet_server.storage.troubles import (
    CannotConnectError,
    FencedError,
    Trouble,
    is_duplicate,
    trouble_of,
)

logger = logging.getLogger(__name__)


class BatchRunner:
    """Runs the batches of one lane, one at a time."""

    def __init__(
        self,
        connections: LaneConnections,
        configurations: ConfigurationCache,
        settings: EngineSettings,
        now: Callable[[], datetime],
        statistics: Statistics,
        *,
        on_recorded: Callable[[], None] | None = None,
        stopwatch: Stopwatch | None = None,
    ) -> None:
        """Takes the lane's connections, and what all lanes share.

        `on_recorded` is called when something was recorded.
        """
        self._stopwatch = stopwatch or Stopwatch()
        self._connections = connections
        self._configurations = configurations
        self._settings = settings
        self._now = now
        self._statistics = statistics
        self._on_recorded = on_recorded
        self._turns = WalletTurns(connections, settings)

    async def run(self, batch: list[Waiting], join: Join) -> Sequence[Waiting]:
        """Answers everybody in the batch, each exactly once, or puts them off. Raises nothing.

        Whoever came while the batch waited for its turns is let `join`. Returns those who are
        put off: other servers have the turn at their wallets.
        """
        until = asyncio.get_running_loop().time() + self._settings.batch_seconds_max
        chosen = Chosen(batch)
        if turns := self._turns.of([waiting.task for waiting in batch]):
            with self._stopwatch.turns([waiting.mark for waiting in batch]):
                chosen = await self._turns.choose(batch, turns, join)
        with self._stopwatch.batch([waiting.mark for waiting in chosen.batch]):
            await self._run(chosen.batch, until, holds_turns=chosen.holds_turns)
        return chosen.put_off

    async def _run(self, batch: Sequence[Waiting], until: float, *, holds_turns: bool) -> None:
        try:
            tasks = [waiting.task for waiting in batch]
            results = await self._run_tasks(tasks, until, holds_turns=holds_turns)
            for waiting, result in zip(batch, results, strict=True):
                waiting.settle(answer_of(result))
        except Exception as error:
            logger.exception("a batch failed")
            for waiting in batch:
                waiting.settle(error)

    async def _run_tasks(
        self,
        tasks: Sequence[Task],
        until: float,
        in_doubt: frozenset[TaskKey] = frozenset(),
        *,
        holds_turns: bool = False,
    ) -> list[Result | Fault]:
        """Runs tasks until they are through, split as far as they can be, or too late."""
        attempts = Attempts(in_doubt=in_doubt, holds_turns=holds_turns)
        while True:
            attempts.begin()
            try:
                return await self._attempt(tasks, attempts)
            except Exception as error:  # noqa: BLE001 - every kind is told apart below.
                trouble = trouble_of(error)
                self._statistics.count_trouble(error)
                now_seconds = asyncio.get_running_loop().time()
                late = now_seconds >= until
                parts = parts_of(tasks, error)
                split = len(parts) > 1 and splits_at_once(error)
                if not (split or late) and attempts.may_go_on(trouble, now_seconds, self._settings):
                    self._statistics.count_again(tasks)
                    await self._recover(trouble, attempts)
                    continue
                if len(parts) > 1 and trouble is not Trouble.LOST and not late:
                    self._statistics.count_again(tasks)
                    return await self._run_parts(tasks, parts, until, attempts.in_doubt)
                given_up = [self._give_up(trouble, error, attempts)] * len(tasks)
                return withhold_doubtful(tasks, given_up, attempts.in_doubt)

    async def _run_parts(
        self,
        tasks: Sequence[Task],
        parts: Sequence[Sequence[int]],
        until: float,
        in_doubt: frozenset[TaskKey],
    ) -> list[Result | Fault]:
        """Runs the parts of a batch one after the other; each has places of tasks."""
        results: dict[int, Result | Fault] = {}
        for part in parts:
            ran = await self._run_tasks([tasks[place] for place in part], until, in_doubt)
            results.update(zip(part, ran, strict=True))
        return [results[place] for place in range(len(tasks))]

    async def _attempt(self, tasks: Sequence[Task], attempts: Attempts) -> list[Result | Fault]:
        """Runs a batch once: load, decide, record. Loads once again if turns must be taken."""
        await self._connect()
        loader = self._connections.loader
        for is_last_load in (False, True):
            turns = self._turns.of(tasks, held=attempts.holds_turns)
            recorded: list[Result | Fault] | None = None
            try:
                if turns and not attempts.holds_turns:
                    await self._turns.take(turns)
                results, fold, loaded = await decide_batch(
                    loader, self._configurations, tasks, self._now(), self._stopwatch
                )
                moved = attempts.note_loaded(loaded)
                untold, must_wait = self._turns.learn_of_others(moved, loaded.contended, turns)
                if is_last_load or not must_wait:
                    await self._record(attempts, fold, loaded)
                    self._statistics.count_batch(tasks, fold)
                    completed = await complete(loader, tasks, results)
                    recorded = withhold_doubtful(tasks, completed, attempts.in_doubt)
            finally:
                attempts.holds_turns = False
                if turns:
                    await self._turns.give_up()
            await self._turns.tell_others(untold)
            if recorded is not None:
                return recorded
        raise AssertionError

    async def _record(self, attempts: Attempts, fold: Fold, loaded: Loaded) -> None:
        """Records a batch. Whatever goes wrong, terms are added again before the next."""
        try:
            with self._stopwatch.stage(Stage.RECORD):
                await add_terms(self._connections, fold, loaded)
                with attempts.doubting(fold):
                    await record_batch(self._connections, fold, loaded)
        except Exception:
            self._connections.forget_terms()
            raise
        if self._on_recorded is not None and fold.recorded:
            self._on_recorded()

    async def _connect(self) -> None:
        """Opens connections that were lost. Whatever is in the way, no command is at fault."""
        try:
            await self._connections.ensure_open()
        except Exception as error:
            raise CannotConnectError from error

    async def _recover(self, trouble: Trouble, attempts: Attempts) -> None:
        """Waits a little, longer each time, and never the same for two servers."""
        if trouble is Trouble.LOST:
            self._connections.close_now()
        limit = self._settings.retry_delay_seconds * 2 ** (attempts.count - 1)
        limit = min(limit, self._settings.retry_delay_seconds_max)
        await asyncio.sleep(random.uniform(0, limit))  # noqa: S311 - jitter, no secret.

    def _give_up(self, trouble: Trouble, error: Exception, attempts: Attempts) -> Result | Fault:
        """Returns what is answered where no attempt went through."""
        if trouble is Trouble.CONFLICT and not is_duplicate(error):
            changing = attempts.configuration_moved or isinstance(error, FencedError)
            return ConfigurationChangingError() if changing else ContentionError()
        if trouble is Trouble.LOST:
            self._connections.close_now()
            return StorageUnavailableError()
        logger.error("a command failed", exc_info=error)
        return Failed(error)
