"""`python -m tests.benchmarks.past`: how long it takes to read the past, by the length of a journal.

The same is asked of a wallet with few entries and of one with a hundred times as many: once with
only entries to read, and once with the chapters that servers write. It ends by itself, within a
minute or two.
"""

import argparse
import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from tests.benchmarks.surroundings.databases import Databases, start_postgres
from wallet_server.core.accounts import bucket
from wallet_server.core.history.chapter import CHAPTER_COMMANDS, last_full
from wallet_server.core.history.entry_filter import EntryFilter, PageAsked
from wallet_server.core.ids import WalletRef, locate
from wallet_server.embedded.roles import Role
from wallet_server.execution.chapters.writer import write_upto
from wallet_server.execution.configuration_cache import ConfigurationCache
from wallet_server.execution.wallet_reader import WalletReader
from wallet_server.storage.chapters import open_chapter_connection
from wallet_server.storage.migrating import migrate
from wallet_server.storage.readers import open_readers

ON_DISK = Path("/var/tmp")  # noqa: S108 - unlike /tmp it is never in memory; folders in it are private.
DATABASE = "past"
TIMEOUT_SECONDS = 60.0
START = datetime(2026, 1, 1, tzinfo=UTC)
CASH = bucket("sports_normal")

# Bets that are placed and settled in turn, one command a minute.
ENTRIES = """
    INSERT INTO entries (shard, wallet_id, sequence, ordinal, asset_code, accounts, changes,
        balances_after, entry_time, request_id, command, provider_id, bet_ref, correlation_id)
    SELECT $1, $2, n, 0, 'EUR',
        '{bkt:sports_normal,open:sports_normal}'::text[]
            || CASE WHEN n % 2 = 1 THEN '{H:GAME:SPORTS}'::text[] ELSE '{}' END,
        CASE WHEN n % 2 = 1 THEN '{12,-10,-2}'::bigint[] ELSE '{-10,10}' END,
        CASE WHEN n % 2 = 1 THEN ARRAY[1000 + n, 0, NULL] ELSE ARRAY[1000 + n, 10] END,
        $4::timestamptz + n * interval '1 minute', 'r' || n,
        CASE WHEN n % 2 = 1 THEN 'SettleBet' ELSE 'AuthorizeBet' END,
        'acme-sports', 'b' || n / 2, ''
    FROM generate_series(2, $3::bigint) AS n
"""
PLAYER = """
    INSERT INTO players (shard, tenant_id, player_id, create_time) VALUES ($1, 'bench', $2, $3)
"""
WALLET = """
    INSERT INTO wallets (shard, wallet_id, tenant_id, player_id, currency_code, sequence,
        create_time, update_time, accounts, balances, debt_assets, debts, frozen_buckets)
    VALUES ($1, $2, 'bench', $3, 'EUR', $4, $5, $5, '{}', '{}', '{}', '{}', '{}')
"""


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.past")
    parser.add_argument("--folder", type=Path, default=ON_DISK)
    options, _ = parser.parse_known_args()
    few, many, rounds = (1_000, 20_000, 3) if os.environ.get("QUICK") else (1_000, 100_000, 7)
    with start_postgres(options.folder) as databases:
        print(asyncio.run(measure(databases, (few, many), rounds)))


async def measure(databases: Databases, counts: Sequence[int], rounds: int) -> str:
    """Returns how long reads take, as a table."""
    await databases.postgres.create_database(DATABASE)
    await migrate(databases.url(DATABASE, Role.OWNER))
    readers = await open_readers(
        databases.url(DATABASE), connections_max=1, statement_timeout_seconds=TIMEOUT_SECONDS
    )
    reader = WalletReader(readers, ConfigurationCache(), lambda: datetime.now(UTC))
    wallets = [await fill(databases, each) for each in counts]
    without = [await times_of(reader, *each, rounds) for each in zip(wallets, counts, strict=True)]
    writer = await open_chapter_connection(
        databases.url(DATABASE), statement_timeout_seconds=TIMEOUT_SECONDS
    )
    for ref, commands_count in zip(wallets, counts, strict=True):
        await write_upto(writer, ref, last_full(commands_count))
    await writer.close()
    those = [await times_of(reader, *each, rounds) for each in zip(wallets, counts, strict=True)]
    await readers.close()
    await databases.drop(DATABASE)
    return table_of(counts, without, those)


async def fill(databases: Databases, commands_count: int) -> WalletRef:
    """Makes a wallet with so many commands."""
    ref = WalletRef("bench", f"player-{commands_count}", "EUR")
    shard, wallet_id = locate(ref)
    async with databases.connect(DATABASE) as connection:
        await connection.execute(PLAYER, shard, ref.player_id, START)
        await connection.execute(WALLET, shard, wallet_id, ref.player_id, commands_count, START)
        await connection.execute(ENTRIES, shard, wallet_id, commands_count, START)
        await connection.execute("VACUUM ANALYZE")
    return ref


async def times_of(
    reader: WalletReader, ref: WalletRef, commands_count: int, rounds: int
) -> dict[str, float]:
    """Returns the median times of reads, in seconds, by what is read."""
    middle = commands_count // 2
    worst = last_full(commands_count) - 1  # As far from the end of a chapter as can be.
    at = START.replace(hour=6)
    wanted = EntryFilter("acme-sports", (f"b{middle}",))
    reads: dict[str, Callable[[], Awaitable[object]]] = {
        "GetWallet, halfway": lambda: reader.past.wallet(ref, middle),
        "GetWallet, near the end": lambda: reader.past.wallet(ref, worst),
        "GetWallet, by time": lambda: reader.past.wallet(ref, at),
        "ExplainBalance, of all": lambda: reader.past.explain(ref, CASH),
        "ExplainBalance, of the last": lambda: reader.past.explain(
            ref, CASH, start=commands_count - CHAPTER_COMMANDS // 2
        ),
        "ListEntries, of a bet": lambda: reader.journal.entries(
            ref, PageAsked(None, 51), wanted=wanted
        ),
    }
    return {
        name: median([await timed(read) for _ in range(rounds)]) for name, read in reads.items()
    }


async def timed(read: Callable[[], Awaitable[object]]) -> float:
    """Returns how long something takes, in seconds."""
    began = time.perf_counter()
    await read()
    return time.perf_counter() - began


def table_of(
    counts: Sequence[int],
    without: Sequence[dict[str, float]],
    those: Sequence[dict[str, float]],
) -> str:
    """Returns the times in milliseconds as a table."""
    heads = [f"{count:,} commands{more}" for more in ("", ", chapters") for count in counts]
    lines = [f"| | {' | '.join(heads)} |", "| --- |" + " --- |" * len(heads)]
    for name in without[0]:
        times = [f"{each[name] * 1000:.1f} ms" for each in (*without, *those)]
        lines.append(f"| {name} | {' | '.join(times)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
