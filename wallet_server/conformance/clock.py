"""The time in a scenario: the same in every run."""

from datetime import UTC, datetime, timedelta

START = datetime(2026, 1, 1, tzinfo=UTC)


class ScenarioClock:
    """Stands still at the start of 2026, but for what a scenario lets go by."""

    def __init__(self) -> None:
        self._now = START

    def now(self) -> datetime:
        """Returns the time, in UTC."""
        return self._now

    def advance(self, duration: timedelta) -> None:
        """Lets time go by."""
        assert duration >= timedelta()
        self._now += duration

    def reset(self) -> None:
        """Goes back to the start, for the next scenario: it has another tenant."""
        self._now = START
