"""A wallet's items, as reads see them. They are only ever written by `recording.py`.

A listing goes by the primary key, so that no index has to be kept for it.
"""

from wallet_server.core.ids import WalletRef, locate
from wallet_server.core.item_filter import ItemFilter
from wallet_server.core.items import Item, ItemKey, ItemKind
from wallet_server.storage.connections import Connection
from wallet_server.storage.items import read_item

ITEM = """
SELECT document::text AS document FROM wallet_items
WHERE shard = $1 AND wallet_id = $2 AND kind = $3 AND item_id = $4
"""

PAGE = """
SELECT document::text AS document FROM wallet_items
WHERE shard = $1 AND wallet_id = $2 AND kind = $3 AND item_id > $4
    AND (cardinality($5::text[]) = 0 OR state = ANY ($5))
    AND (is_live OR NOT $6::boolean)
    AND ($7::text = '' OR document ->> 'bucket' = $7)
ORDER BY item_id LIMIT $8
"""


async def find_item(connection: Connection, ref: WalletRef, key: ItemKey) -> Item | None:
    """Returns an item of a wallet."""
    place = locate(ref)
    row = await connection.fetchrow(ITEM, place.shard, place.wallet_id, key.kind, key.item_id)
    return read_item(key.kind, row["document"]) if row else None


async def list_items(
    connection: Connection,
    ref: WalletRef,
    kind: ItemKind,
    wanted: ItemFilter,
    *,
    after: str,
    limit: int,
) -> list[Item]:
    """Returns items of a kind by id, behind one."""
    place = locate(ref)
    filters = (list(wanted.states), wanted.live_only, wanted.bucket)
    rows = await connection.fetch(PAGE, place.shard, place.wallet_id, kind, after, *filters, limit)
    return [read_item(kind, row["document"]) for row in rows]
