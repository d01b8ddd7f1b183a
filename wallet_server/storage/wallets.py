"""One wallet and what belongs to it, as reads see it."""

from wallet_server.core.accounts import COUPON_PREFIX, OPEN_PREFIX
from wallet_server.core.bets.bet import Bet
from wallet_server.core.ids import BetKey, WalletRef, locate
from wallet_server.core.wallet import Wallet
from wallet_server.storage.connections import Connection
from wallet_server.storage.items import read_item
from wallet_server.storage.json_text import from_json
from wallet_server.storage.players import player_from_row
from wallet_server.storage.rows import BET_COLUMNS, bet_from_row, wallet_from_row

# OFFSET 0 keeps the player's look-up a look-up by key: a join would read all players of
# the shard wherever the statistics say that there are few.
WALLET = """
SELECT w.*, p.status, p.revision, p.document::text AS document
FROM wallets AS w
CROSS JOIN LATERAL (
    SELECT * FROM players AS x
    WHERE x.shard = w.shard AND x.tenant_id = w.tenant_id AND x.player_id = w.player_id
    OFFSET 0
) AS p
WHERE w.shard = $1 AND w.wallet_id = $2
"""

# A wallet with few items is the rule, and one with none the case that must cost nothing.
# Grants that are over are shown too, as long as bets have open stake of them.
WALLET_WITH_ITEMS = """
SELECT w.*, p.status, p.revision, p.document::text AS document,
    CASE WHEN w.live_items > 0 THEN (
        SELECT json_agg(json_build_array(i.kind, i.document::text))
        FROM wallet_items AS i
        WHERE i.shard = w.shard AND i.wallet_id = w.wallet_id AND i.is_live
    ) END AS live,
    (
        SELECT json_agg(json_build_array(i.kind, i.document::text))
        FROM unnest(w.accounts) AS a (account)
        CROSS JOIN LATERAL (
            SELECT * FROM wallet_items AS x
            WHERE x.shard = w.shard AND x.wallet_id = w.wallet_id AND x.kind = 'COUPON'
                AND x.item_id = substr(a.account, length($3) + 1) AND NOT x.is_live
            OFFSET 0
        ) AS i
        WHERE starts_with(a.account, $3)
    ) AS still_open
FROM wallets AS w
CROSS JOIN LATERAL (
    SELECT * FROM players AS x
    WHERE x.shard = w.shard AND x.tenant_id = w.tenant_id AND x.player_id = w.player_id
    OFFSET 0
) AS p
WHERE w.shard = $1 AND w.wallet_id = $2
"""

BET = f"""
SELECT {BET_COLUMNS}
FROM bets AS b
LEFT JOIN LATERAL (
    SELECT * FROM bet_terms AS x WHERE x.tenant_id = $5 AND x.terms_id = b.terms_id OFFSET 0
) AS t ON true
WHERE b.shard = $1 AND b.wallet_id = $2 AND b.provider_id = $3 AND b.bet_ref = $4
    AND b.kind IS NULL
"""

EPOCH = "SELECT epoch FROM tenants WHERE tenant_id = $1"


async def find_wallet(connection: Connection, ref: WalletRef) -> Wallet | None:
    """Returns a wallet without its bets and items."""
    place = locate(ref)
    row = await connection.fetchrow(WALLET, place.shard, place.wallet_id)
    return wallet_from_row(ref, row, player_from_row(row)) if row else None


async def find_wallet_with_items(connection: Connection, ref: WalletRef) -> Wallet | None:
    """Returns a wallet with its live items, and the grants that have open stake yet."""
    place = locate(ref)
    row = await connection.fetchrow(
        WALLET_WITH_ITEMS, place.shard, place.wallet_id, OPEN_PREFIX + COUPON_PREFIX
    )
    if row is None:
        return None
    found = [read_item(*each) for each in (*items_in(row["live"]), *items_in(row["still_open"]))]
    items = {item.key: item for item in found}
    return wallet_from_row(ref, row, player_from_row(row), items=items)


def items_in(text: str | None) -> list[tuple[str, str]]:
    """Returns the kinds and documents of items; text or none, as JSON has them."""
    return from_json(text) if text else []


async def find_bet(connection: Connection, ref: WalletRef, key: BetKey) -> Bet | None:
    """Returns a bet of a wallet, tombstones and declined bets included."""
    place = locate(ref)
    row = await connection.fetchrow(
        BET, place.shard, place.wallet_id, key.provider_id, key.bet_ref, ref.tenant_id
    )
    return bet_from_row(row, key) if row else None


async def find_epoch(connection: Connection, tenant_id: str) -> int | None:
    """Returns the epoch of a tenant's configuration; none if there is no such tenant."""
    return await connection.fetchval(EPOCH, tenant_id)
