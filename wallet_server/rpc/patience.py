"""How long a caller is waited for that is sent many messages."""

import asyncio
from collections.abc import Awaitable
from types import TracebackType
from typing import Self

from wallet_server.execution.errors import DeadlinePassedError


class Patience:
    """Waits for a caller to take messages, for none longer than so many seconds.

    A context within which messages are sent. It has one timer for all of them, as one for each
    takes a good part of the time that it takes to send a message.
    """

    def __init__(self, seconds: float) -> None:
        """Waits for nothing yet. There is a running loop."""
        self._seconds = seconds
        self._loop = asyncio.get_running_loop()
        self._timeout = asyncio.timeout(None)
        self._timer: asyncio.TimerHandle | None = None
        self._since_seconds: float | None = None

    async def __aenter__(self) -> Self:
        """Begins."""
        await self._timeout.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Ends.

        Raises:
            DeadlinePassedError: The caller has taken too long for a message.
        """
        if self._timer is not None:
            self._timer.cancel()
        try:
            await self._timeout.__aexit__(kind, error, traceback)
        except TimeoutError:
            raise DeadlinePassedError from None

    async def wait_for(self, taken: Awaitable[None]) -> None:
        """Waits until a message is taken. Where that takes too long, the context ends."""
        self._since_seconds = self._loop.time()
        if self._timer is None:
            self._look_at(self._since_seconds + self._seconds)
        try:
            await taken
        finally:
            self._since_seconds = None

    def _look_at(self, seconds: float) -> None:
        self._timer = self._loop.call_at(seconds, self._look)

    def _look(self) -> None:
        """Ends the context if a message was not taken in time. If it has time yet, looks later."""
        self._timer = None
        if self._since_seconds is None:
            return
        end_seconds = self._since_seconds + self._seconds
        if self._loop.time() >= end_seconds:
            self._timeout.reschedule(end_seconds)
        else:
            self._look_at(end_seconds)
