"""What one account came to, by day and by kind of command."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from wallet_server.core.exports.totals import NOTHING, Total


class DayKey(NamedTuple):
    """A day, and a kind of command, by name."""

    day: date
    command: str


class AccountBook:
    """Adds up what changed an account: before the days begin, on each, and what is not shown."""

    def __init__(self) -> None:
        """Begins with nothing."""
        self.opening = 0
        self._days: dict[DayKey, Total] = {}
        self.hidden = NOTHING

    def add(self, day: date | None, command: str, total: Total, *, is_shown: bool) -> None:
        """Takes changes. What has no day was before."""
        if day is None:
            self.opening += total.net
        elif is_shown:
            key = DayKey(day, command)
            self._days[key] = plus(self._days.get(key, NOTHING), total)
        else:
            self.hidden = plus(self.hidden, total)

    @property
    def days(self) -> Mapping[DayKey, Total]:
        """What is shown, in order."""
        return {key: self._days[key] for key in sorted(self._days)}

    @property
    def shown(self) -> Total:
        """What is shown, in all."""
        found = NOTHING
        for total in self._days.values():
            found = plus(found, total)
        return found

    @property
    def closing(self) -> int:
        """What the account came to at last."""
        return self.opening + self.shown.net + self.hidden.net

    @property
    def is_empty(self) -> bool:
        """Whether there was nothing, and nothing came."""
        return not (self.opening or self._days or self.hidden.change_count)


def plus(left: Total, right: Total) -> Total:
    """Adds two totals."""
    return Total(*(each + more for each, more in zip(left, right, strict=True)))
