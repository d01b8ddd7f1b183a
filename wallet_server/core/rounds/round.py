"""A round: bets and wins of one provider that belong together."""

from datetime import datetime
from enum import StrEnum

from wallet_server.core.item_key import ItemKey, ItemKind
from wallet_server.core.value import value

MEMBERS_MAX = 256
"""How many bets and wins a round may have for another bet to join it.

Every win looks at all of them.
"""

WINS_MAX = 1024
"""How many it may have for another win: a full round still pays what its bets win."""


class RoundState(StrEnum):
    """The life of a round."""

    OPEN = "OPEN"
    CLOSED = "CLOSED"
    CANCELLED = "CANCELLED"


def round_key(provider_id: str, round_ref: str) -> ItemKey:
    """Returns what a round is called among the wallet's items.

    Neither part has a space: their characters are printable ASCII without it.
    """
    return ItemKey(ItemKind.ROUND, f"{provider_id} {round_ref}")


def own_round_ref(bet_ref: str) -> str:
    """Returns what the round is called that a bet without a round is alone in.

    It is made with the bet's first win. No provider can send such a reference: it has a space.
    """
    return f"bet {bet_ref}"


@value
class Round:
    """The bets and wins of one round, by their references, in the order they came.

    `win_window_seconds` is for how long after its close it still takes wins, and
    `implicit_close_time` when it closes by itself; none for never. Both are the
    provider's as they were when the round began. `revision` counts its changes.
    """

    provider_id: str
    round_ref: str
    state: RoundState
    sequence: int
    create_time: datetime
    bet_refs: tuple[str, ...] = ()
    win_refs: tuple[str, ...] = ()
    win_window_seconds: int = 0
    implicit_close_time: datetime | None = None
    close_time: datetime | None = None
    revision: int = 1

    @property
    def key(self) -> ItemKey:
        """What it is called among the wallet's items."""
        return round_key(self.provider_id, self.round_ref)

    @property
    def member_count(self) -> int:
        """How many bets and wins it has."""
        return len(self.bet_refs) + len(self.win_refs)

    @property
    def is_live(self) -> bool:
        """Whether commands look at it though they do not name it: they always name it."""
        return False

    @property
    def due_time(self) -> datetime | None:
        """When time has something to do about it."""
        return self.implicit_close_time if self.state is RoundState.OPEN else None
