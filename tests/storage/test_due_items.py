"""Reading what is due: in order, page by page, and by its index."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from tests.database import Connection, Database
from tests.storage.plans import State, fill, nodes_of, plan_of
from wallet_server.core.ids import WalletRef, locate
from wallet_server.core.item_key import ItemKind
from wallet_server.storage.due_items import DUE, DueItem, Place, load_due_items
from wallet_server.storage.readers import open_readers

NOW = datetime(2026, 1, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
KINDS = [ItemKind.COUPON, ItemKind.ROUND]

WALLET = """
INSERT INTO wallets VALUES ($1, $2, 'demo', $3, 'EUR', 1, now(), now(), '{}', '{}', '{}', '{}', '{}')
"""
ITEM = """
INSERT INTO wallet_items (shard, wallet_id, kind, item_id, state, is_live, sequence, revision,
    create_time, due_time, document)
VALUES ($1, $2, $3, $4, 'ACTIVE', false, 1, 7, now(), $5, '{}')
"""
MANY = """
WITH numbers AS (
    SELECT n, (n % 1024)::smallint AS shard, md5(n::text)::uuid AS wallet_id
    FROM generate_series($1::int, $2::int) AS n
), wallets_ AS (
    INSERT INTO wallets
    SELECT shard, wallet_id, 'demo', n::text, 'EUR', 1, now(), now(), '{}', '{}', '{}', '{}', '{}'
    FROM numbers
)
INSERT INTO wallet_items (shard, wallet_id, kind, item_id, state, is_live, sequence, revision,
    create_time, due_time, document)
SELECT shard, wallet_id, 'COUPON', n::text, 'ACTIVE', false, 1, 1, now(),
    CASE WHEN n % 10 = 0 THEN now() END, '{}'
FROM numbers
"""


def ref_of(player_id: str) -> WalletRef:
    return WalletRef("demo", player_id, "EUR")


async def insert(
    database: Database, items: list[tuple[str, str, str, datetime | None]]
) -> Connection:
    """Inserts items, each with its player, kind, id and due time."""
    connection = await database.connect_superuser()
    for player_id in {item[0] for item in items}:
        await connection.execute(WALLET, *locate(ref_of(player_id)), player_id)
    for player_id, *item in items:
        await connection.execute(ITEM, *locate(ref_of(player_id)), *item)
    return connection


async def load(connection: Connection) -> Sequence[DueItem]:
    page = await load_due_items(connection, kinds=KINDS, until=NOW, after=None, limit=100)
    assert page.is_last
    return page.items


async def test_the_oldest_comes_first_and_what_is_not_due_does_not_come(
    database: Database,
) -> None:
    connection = await insert(
        database,
        [
            ("p1", "COUPON", "just-now", NOW),
            ("p1", "COUPON", "later", NOW + timedelta(microseconds=1)),
            ("p1", "COUPON", "never", None),
            ("p2", "ROUND", "acme r1", NOW - HOUR),
        ],
    )

    items = await load(connection)

    assert items == [
        DueItem(ref_of("p2"), items[0].key, NOW - HOUR, 7),
        DueItem(ref_of("p1"), items[1].key, NOW, 7),
    ]
    assert [item.key for item in items] == [("ROUND", "acme r1"), ("COUPON", "just-now")]


async def test_kinds_of_a_later_release_are_left_to_it(database: Database) -> None:
    connection = await insert(
        database, [("p1", "REQUIREMENT", "unknown", NOW), ("p1", "COUPON", "known", NOW)]
    )

    assert [item.key for item in await load(connection)] == [("COUPON", "known")]


async def test_pages_have_each_item_once_though_all_are_due_at_one_time(
    database: Database,
) -> None:
    connection = await insert(
        database,
        [
            (f"p{player}", kind, f"i {number}", NOW)
            for player in range(5)
            for kind in KINDS
            for number in range(3)
        ],
    )

    found: list[DueItem] = []
    place: Place | None = None
    is_last = False
    while not is_last:
        page = await load_due_items(connection, kinds=KINDS, until=NOW, after=place, limit=4)
        assert len(page.items) <= 4
        found += page.items
        place, is_last = page.place, page.is_last

    assert found == await load(connection)
    assert len({(item.wallet, item.key) for item in found}) == 30


@pytest.mark.parametrize(
    "state",
    [(None, 0), (None, 5000), (0, 5000), (1, 5000), (5000, 0)],
    ids=["never analysed", "never analysed, 5000", "0 then 5000", "1 then 5000", "5000"],
)
async def test_the_index_is_read_in_its_order_and_no_further_than_the_page(
    database: Database, state: State
) -> None:
    await fill(await database.connect_superuser(), state, MANY)
    pool = await open_readers(database.server_url, connections_max=1, statement_timeout_seconds=10)

    async with pool, pool.acquire() as reader:
        nodes = list(nodes_of(await plan_of(reader, DUE)))

    scans = {node["Index Name"]: node for node in nodes if "Index Name" in node}
    assert set(scans) == {"wallet_items_due_idx", "wallets_pkey", "entries_pkey"}
    assert "sequence" in scans["entries_pkey"]["Index Cond"]
    assert "ROW(" in scans["wallet_items_due_idx"]["Index Cond"]
    pages = [node for node in nodes if node["Node Type"] == "Limit"]
    below = [[node["Node Type"] for node in nodes_of(page)] for page in pages]
    assert below == [["Limit", "Index Scan"]] * 2, "of items, and of the entries of one command"
