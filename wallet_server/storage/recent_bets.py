"""The bets that were stored last, whoever's they are, and their wallets as they were before.

No index has the bets of a provider by time, and none is to be kept for it at every bet. Postgres
adds rows at the end of a table, mostly: so the last pages of the table are read, and then more of
those before, until there are bets enough.
"""

from collections.abc import Mapping, Sequence

from wallet_server.core.accounts import Account, grant_of, is_coupon_source, is_house
from wallet_server.core.administration.comparison import RecordedBet
from wallet_server.core.bets.bet import Bet
from wallet_server.core.ids import BetKey, WalletRef
from wallet_server.core.items import Item, ItemKey, ItemKind
from wallet_server.core.value import value
from wallet_server.core.wallet import Wallet
from wallet_server.storage.connections import Connection
from wallet_server.storage.items import read_item
from wallet_server.storage.json_text import from_json, to_json
from wallet_server.storage.keys import key_of
from wallet_server.storage.rows import BET_COLUMNS, Row, bet_from_row

PAGES_AT_FIRST = 32
PAGES_AT_ONCE_MAX = 2048

PAGES_COUNT = """
SELECT pg_relation_size('bets') / current_setting('block_size')::bigint
"""

# The pages from $1 on, before $2. OFFSET 0 keeps look-ups by key: see `load_statement.py`.
OF_PAGES = f"""
SELECT b.provider_id, b.bet_ref, w.player_id, w.currency_code, {BET_COLUMNS}
FROM bets AS b
CROSS JOIN LATERAL (
    SELECT * FROM wallets AS x WHERE x.shard = b.shard AND x.wallet_id = b.wallet_id OFFSET 0
) AS w
LEFT JOIN LATERAL (
    SELECT * FROM bet_terms AS x
    WHERE x.tenant_id = w.tenant_id AND x.terms_id = b.terms_id OFFSET 0
) AS t ON true
WHERE b.ctid >= ('(' || $1::bigint || ',0)')::tid AND b.ctid < ('(' || $2::bigint || ',0)')::tid
    AND b.provider_id = $3 AND b.kind IS NULL AND b.state <> 'TOMBSTONED' AND w.tenant_id = $4
ORDER BY b.create_time DESC, b.shard, b.wallet_id, b.bet_ref
LIMIT $5
"""

# A wallet's balances now, and the sum of what changed since: from the first entry of the bet on
# where that has one, else from the bet's command on.
BEFORE = """
SELECT k.place, w.accounts, w.balances, s.entries_count, s.changes::text AS changes
FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS k (r, place)
CROSS JOIN LATERAL (
    SELECT * FROM wallets AS x
    WHERE x.shard = (k.r ->> 0)::smallint AND x.wallet_id = (k.r ->> 1)::uuid OFFSET 0
) AS w
CROSS JOIN LATERAL (
    SELECT coalesce(min(x.ordinal), 0) AS ordinal FROM entries AS x
    WHERE x.shard = w.shard AND x.wallet_id = w.wallet_id AND x.sequence = (k.r ->> 2)::bigint
        AND x.provider_id = k.r ->> 3 AND x.bet_ref = k.r ->> 4
) AS o
CROSS JOIN LATERAL (
    WITH since AS MATERIALIZED (
        SELECT x.accounts, x.changes FROM entries AS x
        WHERE x.shard = w.shard AND x.wallet_id = w.wallet_id
            AND (x.sequence, x.ordinal) >= ((k.r ->> 2)::bigint, o.ordinal)
        ORDER BY x.sequence, x.ordinal LIMIT $2 + 1
    )
    SELECT (SELECT count(*) FROM since) AS entries_count, (
        SELECT json_object_agg(sums.account, sums.change) FROM (
            SELECT a.account, sum(a.change)::bigint AS change
            FROM since CROSS JOIN LATERAL unnest(since.accounts, since.changes)
                AS a (account, change)
            GROUP BY a.account
        ) AS sums
    ) AS changes
) AS s
ORDER BY k.place
"""

GRANTS = """
SELECT k.place, i.document::text AS document
FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS k (r, place)
CROSS JOIN LATERAL (
    SELECT * FROM wallet_items AS x
    WHERE x.shard = (k.r ->> 0)::smallint AND x.wallet_id = (k.r ->> 1)::uuid
        AND x.kind = 'COUPON' AND x.item_id = k.r ->> 2
    OFFSET 0
) AS i
"""


