"""A process that reads events for this one, and who waits for its answers."""

import asyncio
import logging
import math
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from contextvars import Context

from wallet_server.interpreter import environment
from wallet_server.watching.messages import HEAD, Asked, Job, frame

logger = logging.getLogger(__name__)

PROGRAM = ("-P", "-m", "wallet_server.watching.event_process")

ANSWER_BYTES_MAX = 1_048_576
"""How much of answers waits to be read before its writer has to."""

LOOK_SECONDS = 1.0
"""How often it is looked whether a process that was asked has answered anything."""

WAITS_MAX = 5
"""How many connections and statements an answer may wait for, each as long as one may take."""

SILENCE_GRACE_SECONDS = 30
"""How much longer it may be silent, as a busy machine loads it slowly."""


class ProcessEndedError(Exception):
    """The process has ended, and has not answered."""


class RunningProcess:
    """A process, and who waits for its answers.

    One that was asked and answers nothing at all for too long is killed: whatever has stopped it,
    nobody would hear of events any more.
    """

    def __init__(self, process: Process, *, silence_seconds_max: float) -> None:
        """Listens from now on."""
        self._process = process
        self._missed_count_max = math.ceil(silence_seconds_max / LOOK_SECONDS)
        self._missed_count = 0
        self._looking: asyncio.TimerHandle | None = None
        self._waiting: dict[int, asyncio.Future[bytes]] = {}
        self._number = 0
        self._is_closing = False
        self.has_ended = False
        self._listening = asyncio.create_task(self._listen())

    @classmethod
    async def start(cls, job: Job) -> "RunningProcess":
        """Starts it, in a session that no terminal can interrupt.

        Raises:
            OSError: The machine has no room for it.
        """
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, *PROGRAM),
            stdin=PIPE,
            stdout=PIPE,
            limit=ANSWER_BYTES_MAX,
            env=environment(),
            start_new_session=True,
        )
        running = cls(
            process,
            silence_seconds_max=WAITS_MAX * job.statement_timeout_seconds + SILENCE_GRACE_SECONDS,
        )
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
        self._look_later()
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
        self._kill()
        await self._process.wait()

    def _kill(self) -> None:
        with suppress(ProcessLookupError):
            self._process.kill()

    def _look_later(self) -> None:
        """Has it looked at in a while, if nobody does already."""
        if self._looking is None:
            loop = asyncio.get_running_loop()
            self._looking = loop.call_later(LOOK_SECONDS, self._look, context=Context())

    def _look(self) -> None:
        """Kills it if it was silent too often when somebody waited.

        Silence is counted in turns of this loop, so that a machine that was asleep is no reason.
        """
        self._looking = None
        if not self._waiting or self.has_ended:
            return
        self._missed_count += 1
        if self._missed_count >= self._missed_count_max:
            logger.error("killing a silent process that reads events")
            self._kill()
        else:
            self._look_later()

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
                self._missed_count = 0
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
        if self._looking is not None:
            self._looking.cancel()
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(ProcessEndedError())
