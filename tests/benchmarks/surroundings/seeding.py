"""Databases full of wallets in seconds: a few wallets with a real history, copied many times.

The history is made by the engine itself; what is copied by SQL is every row that belongs
to a wallet, whatever its columns. So `verify` finds the copies as sound as their originals.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager

from tests.benchmarks.surroundings.databases import Connection, Databases
from tests.benchmarks.traffic import CURRENCY, PAYOUTS, PROVIDER, STAKE, TENANT, Funding
from tests.benchmarks.traffic import player_name as name_of
from wallet_server.core.commands import (
    AdjustBalance,
    Amount,
    ApproveDeposit,
    AuthorizeBet,
    Command,
    OpenWallet,
    SettleBet,
)
from wallet_server.core.ids import BetKey, WalletRef, locate
from wallet_server.embedded.roles import Role
from wallet_server.execution.activation import apply_documents
from wallet_server.execution.clock import SystemClock
from wallet_server.execution.configuration_cache import ConfigurationCache
from wallet_server.execution.executor import Executor
from wallet_server.execution.settings import EngineSettings
from wallet_server.execution.submission import Submission
from wallet_server.shapes import load_shape
from wallet_server.storage.engine import create_engine
from wallet_server.storage.migrating import migrate

BASE = "bench_base"
SHAPE = "ruby"

RICH = "rich"
"""The player with a long history."""

COPIERS_COUNT = 4
"""Connections that copy at the same time: each wallet of a long history takes milliseconds."""

PLENTY = 1_000_000_000

BALANCES: dict[str, dict[str, int]] = {
    Funding.ONE: {"sports_normal": PLENTY},
    Funding.TWO: {"sports_bonus": STAKE * 3 // 10, "sports_normal": PLENTY},
    Funding.THREE: {
        "sports_bonus": STAKE * 3 // 10,
        "sports_normal": STAKE * 4 // 10,
        "withdrawable": PLENTY,
    },
    RICH: {"sports_normal": PLENTY},
}
"""What pays for a bet, in this order: bonus first. A bucket with less than the stake pays all."""

TABLES = """
    SELECT table_name, array_agg(column_name::text ORDER BY ordinal_position) AS columns
    FROM information_schema.columns
    WHERE table_schema = 'public' AND is_generated = 'NEVER'
        AND table_name NOT IN ('commits', 'audit_records', 'outbox', 'events')
    GROUP BY table_name
    HAVING 'shard' = ANY (array_agg(column_name::text))
    ORDER BY table_name
"""


async def prepare_base(databases: Databases, *, rich_bets: int) -> None:
    """Makes the base of all templates: schema, configuration, and wallets to copy.

    One of them has had `rich_bets` bets.
    """
    await databases.postgres.create_database(BASE)
    await migrate(databases.url(BASE, Role.OWNER))
    engine = create_engine(databases.url(BASE))
    await apply_documents(engine, TENANT, load_shape(SHAPE), SystemClock().now())
    await engine.dispose()
    async with executor_on(databases.url(BASE)) as executor:
        await asyncio.gather(*(fund(executor, each) for each in BALANCES))
        for number in range(rich_bets):
            await bet(executor, RICH, f"old-{number}", payout=PAYOUTS[number % 2])


async def fund(executor: Executor, kind: str) -> None:
    """Opens a wallet and fills its buckets."""
    await submit(executor, kind, "open", OpenWallet())
    for bucket, balance in BALANCES[kind].items():
        amount = Amount(CURRENCY, balance)
        command: Command = AdjustBalance(bucket, amount, "BENCH")
        if bucket == "sports_normal":
            command = ApproveDeposit("first", bucket, amount)
        await submit(executor, kind, f"fill-{bucket}", command)


async def bet(executor: Executor, player_id: str, bet_ref: str, *, payout: int) -> None:
    """Has a bet and settles it."""
    key = BetKey(PROVIDER, bet_ref)
    stake, paid = Amount(CURRENCY, STAKE), Amount(CURRENCY, payout)
    await submit(executor, player_id, f"a-{bet_ref}", AuthorizeBet(key, stake))
    await submit(executor, player_id, f"s-{bet_ref}", SettleBet(key, 1, paid))


async def submit(executor: Executor, player_id: str, request_id: str, command: Command) -> None:
    """Submits a command for a player's wallet."""
    wallet = WalletRef(TENANT, player_id, CURRENCY)
    await executor.submit(Submission(wallet, request_id, command))


@asynccontextmanager
async def executor_on(database_url: str) -> AsyncGenerator[Executor]:
    """Runs an engine with the limits that a server has by default."""
    executor = Executor(database_url, ConfigurationCache(), EngineSettings(), SystemClock().now)
    await executor.start()
    try:
        yield executor
    finally:
        await executor.drain()


async def make_template(databases: Databases, kind: str, wallet_count: int) -> str:
    """Makes a template with so many wallets like one of the base. Returns its name."""
    name = f"bench_{kind}"
    names = [name_of(each) for each in range(wallet_count)]
    await databases.postgres.create_database(name, BASE)

    async def copy(part: Sequence[str]) -> None:
        async with databases.connect(name) as connection:
            await copy_wallet(connection, kind, part)

    async with asyncio.TaskGroup() as tasks:
        for first in range(COPIERS_COUNT):
            tasks.create_task(copy(names[first::COPIERS_COUNT]))
    async with databases.connect(name) as connection:
        # Copies were never counted, audited or told of, as after an upgrade.
        await connection.execute("UPDATE tenants SET is_counted = false")
        await connection.execute("DELETE FROM outbox")
        await connection.execute("UPDATE wallets SET event_sequence = 0")
        await connection.execute("VACUUM (ANALYZE)")
    return name


async def copy_wallet(connection: Connection, player_id: str, names: Sequence[str]) -> None:
    """Gives each of the names a wallet with the history of a player's."""
    await connection.execute(
        "CREATE TEMP TABLE copies (shard smallint, wallet_id uuid, player_id text)"
    )
    places = ((locate(WalletRef(TENANT, name, CURRENCY)), name) for name in names)
    records = [(place.shard, place.wallet_id, name) for place, name in places]
    await connection.copy_records_to_table("copies", records=records)
    for table in await connection.fetch(TABLES):
        await copy_rows(connection, table["table_name"], table["columns"], player_id)


async def copy_rows(
    connection: Connection, table: str, columns: Sequence[str], player_id: str
) -> None:
    """Copies a wallet's rows of one table, its oldest first: as if all had played at once."""
    place = locate(WalletRef(TENANT, player_id, CURRENCY))
    own = {"shard", "wallet_id", "player_id"}
    values = ", ".join(f"{'c' if each in own else 't'}.{each}" for each in columns)
    by_player = "wallet_id" not in columns
    statement = f"""
        INSERT INTO {table} ({", ".join(columns)})
        SELECT {values} FROM {table} AS t CROSS JOIN copies AS c
        WHERE t.shard = $1 AND {"t.player_id" if by_player else "t.wallet_id"} = $2
    """
    key = (place.shard, player_id if by_player else place.wallet_id)
    if "sequence" not in columns or table == "wallets":
        await connection.execute(statement, *key)
        return
    found = await connection.fetch(
        f"SELECT DISTINCT sequence FROM {table} WHERE shard = $1 AND wallet_id = $2 ORDER BY 1",
        *key,
    )
    for row in found:
        await connection.execute(f"{statement} AND t.sequence = $3", *key, row["sequence"])
