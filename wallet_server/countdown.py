"""Time that several steps share, one after the other."""

import asyncio
import time
from collections.abc import Awaitable


class Countdown:
    """Seconds that run from when somebody first asks what is left of them.

    Nobody is left with nothing: whoever comes too late still has `LAST_SECONDS`,
    enough to end what only has to be ended.
    """

    LAST_SECONDS = 1.0

    def __init__(self, seconds: float) -> None:
        """Runs later."""
        self.seconds = seconds
        self._until: float | None = None

    def left(self) -> float:
        """Returns how many seconds are left."""
        if self._until is None:
            self._until = time.monotonic() + self.seconds
        return max(self._until - time.monotonic(), self.LAST_SECONDS)

    async def suffices(self, ending: Awaitable[None]) -> bool:
        """Lets something end in what is left, and gives it up where it has not. Tells which."""
        try:
            await asyncio.wait_for(ending, self.left())
        except TimeoutError:
            return False
        return True
