"""Items whose time has come, the oldest first.

The one read that looks for wallets instead of being given them, so it is spread over all
shards. It goes by an index of its own, and only one process does it where there is much.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from wallet_server.core.ids import WalletRef, locate
from wallet_server.core.item_key import ItemKey, ItemKind
from wallet_server.core.value import value
from wallet_server.storage.connections import Connection

# OFFSET 0 keeps the wallets' look-ups look-ups by key.
DUE = """
SELECT i.kind, i.item_id, i.due_time, i.revision, w.tenant_id, w.player_id, w.currency_code
FROM (
    SELECT shard, wallet_id, kind, item_id, due_time, revision
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
ORDER BY i.due_time, i.shard, i.wallet_id, i.kind, i.item_id
"""


class DuePlace(NamedTuple):
    """Where an item stands among all that ever are due."""

    due_time: datetime
    shard: int
    wallet_id: UUID
    kind: str
    item_id: str


BEFORE_ALL = DuePlace(datetime.min.replace(tzinfo=UTC), -1, UUID(int=0), "", "")


@value
class DueItem:
    """An item that was due when somebody looked."""

    wallet: WalletRef
    key: ItemKey
    due_time: datetime
    revision: int

    @property
    def place(self) -> DuePlace:
        """Where it stands among all that ever are due."""
        return DuePlace(self.due_time, *locate(self.wallet), self.key.kind, self.key.item_id)


async def load_due_items(
    connection: Connection,
    *,
    kinds: Sequence[ItemKind],
    until: datetime,
    after: DuePlace,
    limit: int,
) -> list[DueItem]:
    """Returns the next items of these kinds that are due at a time, that time included."""
    rows = await connection.fetch(DUE, until, *after, list(kinds), limit)
    return [
        DueItem(
            WalletRef(row["tenant_id"], row["player_id"], row["currency_code"]),
            ItemKey(ItemKind(row["kind"]), row["item_id"]),
            row["due_time"],
            row["revision"],
        )
        for row in rows
    ]
