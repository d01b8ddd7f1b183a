"""Items whose time has come, the oldest first; `due_limits.py` has the limits.

The one read that looks for wallets instead of being given them, so it is spread over all
shards. It goes by an index of its own, and only one process does it where there is much.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TypeAlias
from uuid import UUID

from wallet_server.core.due_commands import DUE_COMMANDS, DueKey, due_name
from wallet_server.core.ids import WalletRef, locate
from wallet_server.core.item_key import ItemKey, ItemKind
from wallet_server.core.value import value
from wallet_server.storage.connections import Connection

# OFFSET 0 and LIMIT 1 keep the look-ups of wallets and entries look-ups by key. What was made by a
# command that moved nothing has no entry to say its flow.
DUE = """
SELECT i.kind, i.item_id, i.due_time, i.revision, w.tenant_id, w.player_id, w.currency_code,
    coalesce(e.correlation_id, '') AS correlation_id
FROM (
    SELECT shard, wallet_id, kind, item_id, due_time, sequence, revision
    FROM wallet_items
    WHERE due_time <= $1
        AND (due_time, shard, wallet_id, kind, item_id) > ($2, $3, $4, $5, $6)
        AND kind = ANY($7)
    ORDER BY due_time, shard, wallet_id, kind, item_id
    LIMIT $8
) AS i
CROSS JOIN LATERAL (
    SELECT * FROM wallets AS x
    WHERE x.shard = i.shard AND x.wallet_id = i.wallet_id
    OFFSET 0
) AS w
LEFT JOIN LATERAL (
    SELECT correlation_id FROM entries AS x
    WHERE x.shard = i.shard AND x.wallet_id = i.wallet_id AND x.sequence = i.sequence
    ORDER BY x.ordinal
    LIMIT 1
) AS e ON true
ORDER BY i.due_time, i.shard, i.wallet_id, i.kind, i.item_id
"""


Place: TypeAlias = tuple[object, ...]
"""Where something stands among all of its source that ever are due: its key, time first."""

BEFORE_ALL: Place = (datetime.min.replace(tzinfo=UTC), -1, UUID(int=0), "", "")


@value
class DueItem:
    """An item, or a player's limit, that was due when somebody looked.

    `wallet` is where its command goes; `revision` is the item's, or the player's.
    `correlation_id` is that of the command that made the item, where that is known.
    """

    wallet: WalletRef
    key: DueKey
    due_time: datetime
    revision: int
    correlation_id: str = ""


@value
class DuePage:
    """Some of what is due. `place` is where the next page begins; none for the first of all."""

    items: Sequence[DueItem] = ()
    place: Place | None = None
    is_last: bool = False


async def load_due_items(
    connection: Connection,
    *,
    until: datetime,
    after: Place | None,
    limit: int,
    kinds: Sequence[ItemKind] = tuple(DUE_COMMANDS),
) -> DuePage:
    """Returns the next items of these kinds that are due at a time, that time included."""
    rows = await connection.fetch(DUE, until, *(after or BEFORE_ALL), list(kinds), limit)
    items = [
        DueItem(
            WalletRef(row["tenant_id"], row["player_id"], row["currency_code"]),
            ItemKey(ItemKind(row["kind"]), row["item_id"]),
            row["due_time"],
            row["revision"],
            row["correlation_id"],
        )
        for row in rows
    ]
    place = place_of(items[-1]) if items else None
    return DuePage(items, place, is_last=len(rows) < limit)


def place_of(item: DueItem) -> Place:
    """Returns where an item stands."""
    return item.due_time, *locate(item.wallet), *due_name(item.key)
