"""How much of a transfer edge's daily cap is used."""

from datetime import date, datetime

from wallet_server.core.item_key import ItemKey, ItemKind
from wallet_server.core.value import value


def usage_key(source: str, target: str) -> ItemKey:
    """Returns what the usage of an edge is called among the wallet's items."""
    return ItemKey(ItemKind.EDGE_USAGE, f"{source} {target}")


@value
class EdgeUsage:
    """What was transferred along an edge on the day (UTC) that it was last used.

    `amount` is in minor units of the source.
    """

    source: str
    target: str
    day: date
    amount: int
    sequence: int
    create_time: datetime
    revision: int = 1

    @property
    def key(self) -> ItemKey:
        """What it is called among the wallet's items."""
        return usage_key(self.source, self.target)

    @property
    def is_live(self) -> bool:
        """Whether commands look at it though they do not name it: they name the edge."""
        return False

    @property
    def due_time(self) -> datetime | None:
        """When time has something to do about it: never."""
        return None
