"""`python -m tests.benchmarks.activation`: what it takes to remove a bucket, by number of wallets.

A topology that removes a bucket is activated, again and again, in a tenant with few wallets and in
one with a hundred times as many; beside it, its preview, and the preview of one that wallets are in
the way of. It ends by itself, within a few minutes, or within half a minute with QUICK=1.
"""

import argparse
import asyncio
import os
import time
from collections.abc import AsyncGenerator, Awaitable, Generator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from statistics import median
from unittest.mock import patch

from sqlalchemy.ext.asyncio import AsyncEngine

from tests.benchmarks.surroundings.databases import Databases, start_postgres
from wallet_server.core.administration.act import Act
from wallet_server.core.administration.version_plain import ref_of
from wallet_server.core.commands.actor import Actor
from wallet_server.core.config.topology import RetiredBucket, Topology
from wallet_server.embedded.roles import Role
from wallet_server.execution.activation import apply_documents
from wallet_server.execution.administration.fence import Fence
from wallet_server.execution.administration.versions import VersionAdmin, VersionChange
from wallet_server.shapes import load_shape
from wallet_server.storage.engine import create_engine
from wallet_server.storage.migrating import migrate

TENANT = "bench"
ON_DISK = Path("/var/tmp")  # noqa: S108 - unlike /tmp it is never in memory; folders in it are private.
UNSEALED_COMMITS = 1_000
IN_THE_WAY = 3

WALLETS = """
    INSERT INTO wallets (shard, wallet_id, tenant_id, player_id, currency_code, sequence,
        create_time, update_time, accounts, balances, debt_assets, debts, frozen_buckets)
    SELECT n % 1024, ('00000000-0000-0000-0000-' || lpad(n::text, 12, '0'))::uuid, $1,
        'player-' || n, 'EUR', 1, now(), now(),
        CASE WHEN n > $2::bigint - $3::bigint THEN '{bkt:in_use,bkt:sports_normal}'::text[]
            ELSE '{bkt:sports_normal,bkt:sports_bonus}'::text[] END,
        '{1000,50}', '{}', '{}', '{}'
    FROM generate_series(1, $2::bigint) AS n
"""
USAGE = """
    INSERT INTO bucket_usage (tenant_id, bucket, kind, asset_code, count, total)
    VALUES ($1, 'sports_normal', 'BALANCE', 'EUR', $2::bigint, $2::bigint * 1000),
        ($1, 'in_use', 'BALANCE', 'EUR', $3::bigint, $3::bigint * 1000)
"""
COMMITS = """
    INSERT INTO commits (shard, commit_id, document)
    SELECT n % 1024, ('00000000-0000-0000-0001-' || lpad(n::text, 12, '0'))::uuid,
        json_build_object('wallets', '[]'::json, 'usage', json_build_array(
            json_build_array($1::text, 'sports_normal', 'BALANCE', 'EUR', 0, 1),
            json_build_array($1::text, 'sports_normal', 'OPEN_BET', 'EUR', 0, 1),
            json_build_array($1::text, 'sports_bonus', 'BALANCE', 'EUR', 0, 1)
        ))
    FROM generate_series(1, $2::int) AS n
"""


@dataclass(slots=True)
class Times:
    """How long things took, in seconds, each as often as it was done."""

    wallets_count: int
    preview: list[float] = field(default_factory=list[float])
    blocked_preview: list[float] = field(default_factory=list[float])
    activation: list[float] = field(default_factory=list[float])
    fence: list[float] = field(default_factory=list[float])


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.activation")
    parser.add_argument("--folder", type=Path, default=ON_DISK)
    options, _ = parser.parse_known_args()
    few, many, rounds = (1_000, 20_000, 3) if os.environ.get("QUICK") else (10_000, 1_000_000, 7)
    with start_postgres(options.folder) as databases:
        times = asyncio.run(measure(databases, (few, many), rounds))
    print(table_of(times))


async def measure(databases: Databases, counts: Sequence[int], rounds: int) -> list[Times]:
    """Removes buckets in tenants with so many wallets each, in turn."""
    async with AsyncExitStack() as stack:
        offices = [
            await stack.enter_async_context(open_office(databases, each, rounds)) for each in counts
        ]
        for number in range(rounds):
            for office in offices:
                await office.remove(f"spare_{number}")
        return [office.times for office in offices]


