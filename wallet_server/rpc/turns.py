"""Long work in the loop that all calls share, in turns between which others go on."""

import asyncio
from collections.abc import Callable

TURN_SECONDS = 0.002
"""About what ten single calls take, so that one of many commands holds none of them up long."""


class Turns:
    """The turns of one call, by time and not by count: commands differ a hundredfold.

    The first begins when it is made.
    """

    def __init__(self, now_seconds: Callable[[], float]) -> None:
        """Goes by a clock, which need not be that of the loop."""
        self._now_seconds = now_seconds
        self._end_seconds = now_seconds() + TURN_SECONDS

    def is_over(self) -> bool:
        """Tells whether others should go on now."""
        return self._now_seconds() >= self._end_seconds

    async def next(self) -> None:
        """Lets others go on, and begins another turn."""
        await asyncio.sleep(0)
        self._end_seconds = self._now_seconds() + TURN_SECONDS
