"""Limits that are to change because their time has come, the oldest first.

Of a player with several such limits the first one comes; the next is there when it is done.
"""

from contextlib import suppress
from datetime import UTC, datetime

from asyncpg import Record

from wallet_server.core.due_commands import LimitKey
from wallet_server.core.ids import WalletRef
from wallet_server.core.players.player import ORDINARY_PLAYER
from wallet_server.storage.connections import Connection
from wallet_server.storage.due_items import DueItem, DuePage, Place
from wallet_server.storage.players import player_from_row

DUE = """
SELECT shard, tenant_id, player_id, due_time, status, revision, document::text AS document
FROM players
WHERE due_time <= $1 AND (due_time, shard, tenant_id, player_id) > ($2, $3, $4, $5)
ORDER BY due_time, shard, tenant_id, player_id
LIMIT $6
"""

BEFORE_ALL: Place = (datetime.min.replace(tzinfo=UTC), -1, "", "")


async def load_due_limits(
    connection: Connection, *, until: datetime, after: Place | None, limit: int
) -> DuePage:
    """Returns the limits of the next players who have one that is due at a time."""
    rows = await connection.fetch(DUE, until, *(after or BEFORE_ALL), limit)
    items = [item for row in rows if (item := first_due(row)) is not None]
    place: Place | None = None
    if rows:
        place = tuple(rows[-1][name] for name in ("due_time", "shard", "tenant_id", "player_id"))
    return DuePage(items, place, is_last=len(rows) < limit)


def first_due(row: Record) -> DueItem | None:
    """Returns the player's limit whose time comes first; none where the row is damaged.

    Its command goes to the wallet of its currency, from which it was asked for.
    """
    player = ORDINARY_PLAYER
    with suppress(ValueError):  # `verify` finds it.
        player = player_from_row(row)
    for limit in player.limits:
        if limit.pending is not None and limit.pending.lapse_time == player.due_time:
            wallet = WalletRef(row["tenant_id"], row["player_id"], limit.pending.currency_code)
            key = LimitKey(limit.kind, limit.period)
            return DueItem(wallet, key, limit.pending.lapse_time, player.revision)
    return None
