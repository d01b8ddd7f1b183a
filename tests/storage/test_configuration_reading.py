"""Configurations and their versions, read back."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.database import Database
from tests.storage.configurations import ALL, LATER, NOW, SPORTS, TOPOLOGY, WIDER, policy
from wallet_server.core.config.configuration import StoredVersion, VersionState
from wallet_server.core.config.provider_profile import ProviderProfile
from wallet_server.execution.activation import apply_documents
from wallet_server.execution.configuration_cache import ConfigurationCache
from wallet_server.execution.configuration_reader import ConfigurationReader
from wallet_server.execution.errors import RefusedError, StorageUnavailableError
from wallet_server.storage.configurations import LOAD, load
from wallet_server.storage.engine import create_engine

SLOTS = [policy("SLOTS", max_stake_with_bonus=number) for number in (1, 2, 3)]


@pytest.fixture
async def engine(database: Database) -> AsyncIterator[AsyncEngine]:
    """Has a tenant with two topologies, and four policies of two types."""
    engine = create_engine(database.server_url, connections_max=2)
    await apply_documents(engine, "demo", [*ALL, SLOTS[0]], NOW)
    await apply_documents(engine, "demo", [WIDER, SLOTS[1]], LATER)
    await apply_documents(engine, "demo", [SLOTS[2], ProviderProfile("lucky", "SLOTS")], LATER)
    yield engine
    await engine.dispose()


@pytest.fixture
def reader(engine: AsyncEngine) -> ConfigurationReader:
    return ConfigurationReader(engine)


async def test_a_version_is_what_was_applied(reader: ConfigurationReader) -> None:
    first = StoredVersion(
        *("demo", 1, VersionState.SUPERSEDED, TOPOLOGY, NOW),
        revision=2,
        author="apply",
        update_time=LATER,
        activate_time=NOW,
    )
    second = StoredVersion(
        *("demo", 2, VersionState.ACTIVE, WIDER, LATER), author="apply", activate_time=LATER
    )
    assert await reader.topology("demo", 1) == first
    assert await reader.topology("demo", 2) == second
    assert (await reader.policy("demo", "SLOTS", 2)).value == SLOTS[1]


async def test_version_zero_is_the_active_one(reader: ConfigurationReader) -> None:
    assert (await reader.topology("demo", 0)).value == WIDER
    assert (await reader.wallet_policy("demo", 0)).version == 1
    assert (await reader.policy("demo", "SLOTS", 0)).value == SLOTS[2]
    assert (await reader.provider_profile("demo", "lucky", 0)).version == 1


async def test_pages_of_topologies_are_newest_first(reader: ConfigurationReader) -> None:
    first = await reader.topologies("demo", before=None, limit=1)
    second = await reader.topologies("demo", before=first[-1].version, limit=1)
    third = await reader.topologies("demo", before=second[-1].version, limit=1)

    assert [each.version for each in (*first, *second, *third)] == [2, 1]
    assert len(await reader.wallet_policies("demo", before=None, limit=10)) == 1
    assert await reader.wallet_policies("demo", before=1, limit=10) == []


async def test_pages_of_policies_go_by_type_and_are_newest_first(
    reader: ConfigurationReader,
) -> None:
    listed: list[tuple[str, int]] = []
    after = None
    while page := await reader.policies("demo", provider_type="", after=after, limit=3):
        listed += [(each.value.provider_type, each.version) for each in page]
        after = listed[-1]

    assert listed == [("SLOTS", 3), ("SLOTS", 2), ("SLOTS", 1), ("SPORTS", 1)]
    slots = await reader.policies("demo", provider_type="SLOTS", after=("SLOTS", 3), limit=9)
    assert [each.version for each in slots] == [2, 1]


async def test_pages_of_profiles_go_by_provider(reader: ConfigurationReader) -> None:
    everyone = await reader.provider_profiles("demo", provider_id="", after=None, limit=9)
    lucky = await reader.provider_profiles("demo", provider_id="lucky", after=None, limit=9)

    assert [each.value.provider_id for each in everyone] == ["acme-sports", "lucky"]
    assert [each.value.provider_id for each in lucky] == ["lucky"]


async def test_what_is_not_there_is_said_precisely(reader: ConfigurationReader) -> None:
    missing = {
        "TOPOLOGY_NOT_FOUND": reader.topology("demo", 3),
        "POLICY_NOT_FOUND": reader.policy("demo", "LIVE", 0),
        "PROVIDER_PROFILE_NOT_FOUND": reader.provider_profile("demo", "lucky", 2),
    }
    for reason, reading in missing.items():
        with pytest.raises(RefusedError, match=reason):
            await reading
    with pytest.raises(RefusedError, match="POLICY_NOT_FOUND"):
        await reader.wallet_policy("demo", 2)


async def test_a_tenant_that_is_not_there_is_said_to_be(reader: ConfigurationReader) -> None:
    with pytest.raises(RefusedError, match="TENANT_NOT_FOUND"):
        await reader.topology("nobody", 0)
    with pytest.raises(RefusedError, match="TENANT_NOT_FOUND"):
        await reader.provider_profiles("nobody", provider_id="", after=None, limit=1)


async def test_a_database_that_is_gone_is_a_fault_and_no_bug(
    reader: ConfigurationReader, database: Database
) -> None:
    await database.drop()

    with pytest.raises(StorageUnavailableError):
        await reader.topology("demo", 1)
    with pytest.raises(StorageUnavailableError):
        await reader.topologies("demo", before=None, limit=5)


async def test_a_cache_asks_once_until_it_is_told_of_a_new_epoch(
    database: Database, engine: AsyncEngine
) -> None:
    cache = ConfigurationCache()
    connection = await database.connect()
    assert cache.cached("demo") is None
    first = (await cache.at(connection, {"demo": 3}))["demo"]
    await apply_documents(engine, "demo", [policy("LIVE")], LATER)

    assert (await cache.at(connection, {"demo": 3}))["demo"] is first
    second = (await cache.at(connection, {"demo": 4}))["demo"]
    assert (await cache.at(connection, {"demo": 3}))["demo"] is second

    assert (first.epoch, second.epoch) == (3, 4)
    assert cache.cached("demo") is second


async def test_an_old_snapshot_does_not_replace_what_is_newer(
    database: Database, engine: AsyncEngine
) -> None:
    cache = ConfigurationCache()
    old, new = await database.connect(), await database.connect()
    async with old.transaction(isolation="serializable", readonly=True):
        await old.fetch("SELECT FROM tenants")
        await apply_documents(engine, "demo", [policy("LIVE")], LATER)
        await cache.load(new, ["demo"])

        loaded = await cache.load(old, ["demo"])

    assert loaded["demo"].epoch == 3
    cached = cache.cached("demo")
    assert cached is not None
    assert cached.epoch == 4


async def test_a_cache_keeps_no_tenants_that_do_not_exist(
    database: Database, engine: AsyncEngine
) -> None:
    cache = ConfigurationCache()
    connection = await database.connect()

    assert await cache.at(connection, {"nobody": 1}) == {}
    assert cache.cached("nobody") is None
    assert await cache.load(connection, ["nobody"]) == {}


async def test_a_full_cache_forgets_what_was_loaded_longest_ago(
    database: Database, engine: AsyncEngine
) -> None:
    cache = ConfigurationCache(tenants_max=2)
    connection = await database.connect()
    for name in ("two", "three"):
        await apply_documents(engine, name, ALL, NOW)
    for name in ("demo", "two"):
        await cache.load(connection, [name])
    await cache.load(connection, ["demo"])

    await cache.load(connection, ["three"])

    assert [cache.cached(name) is not None for name in ("demo", "two", "three")] == [
        True,
        False,
        True,
    ]


async def test_a_configuration_is_of_one_snapshot(database: Database, engine: AsyncEngine) -> None:
    connection = await database.connect()
    cache = ConfigurationCache()
    for number in range(20):
        changed = [replace(WIDER, name=f"n{number}"), replace(SPORTS, max_stake_with_bonus=number)]
        await apply_documents(engine, "demo", changed, LATER)
        found = (await cache.load(connection, ["demo"]))["demo"]
        assert found.topology.version == number + 3
        assert found.policies["SPORTS"].version == number + 2
        assert found.epoch == number + 4
    assert LOAD.count(";") == 0


async def test_what_was_set_for_buckets_lies_over_the_topology_of_whichever_version(
    engine: AsyncEngine, database: Database
) -> None:
    superuser, server = await database.connect_superuser(), await database.connect()
    put = "INSERT INTO bucket_statuses VALUES ($1, $2, $3, 1, now())"
    await superuser.execute(put, "demo", "bonus", "DRAINING")
    await superuser.execute(put, "demo", "cash", "ACTIVE")
    await superuser.execute(put, "other", "cash", "DRAINING")

    loaded = await load(server, ["demo"])

    topology = loaded["demo"].topology.value
    assert topology == WIDER.with_draining(frozenset({"bonus"}))
    assert [each.status.value for each in topology.buckets if each.code == "bonus"] == ["DRAINING"]
