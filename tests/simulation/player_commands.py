"""Random commands on what a player may do, and how much of it."""

from datetime import timedelta
from typing import TYPE_CHECKING

from tests.simulation.persons import draw_person
from wallet_server.core.amounts import INT64_MAX
from wallet_server.core.commands import (
    Amount,
    Command,
    ConfirmLimitIncrease,
    SetAccountStatus,
    SetLimit,
)
from wallet_server.core.ids import WalletRef
from wallet_server.core.players.limit import Limit, LimitKind, LimitPeriod
from wallet_server.core.players.status import AccountStatus

if TYPE_CHECKING:
    from tests.simulation.commands import CommandSource

MINUTE = timedelta(minutes=1)
MOST = {
    LimitPeriod.BET: 40,
    LimitPeriod.DAY: 120,
    LimitPeriod.WEEK: 250,
    LimitPeriod.MONTH: 700,
}
"""What limits are drawn up to, so that players come to them."""


def draw_status(source: "CommandSource", ref: WalletRef) -> SetAccountStatus:
    """Draws a status. What keeps players from playing does not last."""
    random = source.random
    status = AccountStatus.ACTIVE
    is_active = source.store.player(ref).status is AccountStatus.ACTIVE
    if random.random() < (0.4 if is_active else 0.15):
        status = random.choice(list(AccountStatus))
    return SetAccountStatus(status, "TEST", actor=draw_person(random))


def draw_limit(source: "CommandSource", ref: WalletRef) -> SetLimit:
    """Draws a limit: a new one, one that is changed a little, or one that is to go."""
    random = source.random
    known = source.store.player(ref).limits
    if known and random.random() < 0.6:
        limit = random.choice(known)
        return SetLimit(limit.kind, limit.period, draw_change(source, ref, limit))
    kind = random.choice(list(LimitKind))
    period = random.choice(list(LimitPeriod))
    if period is LimitPeriod.BET and random.random() < 0.9:
        kind = LimitKind.STAKE
    most = MOST[period]
    return SetLimit(kind, period, source.amount(ref, most // 4, most), draw_person(random))


def draw_change(source: "CommandSource", ref: WalletRef, limit: Limit) -> Amount | None:
    """Draws what a limit is to be instead. None takes it away."""
    drawn = source.random.random()
    if drawn < 0.2:
        return None if drawn < 0.15 else source.amount(ref, 10, MOST[limit.period])
    factor = source.random.choice([0.8, 1.0, 1.5, 4.0])
    # Huge amounts are drawn too, and no request carries more than the largest.
    return Amount(ref.currency_code, min(max(1, int(limit.amount * factor)), INT64_MAX))


def draw_confirm(source: "CommandSource", ref: WalletRef) -> ConfirmLimitIncrease:
    random = source.random
    waiting = [each for each in source.store.player(ref).limits if each.pending is not None]
    if waiting and random.random() < 0.9:
        limit = random.choice(waiting)
        return ConfirmLimitIncrease(limit.kind, limit.period, lapsed=random.random() < 0.1)
    return ConfirmLimitIncrease(
        random.choice(list(LimitKind)), random.choice(list(LimitPeriod)), random.random() < 0.2
    )


def draw_due(source: "CommandSource", ref: WalletRef) -> Command | None:
    """Draws what a scheduler would submit for a player; a minute too early now and then."""
    player = source.store.player(ref)
    if player.due_time is None or player.due_time > source.time + MINUTE:
        return None
    waiting = [each for each in player.limits if each.pending is not None]
    limit = source.random.choice(waiting)
    return ConfirmLimitIncrease(limit.kind, limit.period, lapsed=True)
