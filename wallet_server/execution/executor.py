"""The way into the engine: takes commands one by one, runs them many at a time.

A wallet always has the same lane, so no wallet is ever in two batches of a server at
once. Each lane has its own connections and its own bounded queue.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime

from wallet_server.core.ids import WalletRef, locate
from wallet_server.execution.answers import wait_for_all
from wallet_server.execution.batch_runner import BatchRunner
from wallet_server.execution.configuration_cache import ConfigurationCache
from wallet_server.execution.lane import Lane
from wallet_server.execution.settings import EngineSettings
from wallet_server.execution.statistics import Statistics
from wallet_server.execution.stopwatch import Stopwatch
from wallet_server.execution.submission import Answered, Submission, task_of
from wallet_server.execution.timings import Timings
from wallet_server.execution.tracing import Tracing
from wallet_server.storage.lane_connections import LaneConnections


class Executor:
    """Answers commands, each exactly once, whatever happens on the way."""

    def __init__(
        self,
        database_url: str,
        configurations: ConfigurationCache,
        settings: EngineSettings,
        now: Callable[[], datetime],
        *,
        on_recorded: Callable[[], None] | None = None,
        tracing: Tracing | None = None,
    ) -> None:
        """Takes work once it is started. `now` says what time it is.

        `on_recorded` is called after each batch of which something was recorded. Whoever is
        `tracing` is told of batches and their stages.
        """
        self._settings = settings
        self.statistics = Statistics()
        self._timings = Timings()
        self._stopwatch = Stopwatch(self._timings, tracing)
        self._connections = [
            LaneConnections(
                database_url,
                statement_timeout_seconds=settings.statement_timeout_seconds,
                lock_timeout_seconds=settings.lock_timeout_seconds,
                query_log=None if tracing is None else tracing.statement,
                on_open=configurations.forget,
            )
            for _ in range(settings.lanes_count)
        ]
        self._runners = [
            BatchRunner(
                connections,
                configurations,
                settings,
                now,
                self.statistics,
                on_recorded=on_recorded,
                stopwatch=self._stopwatch,
            )
            for connections in self._connections
        ]
        self._lanes: list[Lane] = []

    @property
    def timings(self) -> Timings:
        """How long commands, batches and lanes took so far, and what waits in lanes."""
        self._timings.lanes = [lane.timings for lane in self._lanes]
        return self._timings

    @property
    def queued_commands_count(self) -> int:
        """How many commands wait for a batch, in all lanes."""
        return sum(lane.waiting_count for lane in self._lanes)

    @property
    def is_busy(self) -> bool:
        """Whether more commands wait in a lane than its next batch takes."""
        batch_commands_max = self._settings.batch_commands_max
        return any(lane.waiting_count > batch_commands_max for lane in self._lanes)

    async def start(self) -> None:
        """Opens the connections and starts the lanes.

        Raises:
            OSError: The database cannot be reached; or what asyncpg raises for it.
        """
        await asyncio.gather(*(each.ensure_open() for each in self._connections))
        self._lanes = [
            Lane(
                runner.run,
                batch_commands_max=self._settings.batch_commands_max,
                batch_one_shard=self._settings.batch_one_shard,
                queue_commands_max=self._settings.lane_queue_commands_max,
                queue_waits=self._timings.queue_waits,
                mark=self._stopwatch.mark,
            )
            for runner in self._runners
        ]

    async def submit(self, submission: Submission) -> Answered:
        """Runs a command and returns its answer, or the one it was given before.

        Cancelling the wait cancels no command that has begun.

        Raises:
            RefusedError: The command is refused, now or before.
            Fault: It is not known to be answered; the same request may be sent again.
        """
        lane = self._lane_of(submission.wallet)
        return await lane.submit(task_of(submission), submission.deadline_seconds)

    async def submit_all(self, submissions: Sequence[Submission]) -> list[Answered | Exception]:
        """Runs commands and returns what became of each, in their order.

        They are queued at once, or none is. Those of one wallet run in their order,
        whatever becomes of the others. Where `submit` would raise, the exception
        stands in the place of the answer. Cancelling the wait drops the commands that
        have not begun, and no others.

        Raises:
            OverloadedError: There is no room for all of them. Nothing was done.
            ShuttingDownError: The server is about to stop. Nothing was done.
        """
        lanes = [self._lane_of(each.wallet) for each in submissions]
        for lane, commands_count in Counter(lanes).items():
            lane.check_room(commands_count)
        return await wait_for_all(
            [
                lane.enqueue(task_of(each), each.deadline_seconds)
                for lane, each in zip(lanes, submissions, strict=True)
            ]
        )

    def _lane_of(self, wallet: WalletRef) -> Lane:
        lanes = self._lanes
        return lanes[0] if len(lanes) == 1 else lanes[locate(wallet).shard % len(lanes)]

    async def drain(self) -> None:
        """Takes no more commands, finishes those it has taken, and closes."""
        await asyncio.gather(*(lane.drain() for lane in self._lanes))
        await asyncio.gather(*(each.close() for each in self._connections))
