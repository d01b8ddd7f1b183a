"""The events of a player: what holds for all of the player's wallets."""

from collections.abc import Iterator

from wallet_server.core.events.event import Done, EventType
from wallet_server.core.events.item_payloads import AccountStatusChanged, LimitChanged
from wallet_server.core.players.limit import Limit
from wallet_server.core.players.player import Player


def player_events(before: Player, player: Player) -> Iterator[Done]:
    """Yields what has happened to a player: that something was counted is not told."""
    if player.status is not before.status:
        changed = AccountStatusChanged(player.status, before.status)
        yield EventType.ACCOUNT_STATUS_CHANGED, changed
    if player.limits is before.limits:
        return
    known = {(each.kind, each.period): each for each in before.limits}
    now = {(each.kind, each.period): each for each in player.limits}
    for name in sorted(known.keys() | now.keys()):
        previous, limit = known.get(name), now.get(name)
        if limit != previous:
            yield limit_type(previous, limit), LimitChanged(*name, limit, previous)


def limit_type(previous: Limit | None, limit: Limit | None) -> EventType:
    """Returns what has happened to a limit that is not what it was."""
    if limit is None:
        return EventType.LIMIT_REMOVED
    if limit.pending is not None:
        return EventType.LIMIT_PENDING
    is_same = previous is not None and (limit.amount, limit.currency_code, limit.set_time) == (
        previous.amount,
        previous.currency_code,
        previous.set_time,
    )
    return EventType.LIMIT_LAPSED if is_same else EventType.LIMIT_SET
