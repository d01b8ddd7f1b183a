"""`recount` makes up for what was recorded before anything was counted or sealed."""

import asyncio

import pytest

from tests.database import Database
from tests.execution.conftest import StartExecutor, now
from tests.execution.sealing.conftest import seal_all
from tests.execution.vocabulary import TENANT, Caller, authorize, settle, wallet_of
from wallet_server.core.administration.usage import Usage, UsageKey, UsageKind
from wallet_server.core.audit.difference import Difference
from wallet_server.execution.chain_verification import ChainScope, verify_chain
from wallet_server.execution.recount import UnknownTenantError, recount
from wallet_server.execution.sealing.keys import PublicKeys
from wallet_server.execution.verification import VerificationScope, verify
from wallet_server.storage.engine import create_engine


async def find(database: Database) -> list[Difference]:
    """Returns all that either way of verifying finds."""
    found: list[Difference] = []
    await verify(database.server_url, VerificationScope(), found.append)
    await verify_chain(database.server_url, ChainScope(PublicKeys(())), found.append)
    return found


async def forget(database: Database) -> None:
    """Leaves what a release leaves that does not count, seal or audit."""
    superuser = await database.connect_superuser()
    await superuser.execute("TRUNCATE commits, bucket_usage, chain_blocks, audit_records")
    await superuser.execute("UPDATE tenants SET is_counted = false")
    for table in ("topologies", "wallet_policies", "policies", "provider_profiles"):
        await superuser.execute(f"UPDATE {table} SET author = ''")


async def test_what_was_missed_is_counted_sealed_and_audited(
    database: Database, start_executor: StartExecutor
) -> None:
    caller = Caller(await start_executor(), wallet_of("ann"))
    await caller.open(balance=100)
    await caller.send("a", authorize("b1", 30))
    await forget(database)

    found = await recount(database.server_url, TENANT, now)
    engine = create_engine(database.server_url)
    await seal_all(engine, None)
    await engine.dispose()

    assert found.usage == {
        UsageKey(TENANT, "sports_normal", UsageKind.BALANCE, "EUR"): Usage(1, 70),
        UsageKey(TENANT, "sports_normal", UsageKind.OPEN_BET, "EUR"): Usage(1, 30),
    }
    assert [each[2:] for each in found.ranges] == [(2, 3)]  # The first opened the wallet.
    assert [each[2] for each in found.acts] == ["fund"]
    assert [str(each) for each in await find(database)] == []


async def test_it_finds_nothing_the_second_time(
    database: Database, start_executor: StartExecutor
) -> None:
    caller = Caller(await start_executor(), wallet_of("ann"))
    await caller.open(balance=100)
    await forget(database)
    await recount(database.server_url, TENANT, now)

    again = await recount(database.server_url, TENANT, now)

    assert (again.usage, again.ranges, again.acts) == ({}, [], [])


async def test_commands_and_blocks_may_go_on_meanwhile(
    database: Database, start_executor: StartExecutor
) -> None:
    executor = await start_executor()
    engine = create_engine(database.server_url)

    async def bet(name: str) -> None:
        caller = Caller(executor, wallet_of(name))
        await caller.open(balance=1000)
        for number in range(20):
            await caller.send(f"a{number}", authorize(f"bet-{number}"))
            if number % 2:
                await caller.send(f"s{number}", settle(f"bet-{number}", 15))

    await bet("before")
    await forget(database)
    betting = asyncio.gather(*(bet(f"busy-{number}") for number in range(6)))
    await recount(database.server_url, TENANT, now)
    while not betting.done():
        await seal_all(engine, None)
    await betting
    await seal_all(engine, None)
    await engine.dispose()

    assert [str(each) for each in await find(database)] == []


async def test_an_unknown_tenant_is_refused(database: Database, tenant: str) -> None:
    with pytest.raises(UnknownTenantError):
        await recount(database.server_url, tenant + "2", now)
