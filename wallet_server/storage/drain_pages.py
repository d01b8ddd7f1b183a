"""The wallets that a drain has something to do with, looked for page by page.

A page is of so many wallets of all tenants, in the order of their keys, so that every statement
is as quick as the others, however few of them have anything in the bucket. Those that a process
has just drained, which died then or is slower to say so, are of the page too: they answered.
"""

from typing import Any
from uuid import UUID

from wallet_server.core.ids import Location, WalletRef
from wallet_server.core.value import value
from wallet_server.storage.connections import Connection

BEFORE_ALL = Location(-1, UUID(int=0))

PAGE = """
WITH scanned AS MATERIALIZED (
    SELECT shard, wallet_id, tenant_id, player_id, currency_code, accounts, live_items
    FROM wallets WHERE (shard, wallet_id) > ($1, $2)
    ORDER BY shard, wallet_id LIMIT $5
), judged AS (
    SELECT w.*, w.tenant_id = $3 AND ('bkt:' || $4::text = ANY (w.accounts) OR (
        w.live_items > 0 AND EXISTS (
            SELECT FROM wallet_items AS i
            WHERE i.shard = w.shard AND i.wallet_id = w.wallet_id AND i.is_live
                AND i.kind IN ('COUPON', 'REQUIREMENT')
                AND $4 IN (
                    i.document ->> 'bucket',
                    i.document -> 'terms' ->> 'release_target',
                    i.document -> 'terms' ->> 'profit_target',
                    i.document -> 'terms' ->> 'stake_target'
                )
        )
    ) OR EXISTS (
        SELECT FROM answers AS a
        WHERE a.shard = w.shard AND a.wallet_id = w.wallet_id AND a.request_id = $6
    )) AS is_wanted, row_number() OVER (ORDER BY shard DESC, wallet_id DESC) = 1 AS is_last
    FROM scanned AS w
)
SELECT shard, wallet_id, player_id, currency_code, is_wanted, is_last
FROM judged WHERE is_wanted OR is_last
ORDER BY shard, wallet_id
"""


@value
class WalletPage:
    """Wallets that have something to do with a bucket, and where the page ends.

    There is no end where no wallet was left to look at.
    """

    wallets: tuple[WalletRef, ...]
    end: Location | None


async def load_page(
    connection: Connection,
    tenant_id: str,
    bucket: str,
    *,
    request_id: str,
    after: Location,
    limit: int,
) -> WalletPage:
    """Looks through so many wallets behind a place.

    `request_id` is that of the command that each of the tenant's gets in this pass.
    """
    rows: list[Any] = await connection.fetch(
        PAGE, after.shard, after.wallet_id, tenant_id, bucket, limit, request_id
    )
    wanted = tuple(
        WalletRef(tenant_id, row["player_id"], row["currency_code"])
        for row in rows
        if row["is_wanted"]
    )
    end = Location(rows[-1]["shard"], rows[-1]["wallet_id"]) if rows else None
    return WalletPage(wanted, end)
