"""A win that a provider credits under a reference of its own, and what else has one."""

from datetime import datetime
from enum import StrEnum

from wallet_server.core.entry import Move
from wallet_server.core.ids import BetKey
from wallet_server.core.value import value


class WinKind(StrEnum):
    """What was won. Only a ROUND win needs a bet, and shares its bets' sources."""

    ROUND = "ROUND"
    FREE_ROUND = "FREE_ROUND"
    PROMO_WIN = "PROMO_WIN"
    JACKPOT = "JACKPOT"


class WinState(StrEnum):
    """The life of a win. SUSPENDED: it came too late, and somebody must decide."""

    CREDITED = "CREDITED"
    SUSPENDED = "SUSPENDED"
    RETURNED = "RETURNED"
    ROLLED_BACK = "ROLLED_BACK"


@value
class WinShare:
    """The part of a win that one funding line of a bet has, before anything is kept of it."""

    bet_ref: str
    line: int
    amount: int


@value
class Win:
    """A win under its own reference, among those of bets.

    `bet_ref` and `round_ref` are what it was credited to; either may be empty. `moves` is
    what it should have done to the books, for a rolled back win too; `substitutions` what it
    really did otherwise, as in a bet. `shares` tells how it was split, which is never done
    again. `house` is the house's account that paid. `revision` counts its changes.
    """

    key: BetKey
    state: WinState
    kind: WinKind
    amount: int
    sequence: int
    create_time: datetime
    round_ref: str = ""
    bet_ref: str = ""
    pool: str = ""
    late: bool = False
    moves: tuple[Move, ...] = ()
    shares: tuple[WinShare, ...] = ()
    substitutions: tuple[Move, ...] = ()
    revision: int = 1


@value
class CashOutRef:
    """The reference of a cash-out, which is a portion of a bet. It keeps its name taken.

    A cash-out that was rolled back never may be made again.
    """

    key: BetKey
    bet_ref: str
    sequence: int
    create_time: datetime
    rolled_back: bool = False
    revision: int = 1
