"""Buckets come and go and policies change while bets are placed and settled, on several servers."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import grpc.aio
import pytest

from tests.database import Database
from tests.soak.bettors import Bettors, resettle
from tests.soak.callers import TENANT
from tests.soak.changing import (
    CASH,
    CHANGING,
    PRIZE,
    STEADY,
    Plans,
    documents,
    policy_of,
    topology_of,
)
from tests.soak.persons import AUTHOR, GIVE_UP_SECONDS, PAUSE_SECONDS, Persons
from tests.soak.server_process import BELIEVING, ServerProcess, run_verify, running_servers
from wallet_client import RetryPolicy, WalletClient
from wallet_server.core.config.documents import Document, read_document
from wallet_server.execution.activation import apply_documents
from wallet_server.execution.sealing.keys import make_key_pair
from wallet_server.storage.engine import create_engine

SERVERS_COUNT, BETTORS_COUNT, BETS_MIN = 3, 24, 2_001
FEW_SERVERS_COUNT, FEW_BETTORS_COUNT, FEW_BETS_MIN = 2, 4, 101
PLAYERS = [f"player-{number}" for number in range(12)]
PATIENCE = RetryPolicy(total_seconds=60, attempt_seconds=10, attempts_max=200)
SCHEDULED_AHEAD = timedelta(seconds=0.5)
ACTIVE_TWICE = """
SELECT 'topologies' AS what, tenant_id, '' AS key, count(*) FROM topologies
WHERE state = 'ACTIVE' GROUP BY tenant_id
UNION ALL SELECT 'policies', tenant_id, provider_type, count(*) FROM policies
WHERE state = 'ACTIVE' GROUP BY tenant_id, provider_type
UNION ALL SELECT 'wallet_policies', tenant_id, '', count(*) FROM wallet_policies
WHERE state = 'ACTIVE' GROUP BY tenant_id
UNION ALL SELECT 'provider_profiles', tenant_id, provider_id, count(*) FROM provider_profiles
WHERE state = 'ACTIVE' GROUP BY tenant_id, provider_id
"""


@dataclass
class Change:
    """What goes on beside the bets. `retired` are the buckets that are gone by now."""

    persons: Persons
    bettors: Bettors
    plans: Plans
    retired: list[str]
    seconds_between: float

    async def change_buckets(self, is_over: asyncio.Event) -> None:
        """Adds a bucket, lets bets use it, empties it and takes it away; and again."""
        while not is_over.is_set():
            code = f"extra_{len(self.retired) + 1}"
            version = await self.persons.approve_topology(topology_of([code], self.retired))
            assert await self.persons.activate_topology(version)
            await self.change_policy(STEADY, [code, CASH], code)
            self.bettors.buckets.append(code)
            await asyncio.sleep(self.seconds_between)
            await self.take_away(code)
            self.retired.append(code)

    async def take_away(self, code: str) -> None:
        """Retires a bucket that is in use, drained as often as it takes."""
        version = await self.persons.approve_topology(topology_of([], [*self.retired, code]))
        assert not await self.persons.activate_topology(version)
        self.bettors.buckets.remove(code)
        await self.persons.act("TopologyAdmin.StartDraining", AUTHOR, bucket=code)
        await self.change_policy(STEADY, [CASH], CASH)
        async with asyncio.timeout(GIVE_UP_SECONDS):
            while not await self.persons.activate_topology(version):
                await self.persons.drain(code, CASH)

    async def change_policy(
        self, provider_type: str, sources: Sequence[str], profit_target: str
    ) -> None:
        """Makes a policy active. Bets may be placed under it before anybody hears that."""
        name = await self.persons.approve_policy(policy_of(provider_type, sources, profit_target))
        self.plans.targets[provider_type, name["version"]] = profit_target
        await self.persons.activate_policy(name)

    async def change_winnings(self, is_over: asyncio.Event) -> None:
        """Has winnings go elsewhere again and again: at once, and every other time by itself."""
        while not is_over.is_set():
            await self.change_policy(CHANGING, [CASH], PRIZE)
            await asyncio.sleep(PAUSE_SECONDS)
            name = await self.persons.approve_policy(policy_of(CHANGING, [CASH], CASH))
            self.plans.targets[CHANGING, name["version"]] = CASH
            while not await self.persons.schedule_policy(name, SCHEDULED_AHEAD):
                pass
            await self.wait_until_active(name["version"])

    async def wait_until_active(self, version: int) -> None:
        """Waits until a policy has become active by itself."""
        async with asyncio.timeout(GIVE_UP_SECONDS):
            while True:
                got = await self.persons.read("PolicyAdmin.GetPolicy", provider_type=CHANGING)
                if got.policy.version == version:
                    return
                await asyncio.sleep(PAUSE_SECONDS)


async def configure(database: Database) -> None:
    """Gives the tenant its first documents. Nobody may change them alone."""
    values = [read_document(each) for each in documents()]
    assert not any(isinstance(each, list) for each in values), values
    engine = create_engine(database.server_url)
    await apply_documents(
        engine, TENANT, cast("list[Document]", values), datetime.now(UTC), single_handed=False
    )
    await engine.dispose()


@asynccontextmanager
async def connected(
    servers: Sequence[ServerProcess],
) -> AsyncGenerator[tuple[list[WalletClient], list[grpc.aio.Channel]]]:
    """Connects bettors and persons to each server."""
    async with AsyncExitStack() as closing:
        clients = [
            await closing.enter_async_context(WalletClient(each.target, policy=PATIENCE))
            for each in servers
        ]
        channels = [
            await closing.enter_async_context(grpc.aio.insecure_channel(each.target))
            for each in servers
        ]
        yield clients, channels


async def play(change: Change, bettors_count: int, bets_min: int, seconds: float) -> None:
    """Changes things and bets for so long, and for so many bets, and then lets both end."""
    changes_end, bets_end = asyncio.Event(), asyncio.Event()
    bettors = change.bettors
    await bettors.open_wallets(PLAYERS)
    async with asyncio.TaskGroup() as together:
        for number in range(bettors_count):
            together.create_task(bettors.bet(number, PLAYERS, bets_end))
        changing = [
            together.create_task(change.change_buckets(changes_end)),
            together.create_task(change.change_winnings(changes_end)),
        ]
        await asyncio.sleep(seconds)
        await bettors.wait_until_placed(bets_min)
        changes_end.set()
        await asyncio.gather(*changing)
        bets_end.set()


async def soak(
    database: Database,
    folder: Path,
    seconds: float,
    seconds_between: float,
    *,
    bets_min: int,
    servers_count: int = SERVERS_COUNT,
    bettors_count: int = BETTORS_COUNT,
) -> Change:
    """Plays, and holds what is left against what had to happen."""
    await configure(database)
    url, key = database.server_url, folder / "chain.key"
    public_key, _ = make_key_pair(key)
    signing = {"WALLET_CHAIN_KEY_FILE": str(key)}
    async with (
        running_servers(url, servers_count, folder, BELIEVING, **signing) as servers,
        connected(servers) as (clients, channels),
    ):
        plans = Plans()
        bettors = Bettors(clients, plans)
        change = Change(Persons(channels), bettors, plans, [], seconds_between)
        await play(change, bettors_count, bets_min, seconds)
        await resettle(bettors, change.retired)
    assert bettors.wrong == []
    connection = await database.connect_superuser()
    counted = await connection.fetch(ACTIVE_TWICE)
    assert {(row["what"], row["key"]): row["count"] for row in counted} == {
        ("topologies", ""): 1,
        ("wallet_policies", ""): 1,
        **{("policies", provider_type): 1 for provider_type in (STEADY, CHANGING)},
        **{("provider_profiles", each): 1 for each in ("steady-games", "changing-games")},
    }
    for arguments in ((), ("--chain", "--public-key", str(public_key))):
        code, printed = await run_verify(url, *arguments)
        assert code == 0, printed
    print(
        f"{len(change.retired)} buckets came and went, {change.persons.blocked_count} refusals;"
        f" {dict(change.persons.done)}; {dict(bettors.done)}"
    )
    return change


@pytest.mark.timeout(180)
async def test_bets_settle_by_their_snapshots_while_a_bucket_comes_and_goes(
    database: Database, tmp_path: Path
) -> None:
    change = await soak(
        database,
        tmp_path,
        seconds=0.1,
        seconds_between=0.1,
        bets_min=FEW_BETS_MIN,
        servers_count=FEW_SERVERS_COUNT,
        bettors_count=FEW_BETTORS_COUNT,
    )

    assert change.retired
    assert change.bettors.done["bets"] >= FEW_BETS_MIN
    assert change.persons.done["PolicyAdmin.SchedulePolicy"] >= 1


@pytest.mark.soak
@pytest.mark.timeout(600)
async def test_bets_settle_by_their_snapshots_while_everything_changes(
    database: Database, tmp_path: Path
) -> None:
    change = await soak(database, tmp_path, seconds=30, seconds_between=1, bets_min=BETS_MIN)

    assert len(change.retired) >= 2
    assert change.bettors.done["bets"] >= BETS_MIN
    assert change.bettors.done["redirected"] > 20
    assert change.persons.done["PolicyAdmin.SchedulePolicy"] >= 2
