"""Where time comes from. Nothing else in the program may ask what time it is."""

from datetime import UTC, datetime
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
