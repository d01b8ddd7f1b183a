"""One worker of a server: a number that always has a process, one after the other."""

import asyncio
import logging
import time
from collections.abc import Sequence
from contextlib import suppress

from wallet_server.serving.backoff import Backoff
from wallet_server.serving.messages import Alive, Failed, Orders, Report, Serving
from wallet_server.serving.numbers import Numbers
from wallet_server.serving.state import WorkerState, WorkerView
from wallet_server.serving.worker_process import WorkerProcess

logger = logging.getLogger(__name__)


class Slot:
    """Starts its worker, notes what it reports, and starts it again when it has ended."""

    def __init__(self, command: Sequence[str], orders: Orders) -> None:
        """Starts nothing yet. `command` is what runs a worker."""
        self._command = command
        self._orders = orders
        settings = orders.settings
        self._backoff = Backoff(
            settings.worker_restart_delay_seconds, settings.worker_restart_delay_seconds_max
        )
        self._stopping = asyncio.Event()
        self._is_renewed = False
        self._start: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._state = WorkerState.STARTING
        self._process: WorkerProcess | None = None
        self._served_since: float | None = None
        self._starts_count = 0
        self._before = Numbers()
        self._latest = Numbers()

    async def run(self) -> None:
        """Keeps the worker running until it is to stop, and until it has."""
        while not self._stopping.is_set():
            await self._run_process()

    async def wait_for_start(self) -> str:
        """Waits until the process serves, or ended before it did. Returns why it ended, if so."""
        return await asyncio.shield(self._start)

    async def renew(self) -> str:
        """Replaces the process by a new one, which has the same orders.

        Returns when it serves: nothing; or what kept it from that, though it will be
        tried again. A worker that does not serve is left alone: its turn comes anyway.
        """
        if self._state is not WorkerState.SERVING:
            return ""
        self._is_renewed = True
        self._start = asyncio.get_running_loop().create_future()
        self._end_lifeline()
        return await self.wait_for_start()

    def stop(self) -> None:
        """Has the worker finish what it has accepted, for good."""
        self._stopping.set()
        self._end_lifeline()

    def kill(self) -> None:
        """Ends the process at once, for good."""
        self._stopping.set()
        if self._process is not None:
            self._process.kill()

    def look(self) -> WorkerView:
        """Returns how it is doing."""
        since = self._served_since
        return WorkerView(
            number=self._orders.number,
            state=self._state,
            pid=None if self._process is None else self._process.pid,
            restarts=max(self._starts_count - 1, 0),
            uptime_seconds=0 if since is None else time.monotonic() - since,
            numbers=self._latest.after(self._before),
        )

    async def _run_process(self) -> None:
        """Runs one process to its end, and pauses if there will be another."""
        self._state = WorkerState.STARTING
        self._starts_count += 1
        if self._start.done():
            self._start = asyncio.get_running_loop().create_future()
        process = await WorkerProcess.start(self._command, self._orders)
        self._process = process
        if self._stopping.is_set():
            self._end_lifeline()
        reason = ""
        async for report in process.reports():
            reason = self._note(report) or reason
        await self._end(await process.wait(), reason)

    def _note(self, report: Report) -> str:
        """Notes what the worker reports. Returns why it will end, if it says so."""
        match report:
            case Serving():
                self._served_since = time.monotonic()
                if self._state is WorkerState.STARTING:
                    self._state = WorkerState.SERVING
                self._start.set_result("")
                logger.info("worker serving", extra=self._names())
            case Alive(numbers):
                self._latest = numbers
            case Failed(reason):
                return reason
        return ""

    async def _end(self, how: str, reason: str) -> None:
        """Notes the end of the process, and pauses unless the end was wanted."""
        names, was_wanted = self._names(), self._stopping.is_set() or self._is_renewed
        served_seconds = 0.0
        if self._served_since is not None:
            served_seconds = time.monotonic() - self._served_since
        elif not self._start.done():
            self._start.set_result(reason or f"Worker {names['worker']} ended with {how} at once.")
        self._before, self._latest = self._latest.after(self._before).ended(), Numbers()
        self._state, self._process, self._served_since = WorkerState.ENDED, None, None
        self._is_renewed = False
        pause = 0.0 if was_wanted else self._backoff.next_seconds(served_seconds=served_seconds)
        logger.log(
            logging.INFO if was_wanted and how == "0" else logging.WARNING,
            "worker ended",
            extra={**names, "exit": how, "reason": reason, "pause_seconds": round(pause, 3)},
        )
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), pause)

    def _end_lifeline(self) -> None:
        if self._process is not None:
            self._state = WorkerState.STOPPING
            self._process.stop()

    def _names(self) -> dict[str, object]:
        pid = None if self._process is None else self._process.pid
        return {"worker": self._orders.number, "pid": pid}
