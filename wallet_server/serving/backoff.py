"""Pauses that grow while something keeps failing."""

import random


class Backoff:
    """The pauses before a worker is started again: doubling, to a limit, never the same for two."""

    def __init__(self, first_seconds: float, seconds_max: float) -> None:
        """Begins with the first."""
        self._first_seconds = min(first_seconds, seconds_max)
        self._seconds_max = seconds_max
        self._next_seconds = self._first_seconds

    def next_seconds(self, *, served_seconds: float) -> float:
        """Returns the next pause: its upper half at random.

        A worker that had served for longer than the longest pause begins anew.
        """
        if served_seconds > self._seconds_max:
            self._next_seconds = self._first_seconds
        limit, self._next_seconds = (
            self._next_seconds,
            min(self._next_seconds * 2, self._seconds_max),
        )
        return random.uniform(limit / 2, limit)  # noqa: S311 - jitter, no secret.
