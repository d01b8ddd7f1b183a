"""Reads of those who are behind: one page at a time in a process, as commands come first.

What it takes of the processor to read a page is told with it, and a pause follows in proportion.
The more this process does, the longer; where it does little, readers get half of a processor. How
much it does shows in the processor's time, and, where others use the processors too, in how late
it wakes.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from wallet_server.execution.watching.encoded import EncodedPage

SHARE_MAX = 0.5
"""Of a processor: what reading has where this process does little."""

SHARE_MIN = 0.05
"""What reading has at the least."""

WORK_SHARE = 0.6
"""Of what a page takes of the processor: to encode it. The rest is to read and to send it."""

BUSY_SHARE = 0.8
"""How much of a processor this process may use before reading gets the least."""

LATE_SECONDS = 0.003
"""By how much a busy process wakes too late, on the average."""

LAST_WEIGHT = 0.2
"""What the last time counts in that average."""

MEASURED_SECONDS_MIN = 0.2
"""Shorter spans say too little of what it does."""

Clock: TypeAlias = Callable[[], float]


class Turns:
    """Gives turns to read, in the order in which they were asked for."""

    def __init__(
        self,
        *,
        clock: Clock = time.perf_counter,
        processor_clock: Clock = time.process_time,
        pause: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """Takes this process to do nothing, until it is measured."""
        self._turn = asyncio.Lock()
        self._clock = clock
        self._processor_clock = processor_clock
        self._pause = pause
        self._used_share = 0.0
        self._late_seconds = 0.0
        self._measured = clock(), processor_clock()

    async def take(self, read: Callable[[], Awaitable[EncodedPage]]) -> EncodedPage:
        """Reads a page; the next turn comes after a pause."""
        async with self._turn:
            page = await read()
            await self._pause_for(self._pause_seconds(page.processor_seconds / WORK_SHARE))
        return page

    async def _pause_for(self, seconds: float) -> None:
        """Waits, and notes by how much longer than it should have been."""
        began = self._clock()
        await self._pause(seconds)
        late_seconds = self._clock() - began - seconds
        self._late_seconds += (late_seconds - self._late_seconds) * LAST_WEIGHT

    def _pause_seconds(self, spent_seconds: float) -> float:
        self._measure()
        used_share = max(self._used_share, BUSY_SHARE * self._late_seconds / LATE_SECONDS)
        share = min(max(BUSY_SHARE - used_share, SHARE_MIN), SHARE_MAX)
        return spent_seconds * (1 / share - 1)

    def _measure(self) -> None:
        """Looks how much of the processor this process has used of late."""
        now = self._clock(), self._processor_clock()
        seconds = now[0] - self._measured[0]
        if seconds >= MEASURED_SECONDS_MIN:
            self._used_share = (now[1] - self._measured[1]) / seconds
            self._measured = now
