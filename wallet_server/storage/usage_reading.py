"""What refers to buckets, counted anew from all that is there; and what was counted of it."""

from collections.abc import Iterator

from wallet_server.core.accounts import Account, bucket_code
from wallet_server.core.administration.usage import Usage, UsageKey, UsageKind
from wallet_server.core.administration.usage_changes import (
    KIND_OF_ITEM,
    asset_of,
    totals_of_bet,
    totals_of_item,
)
from wallet_server.core.ids import BetKey, WalletRef
from wallet_server.storage.items import read_item
from wallet_server.storage.rows import BET_COLUMNS, bet_from_row
from wallet_server.storage.verification import Connection, load_assets

TENANTS = """
    SELECT tenant_id FROM tenants WHERE is_counted AND ($1::text IS NULL OR tenant_id = $1)
"""

COUNTED = """
    SELECT tenant_id, bucket, kind, asset_code, sum(count)::bigint AS count, sum(total) AS total
    FROM (
        SELECT tenant_id, bucket, kind, asset_code, count, total FROM bucket_usage
        UNION ALL
        SELECT u ->> 0, u ->> 1, u ->> 2, u ->> 3, (u ->> 4)::bigint, (u ->> 5)::numeric
        FROM commits CROSS JOIN LATERAL json_array_elements(document -> 'usage') AS of_commit (u)
    ) AS changes
    WHERE tenant_id = ANY ($1)
    GROUP BY tenant_id, bucket, kind, asset_code
    HAVING sum(count) <> 0 OR sum(total) <> 0
"""

BALANCES = """
    SELECT w.tenant_id, w.currency_code, b.account, count(*) AS count, sum(b.balance) AS total
    FROM wallets AS w CROSS JOIN LATERAL unnest(w.accounts, w.balances) AS b (account, balance)
    WHERE w.tenant_id = ANY ($1) AND b.account LIKE 'bkt:%' AND b.balance <> 0
    GROUP BY w.tenant_id, w.currency_code, b.account
"""

OPEN_BETS = f"""
    SELECT w.tenant_id, w.player_id, w.currency_code, b.provider_id, b.bet_ref, {BET_COLUMNS}
    FROM bets AS b
    JOIN wallets AS w ON w.shard = b.shard AND w.wallet_id = b.wallet_id
    LEFT JOIN bet_terms AS t ON t.tenant_id = w.tenant_id AND t.terms_id = b.terms_id
    WHERE w.tenant_id = ANY ($1) AND b.kind IS NULL
        AND b.state IN ('AUTHORIZED', 'PARTIALLY_SETTLED')
"""

ITEMS = """
    SELECT w.tenant_id, w.player_id, w.currency_code, i.kind, i.document::text AS item_text
    FROM wallet_items AS i
    JOIN wallets AS w ON w.shard = i.shard AND w.wallet_id = i.wallet_id
    WHERE w.tenant_id = ANY ($1)
        AND (
            i.is_live AND i.kind IN ('COUPON', 'REQUIREMENT', 'WITHDRAWAL')
            OR i.kind = 'DEPOSIT' AND i.state = 'CREATED'
        )
"""


async def load_counted_tenants(connection: Connection, tenant_id: str | None) -> list[str]:
    """Returns the tenants, or the one, of which all was counted since their first wallet."""
    return [row["tenant_id"] for row in await connection.fetch(TENANTS, tenant_id)]


async def load_counted(connection: Connection, tenants: list[str]) -> dict[UsageKey, Usage]:
    """Returns what was counted of tenants, sealed or not."""
    return {
        UsageKey(row["tenant_id"], row["bucket"], UsageKind(row["kind"]), row["asset_code"]): Usage(
            row["count"], int(row["total"])
        )
        for row in await connection.fetch(COUNTED, tenants)
    }


async def count_usage(connection: Connection, tenants: list[str]) -> dict[UsageKey, Usage]:
    """Counts what refers to buckets of tenants, in one snapshot. It reads all that is open.

    Raises:
        ValueError: Something cannot be read; or what else such documents raise.
    """
    sums: dict[UsageKey, list[int]] = {}
    assets = await load_assets(connection, tenants)
    for row in await connection.fetch(BALANCES, tenants):
        code = bucket_code(Account(row["account"]))
        asset_code = assets[row["tenant_id"]].get(code) or row["currency_code"]
        key = UsageKey(row["tenant_id"], code, UsageKind.BALANCE, asset_code)
        add(sums, key, row["count"], int(row["total"]))
    async for row in connection.cursor(OPEN_BETS, tenants):
        bet = bet_from_row(row, BetKey(row["provider_id"], row["bet_ref"]))
        for code, total in totals_of_bet(bet).items():
            key = UsageKey(row["tenant_id"], code, UsageKind.OPEN_BET, row["currency_code"])
            add(sums, key, 1, total)
    async for row in connection.cursor(ITEMS, tenants):
        ref = WalletRef(row["tenant_id"], row["player_id"], row["currency_code"])
        for key, total in usage_of_item(ref, row["kind"], row["item_text"]):
            add(sums, key, 1, total)
    return {key: Usage(*each) for key, each in sums.items() if any(each)}


def usage_of_item(ref: WalletRef, kind: str, document: str) -> Iterator[tuple[UsageKey, int]]:
    """Yields what an item refers to, each with its amount."""
    item = read_item(kind, document)
    for code, total in totals_of_item(item).items():
        usage_kind = KIND_OF_ITEM[item.key.kind]
        yield UsageKey(ref.tenant_id, code, usage_kind, asset_of(item, ref)), total


def add(sums: dict[UsageKey, list[int]], key: UsageKey, count: int, total: int) -> None:
    """Adds so many things, with so much money in all."""
    summed = sums.setdefault(key, [0, 0])
    summed[0] += count
    summed[1] += total
