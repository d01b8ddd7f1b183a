"""Documents become a tenant's configuration: all of them, or none."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from tests.database import Database
from tests.storage.configurations import (
    ACME,
    ALL,
    LATER,
    NOW,
    SPORTS,
    TOPOLOGY,
    WALLET_POLICY,
    WIDER,
    WITHOUT_BONUS,
    policy,
)
from wallet_server.core.config.activation import Standing
from wallet_server.core.config.provider_profile import ProviderProfile
from wallet_server.core.config.wallet_policy import WalletPolicy
from wallet_server.execution import activation
from wallet_server.execution.activation import ConfigurationInvalidError, apply_documents
from wallet_server.execution.administration import attempts
from wallet_server.execution.configuration_cache import ConfigurationCache
from wallet_server.execution.errors import ContentionError
from wallet_server.storage.engine import create_engine


@pytest.fixture
async def engine(database: Database) -> AsyncIterator[AsyncEngine]:
    engine = create_engine(database.server_url)
    yield engine
    await engine.dispose()


async def test_a_new_tenant_is_made_with_its_configuration(
    database: Database, engine: AsyncEngine
) -> None:
    report = await apply_documents(engine, "demo", ALL, NOW)

    assert (report.tenant_id, report.epoch, report.is_changed) == ("demo", 1, True)
    assert [(d.title, d.version, d.is_new) for d in report.documents] == [
        ("Topology", 1, True),
        ("WalletPolicy", 1, True),
        ("Policy SPORTS", 1, True),
        ("ProviderProfile acme-sports", 1, True),
    ]
    found = (await ConfigurationCache().load(await database.connect(), ["demo"]))["demo"]
    assert found.epoch == 1
    assert found.topology.value == TOPOLOGY
    assert found.wallet_policy.value == WALLET_POLICY
    assert {key: each.value for key, each in found.policies.items()} == {"SPORTS": SPORTS}
    assert {key: each.value for key, each in found.profiles.items()} == {"acme-sports": ACME}


async def test_applying_the_same_again_changes_nothing(
    database: Database, engine: AsyncEngine
) -> None:
    await apply_documents(engine, "demo", ALL, NOW)
    before = await dump(database)

    report = await apply_documents(engine, "demo", ALL, LATER)

    assert (report.epoch, report.is_changed) == (1, False)
    assert await dump(database) == before


async def test_what_differs_gets_a_new_version_and_the_rest_stays(
    database: Database, engine: AsyncEngine
) -> None:
    await apply_documents(engine, "demo", ALL, NOW)
    limited = policy("SPORTS", max_stake_with_bonus=500)

    report = await apply_documents(engine, "demo", [WIDER, WALLET_POLICY, limited], LATER)

    assert report.epoch == 2
    assert [(d.title, d.version, d.is_new) for d in report.documents] == [
        ("Topology", 2, True),
        ("WalletPolicy", 1, False),
        ("Policy SPORTS", 2, True),
    ]
    connection = await database.connect()
    states = "SELECT version, state, create_time FROM policies ORDER BY version"
    assert [tuple(row) for row in await connection.fetch(states)] == [
        (1, "SUPERSEDED", NOW),
        (2, "ACTIVE", LATER),
    ]
    found = (await ConfigurationCache().load(connection, ["demo"]))["demo"]
    assert (found.topology.version, found.topology.value) == (2, WIDER)
    assert (found.profiles["acme-sports"].version, found.epoch) == (1, 2)


async def test_going_back_is_a_new_version_with_the_old_content(engine: AsyncEngine) -> None:
    await apply_documents(engine, "demo", ALL, NOW)
    await apply_documents(engine, "demo", [policy("SPORTS", max_stake_with_bonus=1)], NOW)

    report = await apply_documents(engine, "demo", [SPORTS], LATER)

    assert [(d.version, d.is_new) for d in report.documents] == [(3, True)]
    assert report.epoch == 3


async def test_one_document_may_come_alone_once_the_rest_is_there(engine: AsyncEngine) -> None:
    await apply_documents(engine, "demo", ALL, NOW)

    slots = [policy("SLOTS"), ProviderProfile("lucky", "SLOTS")]
    report = await apply_documents(engine, "demo", slots, LATER)

    assert [(d.title, d.version) for d in report.documents] == [
        ("Policy SLOTS", 1),
        ("ProviderProfile lucky", 1),
    ]


async def test_everything_wrong_is_said_at_once_and_nothing_is_stored(
    database: Database, engine: AsyncEngine
) -> None:
    await apply_documents(engine, "demo", ALL, NOW)
    before = await dump(database)
    wrong = [
        replace(SPORTS, provider_type="LIVE", destinations=()),
        ProviderProfile("ghost", "NOWHERE"),
        WITHOUT_BONUS,
        WalletPolicy(jurisdiction="ATLANTIS"),
        WITHOUT_BONUS,
    ]

    with pytest.raises(ConfigurationInvalidError) as raised:
        await apply_documents(engine, "demo", wrong, LATER)

    assert {(p.path.split(":")[0], p.reason) for p in raised.value.problems} == {
        ("Topology", "MISSING_SUCCESSOR"),
        ("Topology", "DUPLICATE"),
        ("Policy LIVE", "MISSING_DESTINATION"),
        ("ProviderProfile ghost", "POLICY_MISSING"),
        ("WalletPolicy", "UNKNOWN_JURISDICTION"),
    }
    assert await dump(database) == before


async def test_a_topology_is_judged_with_the_policies_that_stay(engine: AsyncEngine) -> None:
    await apply_documents(engine, "demo", ALL, NOW)
    renamed = replace(TOPOLOGY.buckets[0], code="money")
    other = replace(
        TOPOLOGY, buckets=(renamed,), recovery_order=("money",), withdraw_order=("money",)
    )

    with pytest.raises(ConfigurationInvalidError) as raised:
        await apply_documents(engine, "demo", [other], LATER)

    found = {(p.path.split(":")[0], p.reason) for p in raised.value.problems}
    assert ("Policy SPORTS", "UNKNOWN_BUCKET") in found
    assert ("Topology", "MISSING_SUCCESSOR") in found


async def test_a_tenant_is_not_made_without_what_every_tenant_needs(
    database: Database, engine: AsyncEngine
) -> None:
    with pytest.raises(ConfigurationInvalidError) as raised:
        await apply_documents(engine, "demo", [], NOW)

    assert [(p.path, p.reason) for p in raised.value.problems] == [
        ("Topology", "MISSING_DOCUMENT"),
        ("WalletPolicy", "MISSING_DOCUMENT"),
    ]
    assert await (await database.connect()).fetchval("SELECT count(*) FROM tenants") == 0


@pytest.mark.parametrize("tenant_id", ["", "Demo", "-demo", "de mo", "d" * 33, "demo\n"])
async def test_a_tenant_id_that_no_call_could_name_is_refused(
    engine: AsyncEngine, tenant_id: str
) -> None:
    with pytest.raises(ConfigurationInvalidError, match="BAD_CODE"):
        await apply_documents(engine, tenant_id, ALL, NOW)


async def test_tenants_do_not_see_each_other(database: Database, engine: AsyncEngine) -> None:
    await apply_documents(engine, "one", ALL, NOW)
    await apply_documents(engine, "two", [WIDER, *ALL[1:]], NOW)
    await apply_documents(engine, "one", [policy("SLOTS")], LATER)

    found = await ConfigurationCache().load(await database.connect(), ["one", "two", "three"])

    assert {key: (each.epoch, each.topology.value.name) for key, each in found.items()} == {
        "one": (2, "small"),
        "two": (1, "wider"),
    }
    assert set(found["one"].policies) == {"SPORTS", "SLOTS"}
    assert set(found["two"].policies) == {"SPORTS"}


async def test_concurrent_applications_of_one_tenant_follow_each_other(
    database: Database, engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempts, "ATTEMPTS_MAX", 50)
    reports = await asyncio.gather(
        apply_documents(engine, "demo", ALL, NOW),
        *(
            apply_documents(engine, "demo", [*ALL[:2], policy(f"TYPE_{number}")], NOW)
            for number in range(6)
        ),
    )

    found = (await ConfigurationCache().load(await database.connect(), ["demo"]))["demo"]
    assert sorted(report.epoch for report in reports) == [1, 2, 3, 4, 5, 6, 7]
    assert found.epoch == 7
    assert set(found.policies) == {"SPORTS", *(f"TYPE_{number}" for number in range(6))}
    assert found.topology.version == 1


async def test_somebody_who_always_wins_is_reported_as_contention(
    database: Database, engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    await apply_documents(engine, "demo", ALL, NOW)
    rival = await database.connect()
    load_standing = activation.load_standing

    async def load_and_be_overtaken(connection: AsyncConnection, *what: Any) -> Standing:
        standing = await load_standing(connection, *what)
        await rival.execute("UPDATE tenants SET epoch = epoch + 1")
        return standing

    monkeypatch.setattr(activation, "load_standing", load_and_be_overtaken)

    with pytest.raises(ContentionError):
        await apply_documents(engine, "demo", [policy("SLOTS")], LATER)

    assert await rival.fetchval("SELECT count(*) FROM policies") == 1


async def dump(database: Database) -> list[list[tuple[object, ...]]]:
    """Returns every row of the configuration."""
    connection = await database.connect()
    tables = ("tenants", "topologies", "wallet_policies", "policies", "provider_profiles")
    return [
        [tuple(row) for row in await connection.fetch(f"SELECT * FROM {table} ORDER BY 1, 2, 3")]
        for table in tables
    ]