@contextmanager
def watched_fence(seconds: list[float]) -> Generator[None]:
    """Notes for how long a fence is closed in the block."""
    closed: list[float] = []
    close, open_up = Fence.close, Fence.open

    async def close_and_note(fence: Fence) -> None:
        closed.append(time.perf_counter())
        await close(fence)

    async def note_and_open(fence: Fence) -> None:
        seconds.append(time.perf_counter() - closed.pop())
        await open_up(fence)

    with patch.object(Fence, "close", close_and_note), patch.object(Fence, "open", note_and_open):
        yield


@dataclass(slots=True)
class Office:
    """Where a tenant's topology is administered: what it is now, and how long things took."""

    engine: AsyncEngine
    topology: Topology
    times: Times

    async def remove(self, code: str) -> None:
        """Removes a bucket, and looks what keeps another from being removed."""
        admin = VersionAdmin(self.engine, lambda: datetime.now(UTC))
        blocked = await approved(admin, without(self.topology, "in_use"))
        self.topology = without(self.topology, code)
        version = await approved(admin, self.topology)
        await timed(self.times.blocked_preview, activate(admin, blocked, preview=True))
        await timed(self.times.preview, activate(admin, version, preview=True))
        with watched_fence(self.times.fence):
            await timed(self.times.activation, activate(admin, version))


@asynccontextmanager
async def open_office(
    databases: Databases, wallets_count: int, spares_count: int
) -> AsyncGenerator[Office]:
    """Makes a tenant with buckets that nothing refers to, and one that a few wallets do."""
    name = f"activation_{wallets_count}"
    await databases.postgres.create_database(name)
    await migrate(databases.url(name, Role.OWNER))
    engine = create_engine(databases.url(name), connections_max=2)
    documents = load_shape("ruby")
    (shipped,) = (each for each in documents if isinstance(each, Topology))
    first = shipped.buckets[0]
    codes = ("in_use", *(f"spare_{number}" for number in range(spares_count)))
    buckets = (*shipped.buckets, *(replace(first, code=code) for code in codes))
    topology = replace(shipped, buckets=buckets)
    others = [each for each in documents if each is not shipped]
    await apply_documents(engine, TENANT, [topology, *others], datetime.now(UTC))
    async with databases.connect(name) as connection:
        await connection.execute(WALLETS, TENANT, wallets_count, IN_THE_WAY)
        await connection.execute(USAGE, TENANT, wallets_count, IN_THE_WAY)
        await connection.execute(COMMITS, TENANT, UNSEALED_COMMITS)
        await connection.execute("VACUUM ANALYZE")
    yield Office(engine, topology, Times(wallets_count))
    await engine.dispose()
    await databases.drop(name)


def without(topology: Topology, code: str) -> Topology:
    """Returns a topology with one bucket less."""
    buckets = tuple(each for each in topology.buckets if each.code != code)
    retired = (*topology.retired_buckets, RetiredBucket(code, topology.buckets[0].code))
    return replace(topology, buckets=buckets, retired_buckets=retired)


REQUESTS = count(1)


def act_of(actor: str, *, preview: bool = False) -> Act:
    """Returns an act of somebody."""
    return Act(TENANT, f"r{next(REQUESTS)}", "bench", Actor(actor), validate_only=preview)


async def approved(admin: VersionAdmin, topology: Topology) -> VersionChange:
    """Writes a version, and has it approved."""
    draft = await admin.create(act_of("ada"), topology)
    valid = await admin.validate(act_of("ada"), ref_of(draft.stored), "1")
    return await admin.approve(act_of("ben"), ref_of(valid.stored), "2")


async def activate(
    admin: VersionAdmin, version: VersionChange, *, preview: bool = False
) -> VersionChange:
    """Activates a version, or only looks what would come of it."""
    return await admin.activate(act_of("ben", preview=preview), ref_of(version.stored), "3")


async def timed(seconds: list[float], work: Awaitable[object]) -> None:
    """Notes how long something takes."""
    began = time.perf_counter()
    await work
    seconds.append(time.perf_counter() - began)


def table_of(times: Sequence[Times]) -> str:
    """Returns the medians in milliseconds as a table, and the ratio of each to the first."""
    few, many = times
    lines = [
        f"| | {few.wallets_count:,} wallets | {many.wallets_count:,} wallets | Ratio |",
        "| --- | --- | --- | --- |",
    ]
    for name in ("preview", "blocked_preview", "activation", "fence"):
        before, after = (median(getattr(each, name)) for each in times)
        lines.append(
            f"| `{name}` | {before * 1000:.1f} ms | {after * 1000:.1f} ms | {after / before:.2f} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
