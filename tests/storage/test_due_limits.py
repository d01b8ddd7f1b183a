"""Reading which limits are due: in order, page by page, and by their index."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from tests.database import Connection, Database
from tests.storage.plans import State, fill, nodes_of, plan_of
from wallet_server.core.due_commands import LimitKey
from wallet_server.core.ids import WalletRef, locate
from wallet_server.core.players.limit import Limit, LimitKind, LimitPeriod, PendingLimit
from wallet_server.core.players.player import Player
from wallet_server.storage.due_items import DueItem, Place
from wallet_server.storage.due_limits import DUE, load_due_limits
from wallet_server.storage.players import player_columns
from wallet_server.storage.readers import open_readers

NOW = datetime(2026, 1, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
MOMENT = timedelta(microseconds=1)

PLAYER = """
INSERT INTO players (shard, tenant_id, player_id, create_time, status, revision, document, due_time)
VALUES ($1, 'demo', $2, now(), $3, $4, $5, $6)
"""
MANY = """
INSERT INTO players (shard, tenant_id, player_id, create_time, due_time)
SELECT (n % 1024)::smallint, 'demo', n::text, now(), CASE WHEN n % 10 = 0 THEN now() END
FROM generate_series($1::int, $2::int) AS n
"""


def limit_of(
    kind: LimitKind, lapse_time: datetime | None, *, period: LimitPeriod = LimitPeriod.DAY
) -> Limit:
    """Returns a limit of euros that is to be one of dollars, if it has a time for that."""
    pending = None if lapse_time is None else PendingLimit(500, "USD", NOW - HOUR, lapse_time)
    return Limit(kind, period, 100, "EUR", NOW - 2 * HOUR, pending)


async def insert(connection: Connection, player_id: str, *limits: Limit) -> None:
    """Inserts a player with limits."""
    shard = locate(WalletRef("demo", player_id, "EUR")).shard
    player = Player(limits=limits, revision=7)
    await connection.execute(PLAYER, shard, player_id, *player_columns(player))


async def load(connection: Connection) -> Sequence[DueItem]:
    page = await load_due_limits(connection, until=NOW, after=None, limit=100)
    assert page.is_last
    return page.items


async def test_the_first_limit_of_a_player_comes_for_the_wallet_that_asked_for_it(
    database: Database,
) -> None:
    connection = await database.connect_superuser()
    await insert(connection, "never", limit_of(LimitKind.LOSS, None))
    await insert(connection, "later", limit_of(LimitKind.LOSS, NOW + MOMENT))
    await insert(connection, "just-now", limit_of(LimitKind.STAKE, NOW))
    await insert(
        connection,
        "two",
        limit_of(LimitKind.DEPOSIT, None),
        limit_of(LimitKind.LOSS, NOW - MOMENT),
        limit_of(LimitKind.STAKE, NOW - HOUR, period=LimitPeriod.WEEK),
    )

    assert await load(connection) == [
        DueItem(
            WalletRef("demo", "two", "USD"),
            LimitKey(LimitKind.STAKE, LimitPeriod.WEEK),
            NOW - HOUR,
            7,
        ),
        DueItem(
            WalletRef("demo", "just-now", "USD"),
            LimitKey(LimitKind.STAKE, LimitPeriod.DAY),
            NOW,
            7,
        ),
    ]


async def test_a_player_who_cannot_be_read_keeps_nobody_waiting(database: Database) -> None:
    connection = await database.connect_superuser()
    for player_id in ("damaged", "empty", "sound"):
        await insert(connection, player_id, limit_of(LimitKind.LOSS, NOW))
    await connection.execute("UPDATE players SET document = '[]' WHERE player_id = 'damaged'")
    await connection.execute("UPDATE players SET document = NULL WHERE player_id = 'empty'")

    assert [item.wallet.player_id for item in await load(connection)] == ["sound"]


async def test_pages_have_each_player_once_though_all_are_due_at_one_time(
    database: Database,
) -> None:
    connection = await database.connect_superuser()
    for number in range(13):
        await insert(connection, f"p{number}", limit_of(LimitKind.LOSS, NOW))

    found: list[DueItem] = []
    place: Place | None = None
    is_last = False
    while not is_last:
        page = await load_due_limits(connection, until=NOW, after=place, limit=4)
        found += page.items
        place, is_last = page.place, page.is_last

    assert {item.wallet.player_id for item in found} == {f"p{number}" for number in range(13)}
    assert len(found) == 13


@pytest.mark.parametrize(
    "state",
    [(None, 0), (0, 5000), (1, 5000), (5000, 0)],
    ids=["never analysed", "0 then 5000", "1 then 5000", "5000"],
)
async def test_the_index_is_read_in_its_order(database: Database, state: State) -> None:
    await fill(await database.connect_superuser(), state, MANY)
    pool = await open_readers(database.server_url, connections_max=1, statement_timeout_seconds=10)

    async with pool, pool.acquire() as reader:
        nodes = list(nodes_of(await plan_of(reader, DUE)))

    assert [node["Node Type"] for node in nodes] == ["Limit", "Index Scan"]
    assert nodes[1]["Index Name"] == "players_due_idx"
    assert "ROW(" in nodes[1]["Index Cond"]
