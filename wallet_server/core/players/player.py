"""A player, over all of the player's wallets: what batches look at and change."""

from datetime import datetime

from wallet_server.core.players.limit import Limit, LimitKind
from wallet_server.core.players.status import AccountStatus
from wallet_server.core.players.usage import Usage
from wallet_server.core.value import value


@value
class Player:
    """What holds for all wallets of a player, as it is after so many changes (`revision`).

    `limits` and `usages` are in the order of their kinds, periods and currencies, each once.
    """

    status: AccountStatus = AccountStatus.ACTIVE
    limits: tuple[Limit, ...] = ()
    usages: tuple[Usage, ...] = ()
    revision: int = 0

    @property
    def limits_bets(self) -> bool:
        """Whether any of the limits is on what bets stake or lose."""
        return any(limit.kind is not LimitKind.DEPOSIT for limit in self.limits)

    @property
    def due_time(self) -> datetime | None:
        """When time first has something to do about it."""
        times = [limit.pending.lapse_time for limit in self.limits if limit.pending is not None]
        return min(times, default=None)


ORDINARY_PLAYER = Player()
"""One who may do everything and has no limits."""