@value
class PlacedBet:
    """A bet with the wallet that it is of."""

    ref: WalletRef
    bet: Bet


async def find_recent_bets(
    connection: Connection, tenant_id: str, provider_id: str, *, limit: int, pages_max: int
) -> list[PlacedBet]:
    """Returns up to `limit` bets of a provider that lie last in the table, declined ones too.

    So many pages at most are read; one that has some of them is read to its end.
    """
    end: int = await connection.fetchval(PAGES_COUNT)
    first = max(0, end - pages_max)
    found: list[PlacedBet] = []
    at_once = PAGES_AT_FIRST
    while end > first and len(found) < limit:
        start = max(first, end - at_once)
        rows = await connection.fetch(OF_PAGES, start, end, provider_id, tenant_id, limit)
        found += [placed_from_row(tenant_id, row) for row in rows]
        end, at_once = start, min(2 * at_once, PAGES_AT_ONCE_MAX)
    found.sort(key=lambda each: each.bet.create_time, reverse=True)
    return found[:limit]


def placed_from_row(tenant_id: str, row: Row) -> PlacedBet:
    """Returns a bet with the wallet that it is of."""
    ref = WalletRef(tenant_id, row["player_id"], row["currency_code"])
    return PlacedBet(ref, bet_from_row(row, BetKey(row["provider_id"], row["bet_ref"])))


async def load_wallets_before(
    connection: Connection, placed: Sequence[PlacedBet], *, entries_max: int
) -> list[RecordedBet]:
    """Returns bets with their wallets as they were just before them, and the coupons of then.

    A bet is left out whose wallet has had more entries since than so many. The connection must see
    one moment. Which buckets were frozen is not known: none is.
    """
    keys = [(*key_of(each.ref), each.bet.sequence, *each.bet.key) for each in placed]
    rows = await connection.fetch(BEFORE, to_json(keys), entries_max)
    before = [
        (placed[place_of(row)], balances_before(row))
        for row in rows
        if row["entries_count"] <= entries_max
    ]
    grants = await _load_grants(connection, before)
    return [
        RecordedBet(each.bet, wallet_before(each, balances, grants.get(place, {})))
        for place, (each, balances) in enumerate(before)
    ]


def place_of(row: Row) -> int:
    """Returns which of the keys a row is for, from zero."""
    place: int = row["place"]
    return place - 1


def balances_before(row: Row) -> dict[Account, int]:
    """Returns what a wallet's accounts held before the changes of a row."""
    balances: dict[Account, int] = dict(zip(row["accounts"], row["balances"], strict=True))
    changes: Mapping[Account, int] = from_json(row["changes"]) if row["changes"] else {}
    for account, change in changes.items():
        if not is_house(account):
            balances[account] = balances.get(account, 0) - change
    return {account: balance for account, balance in balances.items() if balance}


async def _load_grants(
    connection: Connection, before: Sequence[tuple[PlacedBet, Mapping[Account, int]]]
) -> dict[int, dict[ItemKey, Item]]:
    """Returns the coupons that wallets had, and that bets named, by the bets' places."""
    wanted = [
        (place, (*key_of(each.ref), grant_id))
        for place, (each, balances) in enumerate(before)
        for grant_id in sorted({*grants_in(balances), each.bet.coupon_grant_id} - {""})
    ]
    found: dict[int, dict[ItemKey, Item]] = {}
    if not wanted:
        return found
    for row in await connection.fetch(GRANTS, to_json([key for _, key in wanted])):
        item = read_item(ItemKind.COUPON, row["document"])
        found.setdefault(wanted[place_of(row)][0], {})[item.key] = item
    return found


def grants_in(balances: Mapping[Account, int]) -> list[str]:
    """Returns the grants that something was left of."""
    return [grant_of(account) for account in balances if is_coupon_source(account)]


def wallet_before(
    placed: PlacedBet, balances: Mapping[Account, int], items: Mapping[ItemKey, Item]
) -> Wallet:
    """Returns a wallet as it was before a bet, as far as it is known."""
    bet = placed.bet
    return Wallet(
        ref=placed.ref,
        sequence=bet.sequence - 1,
        create_time=bet.create_time,
        update_time=bet.create_time,
        balances=balances,
        items=items,
    )
