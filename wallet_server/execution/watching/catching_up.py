"""Reads of those who are behind: one page at a time in a process, as commands come first.

What a page takes of the processor is measured, and a pause follows in proportion. The more the
process does beside, the longer; where it does little, a reader gets half of its time. How much it
does shows in the processor's time, and, where others use the processors too, in how late it wakes.
The least is a part of what the process uses for other things, not of all time: where others leave
it little, commands come first all the same.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeAlias, TypeVar

SHARE_MAX = 0.5
"""Of the time of a process: what reading has where there is nothing else."""

SHARE_MIN = 0.01
"""What reading has at the least, of what the process uses for other things."""

USED_SHARE_MIN = 0.25
"""What the process is taken to use for other things in that, though it may be less."""

WORK_SHARE = 0.6
"""Of what a page takes of the processor: the work on it. The rest is to read and to send it."""

BUSY_SHARE = 0.8
"""What all that a process does may come to before reading gets the least."""

LATE_SECONDS = 0.003
"""By how much a busy process wakes too late, on the average."""

LAST_WEIGHT = 0.2
"""What the last time counts in that average."""

MEASURED_SECONDS_MIN = 0.2
"""Shorter spans say too little of what the process does beside."""

T = TypeVar("T")
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
        """Takes the process to do nothing else, until it is measured."""
        self._turn = asyncio.Lock()
        self._clock = clock
        self._processor_clock = processor_clock
        self._pause = pause
        self._others_share = 0.0
        self._late_seconds = 0.0
        self._spent_seconds = 0.0
        self._measured = clock(), processor_clock()

    async def take(self, read: Callable[[], Awaitable[T]], work: Callable[[T], object]) -> T:
        """Reads, and works on what was read; the next turn comes after a pause.

        The work is what is measured: while it reads, the process does other things too.
        """
        async with self._turn:
            found = await read()
            began = self._processor_clock()
            work(found)
            spent_seconds = (self._processor_clock() - began) / WORK_SHARE
            await self._pause_for(self._pause_seconds(spent_seconds))
        return found

    async def _pause_for(self, seconds: float) -> None:
        """Waits, and notes by how much longer than it should have been."""
        began = self._clock()
        await self._pause(seconds)
        late_seconds = self._clock() - began - seconds
        self._late_seconds += (late_seconds - self._late_seconds) * LAST_WEIGHT

    def _pause_seconds(self, spent_seconds: float) -> float:
        self._spent_seconds += spent_seconds
        self._measure()
        used_share = max(self._others_share, BUSY_SHARE * self._late_seconds / LATE_SECONDS)
        least_share = SHARE_MIN * max(self._others_share, USED_SHARE_MIN)
        share = min(max(BUSY_SHARE - used_share, least_share), SHARE_MAX)
        return spent_seconds * (1 / share - 1)

    def _measure(self) -> None:
        """Looks how much of the processor the process has used for other things of late."""
        now = self._clock(), self._processor_clock()
        seconds = now[0] - self._measured[0]
        if seconds >= MEASURED_SECONDS_MIN:
            used_seconds = now[1] - self._measured[1] - self._spent_seconds
            self._others_share = max(used_seconds, 0.0) / seconds
            self._measured, self._spent_seconds = now, 0.0
