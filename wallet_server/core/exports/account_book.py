"""What one account came to, by day, provider type and kind of command."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from wallet_server.core.statements.totals import NOTHING, LineTotal


class BookKey(NamedTuple):
    """A day, a provider type, empty for none, and a kind of command, by name."""

    day: date
    provider_type: str
    command: str


class AccountBook:
    """Adds up what changed an account: before the time that is asked for, and in it."""

    def __init__(self) -> None:
        """Begins with nothing."""
        self.opening = 0
        self.hidden = NOTHING
        self._lines: dict[BookKey, LineTotal] = {}

    def add_before(self, total: LineTotal) -> None:
        """Takes changes from before."""
        self.opening += net(total)

    def add(self, key: BookKey, total: LineTotal, *, is_shown: bool) -> None:
        """Takes changes."""
        if is_shown:
            self._lines[key] = self._lines.get(key, NOTHING).plus(total)
        else:
            self.hidden = self.hidden.plus(total)

    @property
    def lines(self) -> Mapping[BookKey, LineTotal]:
        """What is shown, in order."""
        return {key: self._lines[key] for key in sorted(self._lines)}

    @property
    def closing(self) -> int:
        """What the account came to at last."""
        return self.opening + net(sum_of(self._lines.values())) + net(self.hidden)

    @property
    def is_empty(self) -> bool:
        """Whether there was nothing, and nothing came."""
        return not (self.opening or self._lines or self.hidden.changes_count)


def net(total: LineTotal) -> int:
    """Returns by how much an account has grown."""
    return total.credits - total.debits


def sum_of(totals: Iterable[LineTotal]) -> LineTotal:
    """Returns all together."""
    found = NOTHING
    for total in totals:
        found = found.plus(total)
    return found
