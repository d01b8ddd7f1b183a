"""Where time comes from. Nothing else in the program may ask what time it is."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Returns the time, in UTC. It may go back, as clocks of machines do."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """Returns the time, in UTC."""
        return datetime.now(UTC)


class AdvancedClock:
    """The clock of the machine, put forward: for scenarios in which hours pass."""

    def __init__(self) -> None:
        self._advance = timedelta()

    def now(self) -> datetime:
        """Returns the time plus all it was put forward, in UTC."""
        return datetime.now(UTC) + self._advance

    def advance(self, duration: timedelta) -> None:
        """Puts the clock forward. It cannot be put back."""
        assert duration >= timedelta()
        self._advance += duration
