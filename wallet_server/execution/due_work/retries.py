"""Due items that must wait before they are tried again.

Each waits longer every time, so that one that nothing can be done about costs little, and
the others nothing.
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from wallet_server.core.due_commands import due_name
from wallet_server.core.ids import WalletRef
from wallet_server.storage.due_items import DueItem

ItemName: TypeAlias = tuple[WalletRef, tuple[str, str]]

DOUBLINGS_MAX = 30
RETRIES_MAX = 10_000
"""Items that are remembered. Beyond, the one that has waited longest is forgotten."""


def growing_pause(first_seconds: float, seconds_max: float, doublings_count: int) -> float:
    """Returns a pause that doubles so often, up to a limit: its upper half at random.

    The first is never cut short.
    """
    seconds = first_seconds * 2 ** min(doublings_count, DOUBLINGS_MAX)
    seconds = min(seconds, max(first_seconds, seconds_max))
    return random.uniform(seconds / 2, seconds)  # noqa: S311 - jitter, no secret.


@dataclass(slots=True)
class Retry:
    """An item that was tried so often, as of a revision, and waits until a time."""

    revision: int
    attempts_count: int
    wait_until_seconds: float
    was_seen: bool = True


class Retries:
    """Which items this process has tried to no avail, and when it tries them again.

    Times are in seconds of a clock that never goes back.
    """

    def __init__(
        self, *, first_seconds: float, seconds_max: float, items_max: int = RETRIES_MAX
    ) -> None:
        """Remembers nobody yet."""
        self._first_seconds = first_seconds
        self._seconds_max = seconds_max
        self._items_max = items_max
        self._retries: dict[ItemName, Retry] = {}

    def ready(self, items: Iterable[DueItem], now_seconds: float) -> list[DueItem]:
        """Returns the items that need not wait. Those that have changed never do."""
        return [item for item in items if not self._must_wait(item, now_seconds)]

    def attempts_count(self, item: DueItem) -> int:
        """Returns how often an item was tried to no avail, as it is now."""
        retry = self._retries.get(name_of(item))
        return retry.attempts_count if retry and retry.revision == item.revision else 0

    def note(self, item: DueItem, now_seconds: float) -> None:
        """Notes that an item was tried to no avail."""
        count = self.attempts_count(item) + 1
        pause = growing_pause(self._first_seconds, self._seconds_max, count - 1)
        self._retries.pop(name_of(item), None)  # So that it counts as the newest.
        self._retries[name_of(item)] = Retry(item.revision, count, now_seconds + pause)
        if len(self._retries) > self._items_max:
            del self._retries[next(iter(self._retries))]

    def forget_unseen(self) -> None:
        """Forgets the items that `ready` was not asked about since this was last called."""
        self._retries = {name: retry for name, retry in self._retries.items() if retry.was_seen}
        for retry in self._retries.values():
            retry.was_seen = False

    def _must_wait(self, item: DueItem, now_seconds: float) -> bool:
        retry = self._retries.get(name_of(item))
        if retry is None:
            return False
        retry.was_seen = True
        return retry.revision == item.revision and now_seconds < retry.wait_until_seconds


def name_of(item: DueItem) -> ItemName:
    """Returns what an item is called among those of all wallets."""
    return item.wallet, due_name(item.key)
