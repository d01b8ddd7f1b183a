"""The supervisor's end of a worker."""

import asyncio
import logging
import signal
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress

from wallet_server.interpreter import environment
from wallet_server.serving.messages import (
    END_SECONDS,
    REPORT_SECONDS,
    Orders,
    Report,
    decode_report,
)

logger = logging.getLogger(__name__)

START_REPORTS_MAX = 60
"""How many reports a worker may miss, at least, before its first."""


class WorkerProcess:
    """A running worker. It ends soon after its lifeline, which ends with this process."""

    def __init__(self, process: Process, orders: Orders) -> None:
        """Takes what `start` has started."""
        self._process = process
        self._orders = orders
        self._killing: asyncio.TimerHandle | None = None

    @classmethod
    async def start(cls, command: Sequence[str], orders: Orders) -> "WorkerProcess":
        """Starts a worker: a new interpreter, in a session that no terminal can interrupt."""
        process = await asyncio.create_subprocess_exec(
            *command, stdin=PIPE, stdout=PIPE, env=environment(), start_new_session=True
        )
        assert process.stdin is not None
        process.stdin.write(orders.encode())
        return cls(process, orders)

    @property
    def pid(self) -> int:
        """The id of the process."""
        return self._process.pid

    async def reports(self) -> AsyncGenerator[Report]:
        """Yields what the worker reports, until it has ended. Kills it if it falls silent.

        Silence is counted in turns of this loop, so that a machine that was asleep is
        no reason to kill anybody. Before its first report a worker loads the program, which
        takes a busy machine longer than any report after it.
        """
        assert self._process.stdout is not None
        silence_max = self._orders.settings.worker_silence_seconds_max
        allowed_count, missed_count = max(silence_max, START_REPORTS_MAX), 0
        while True:
            try:
                async with asyncio.timeout(REPORT_SECONDS):
                    line = await self._process.stdout.readline()
            except TimeoutError:
                missed_count += 1
                if missed_count == allowed_count:
                    logger.error("killing a silent worker", extra=self._names())  # noqa: TRY400 - where is no news.
                    self.kill()
                continue
            if not line:
                return
            allowed_count, missed_count = silence_max, 0
            try:
                yield decode_report(line)
            except ValueError:
                logger.warning("a worker said what is no report", extra=self._names())

    def stop(self) -> None:
        """Ends the lifeline: the worker finishes what it has accepted, or is killed in the end."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        if self._killing is None:
            seconds = self._orders.settings.drain_seconds + END_SECONDS
            self._killing = asyncio.get_running_loop().call_later(seconds, self._give_up)

    def kill(self) -> None:
        """Ends it at once."""
        with suppress(ProcessLookupError):
            self._process.kill()

    async def wait(self) -> str:
        """Waits until it has ended. Returns how: its exit code, or the name of a signal."""
        code = await self._process.wait()
        if self._killing is not None:
            self._killing.cancel()
        return describe_exit(code)

    def _give_up(self) -> None:
        logger.error("killing a worker that does not end", extra=self._names())
        self.kill()

    def _names(self) -> dict[str, object]:
        return {"worker": self._orders.number, "pid": self.pid}


def describe_exit(code: int) -> str:
    """Returns an exit code, or the name of the signal that ended a process."""
    if code >= 0:
        return str(code)
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"
