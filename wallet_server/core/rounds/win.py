"""A win that a provider credits under a reference of its own, and what else has one."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from wallet_server.core.config.provider_profile import CorrectionShortfall
from wallet_server.core.config.wallet_policy import RecoveryScope
from wallet_server.core.entry import Move, Vector, net, plus
from wallet_server.core.ids import BetKey
from wallet_server.core.rounds.win_kind import WinKind
from wallet_server.core.value import value


class WinState(StrEnum):
    """The life of a win. SUSPENDED: it came too late, and somebody must decide."""

    CREDITED = "CREDITED"
    SUSPENDED = "SUSPENDED"
    RETURNED = "RETURNED"
    ROLLED_BACK = "ROLLED_BACK"


WITH_EFFECT = frozenset({WinState.CREDITED, WinState.SUSPENDED})


@value
class WinShare:
    """The part of a win that one funding line of a bet has, before anything is kept of it.

    `returned` and `profit` are what was paid of it, to the line's destinations: less than
    the share where stake is not returned or a cap was reached.
    """

    bet_ref: str
    line: int
    amount: int
    returned: int = 0
    profit: int = 0


@value
class WinSnapshot:
    """What a win keeps of the configuration it was credited under, for its corrections."""

    correction_shortfall: CorrectionShortfall = CorrectionShortfall.DEBT
    recovery_scope: RecoveryScope = RecoveryScope.ALL_CASH
    recovery_order: tuple[str, ...] = ()


ORDINARY_SNAPSHOT = WinSnapshot()


@value
class Win:
    """A win under its own reference, among those of bets.

    `bet_ref` and `round_ref` are what it was credited to; either may be empty. `moves` is
    what it should have done to the books, for a rolled back win too; `substitutions` what it
    really did otherwise, as in a bet. `shares` tells how it was split, which is never done
    again. A `summary` has moved nothing. `requirement_id` is the rolling requirement that
    it opened, if it did. `revision` counts its changes.
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
    summary: bool = False
    requirement_id: str = ""
    snapshot: WinSnapshot = ORDINARY_SNAPSHOT

    @property
    def position(self) -> Vector:
        """What the win, as it stands, should have done to every account."""
        return net(self.moves) if self.state in WITH_EFFECT else {}

    @property
    def replanned(self) -> Mapping[str, str]:
        """Nothing: a win goes where its bets' plans send it when it is credited."""
        return {}

    @property
    def posted(self) -> Vector:
        """What it really has done: substitutions included."""
        return plus(self.position, net(self.substitutions))


@value
class CashOutRef:
    """The reference of a cash-out, which is a portion of a bet. It keeps its name taken.

    A cash-out that was rolled back never may be made again. `stake` and `payout` are what
    its portion had.
    """

    key: BetKey
    bet_ref: str
    sequence: int
    create_time: datetime
    rolled_back: bool = False
    revision: int = 1
    stake: int = 0
    payout: int = 0
