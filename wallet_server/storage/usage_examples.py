"""Finds some of what refers to a bucket. There is no index for it: nothing else asks."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from wallet_server.core.accounts import bucket
from wallet_server.core.administration.usage import UsageKind
from wallet_server.core.administration.usage_changes import totals_of_bet, totals_of_item
from wallet_server.core.ids import BetKey
from wallet_server.storage.items import read_item
from wallet_server.storage.rows import BET_COLUMNS, bet_from_row

CANDIDATES_MAX = 400
"""How many are looked at that mention the bucket: some may do so otherwise."""

BALANCES = sa.text("""
    SELECT w.player_id, w.currency_code FROM wallets AS w
    WHERE w.tenant_id = :tenant_id AND :account = ANY (w.accounts)
        AND w.balances[array_position(w.accounts, :account)] <> 0
    LIMIT :limit
""")

BETS = sa.text(f"""
    SELECT w.player_id, w.currency_code, b.provider_id, b.bet_ref, {BET_COLUMNS}
    FROM bets AS b
    JOIN wallets AS w ON w.shard = b.shard AND w.wallet_id = b.wallet_id
    JOIN bet_terms AS t ON t.tenant_id = w.tenant_id AND t.terms_id = b.terms_id
    WHERE w.tenant_id = :tenant_id AND b.state IN ('AUTHORIZED', 'PARTIALLY_SETTLED')
        AND (
            EXISTS (SELECT FROM json_each_text(b.results -> 'replanned') AS r WHERE value = :code)
            OR b.results -> 'replanned' ->> :code IS NULL AND (
                strpos(t.document::text, :mention) > 0
                OR strpos(coalesce(b.particulars::text, ''), :mention) > 0
            )
        )
    LIMIT :limit
""")

ITEMS = """
    SELECT w.player_id, w.currency_code, i.item_id, i.document::text AS document
    FROM wallet_items AS i
    JOIN wallets AS w ON w.shard = i.shard AND w.wallet_id = i.wallet_id
    WHERE w.tenant_id = :tenant_id AND i.kind = :kind AND {in_use}
        AND strpos(i.document::text, :mention) > 0
    LIMIT :limit
"""
OF_KIND: Mapping[UsageKind, sa.TextClause] = {
    UsageKind.COUPON: sa.text(ITEMS.format(in_use="i.is_live")),
    UsageKind.REQUIREMENT: sa.text(ITEMS.format(in_use="i.is_live")),
    UsageKind.WITHDRAWAL: sa.text(
        ITEMS.format(in_use="i.state IN ('HELD', 'PENDING_REVIEW', 'APPROVED', 'SUBMITTED')")
    ),
    UsageKind.DEPOSIT: sa.text(ITEMS.format(in_use="i.state = 'CREATED'")),
}


async def find(
    connection: AsyncConnection, tenant_id: str, code: str, kind: UsageKind, limit: int
) -> tuple[str, ...]:
    """Returns the names of some things that refer to a bucket in one way.

    Wallets are named as player/currency, bets as player/currency/provider/reference, others as
    player/currency/id.
    """
    values: dict[str, Any] = {"tenant_id": tenant_id}
    if kind is UsageKind.BALANCE:
        values |= {"account": bucket(code), "limit": limit}
        rows = await connection.execute(BALANCES, values)
        return tuple(f"{row.player_id}/{row.currency_code}" for row in rows)
    values |= {"mention": f'"{code}"', "limit": CANDIDATES_MAX}
    if kind is UsageKind.OPEN_BET:
        found = await connection.execute(BETS, {**values, "code": code})
        return tuple(islice(bets_on(found.mappings(), code), limit))
    found = await connection.execute(OF_KIND[kind], {**values, "kind": kind.value})
    return tuple(islice(items_on(found.mappings(), code, kind), limit))


def bets_on(rows: "sa.MappingResult", code: str) -> Iterator[str]:
    """Yields the names of bets that need a bucket."""
    for row in rows:
        key = BetKey(row["provider_id"], row["bet_ref"])
        if code in totals_of_bet(bet_from_row(row, key)):
            yield "/".join((row["player_id"], row["currency_code"], *key))


def items_on(rows: "sa.MappingResult", code: str, kind: UsageKind) -> Iterator[str]:
    """Yields the names of items that need a bucket."""
    for row in rows:
        if code in totals_of_item(read_item(kind.value, row["document"])):
            yield "/".join((row["player_id"], row["currency_code"], row["item_id"]))
