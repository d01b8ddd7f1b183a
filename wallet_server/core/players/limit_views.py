"""A player's limits as a reader sees them: what is used of each, and what is left."""

from collections.abc import Iterator
from datetime import datetime

from wallet_server.core.config.wallet_policy import DefaultLimit, LimitRules
from wallet_server.core.players.limit import Limit, LimitKind, LimitPeriod, PendingLimit
from wallet_server.core.players.limits import Cap, is_for, used_of
from wallet_server.core.players.player import Player
from wallet_server.core.value import value

KINDS, PERIODS = tuple(LimitKind), tuple(LimitPeriod)


@value
class LimitView:
    """A limit, in minor units of its currency.

    `used` is none for a single bet, and where a rate is missing; so is `remaining`, but for a
    single bet. A limit of the wallet policy has no `set_time`.
    """

    kind: LimitKind
    period: LimitPeriod
    amount: int
    currency_code: str
    used: int | None = None
    remaining: int | None = None
    set_time: datetime | None = None
    pending: PendingLimit | None = None

    @property
    def is_from_policy(self) -> bool:
        """Whether it is the wallet policy's, and not the player's own."""
        return self.set_time is None


def view_limits(
    player: Player, currency_code: str, rules: LimitRules, now: datetime
) -> tuple[LimitView, ...]:
    """Returns the limits that hold for a player's wallet in a currency, by kind and period.

    Of the same kind and period, the player's own comes first.
    """
    views = views_of(player, currency_code, rules, now)
    return tuple(sorted(views, key=place_of))


def place_of(view: LimitView) -> tuple[int, int, bool]:
    """Returns where a limit stands among the others."""
    return KINDS.index(view.kind), PERIODS.index(view.period), view.is_from_policy


def views_of(
    player: Player, currency_code: str, rules: LimitRules, now: datetime
) -> Iterator[LimitView]:
    """Yields the player's limits, and then the wallet policy's."""
    for limit in player.limits:
        used, remaining = used_and_left(limit, player, rules, now)
        yield LimitView(
            kind=limit.kind,
            period=limit.period,
            amount=limit.amount,
            currency_code=limit.currency_code,
            used=used,
            remaining=remaining,
            set_time=limit.set_time,
            pending=limit.pending,
        )
    for default in rules.defaults:
        if is_for(default, currency_code, rules):
            used, remaining = used_and_left(default, player, rules, now)
            yield LimitView(
                kind=default.kind,
                period=default.period,
                amount=default.amount,
                currency_code=default.currency_code,
                used=used,
                remaining=remaining,
            )


def used_and_left(
    limit: Limit | DefaultLimit, player: Player, rules: LimitRules, now: datetime
) -> tuple[int | None, int | None]:
    """Returns how much of a limit is used and what is left of it, as far as that can be said."""
    amount = limit.amount
    if limit.period is LimitPeriod.BET:
        return None, amount
    cap = Cap(limit.period, amount, limit.currency_code)
    used = used_of(player, limit.kind, cap, rules, now)
    return (used, max(0, amount - used)) if isinstance(used, int) else (None, None)
