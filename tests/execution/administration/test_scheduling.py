"""Scheduled versions become active in time, once, on whichever server is up."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta

import pytest

from tests.execution.administration.test_tenant_events import events
from tests.execution.administration.versions import BERT, NOW, Office, named
from tests.execution.ledger import wait_until
from tests.storage.configurations import policy
from wallet_server.core.config.provider_profile import ProviderProfile
from wallet_server.core.config.version import VersionState
from wallet_server.execution.administration.scheduler import Scheduler
from wallet_server.execution.administration.scheduling import Scheduling
from wallet_server.execution.administration.versions import VersionChange
from wallet_server.execution.configuration_reader import ConfigurationReader
from wallet_server.execution.errors import RefusedError
from wallet_server.execution.lease import Lease
from wallet_server.execution.settings import AdministrationSettings
from wallet_server.server import open_server
from wallet_server.settings import read_settings

CAPPED = policy("SPORTS", max_stake_with_bonus=500)
EPOCH = "SELECT epoch FROM tenants"
ACTIVE = "SELECT version FROM policies WHERE state = 'ACTIVE'"


async def schedule(
    office: Office, document: object, *, flow: str = "", **delay: float
) -> VersionChange:
    """Has a version written, approved and scheduled."""
    approved = await office.approved(document)  # pyright: ignore[reportArgumentType]
    effective_time = office.time + timedelta(**delay)
    act = office.act("Schedule", BERT, correlation_id=flow)
    return await office.admin.schedule(act, *named(approved), effective_time)


def scheduling_of(office: Office, holder: str = "scheduling") -> Scheduling:
    """Returns what a server activates versions by, at the office's time."""
    lease = Lease(office.engine, holder, seconds=30)
    return Scheduling(
        Scheduler(office.engine, lambda: office.time), lease, AdministrationSettings()
    )


async def outcomes_of(office: Office) -> list[tuple[str, str, str]]:
    """Returns what is on record of the scheduler: method, resource and outcome."""
    records = [each for each in await office.records() if each["actor"] == "scheduler"]
    return sorted((each["method"], each["resource_id"], each["outcome"]) for each in records)


async def test_a_version_becomes_active_when_its_time_has_come_and_not_before(
    office: Office,
) -> None:
    await schedule(office, CAPPED, hours=1)
    server = scheduling_of(office)

    office.pass_time(minutes=59)
    await server.catch_up()
    assert await office.value(ACTIVE) == 1
    office.pass_time(minutes=1)
    await server.catch_up()
    await server.catch_up()

    stored = await ConfigurationReader(office.engine).policy("demo", "SPORTS", 2)
    assert (stored.state, stored.activate_time) == (VersionState.ACTIVE, NOW + timedelta(hours=1))
    assert stored.effective_time == NOW + timedelta(hours=1)
    assert await office.value(EPOCH) == 2
    assert await outcomes_of(office) == [
        ("Scheduler.Activate", "SPORTS/1", "APPLIED"),
        ("Scheduler.Activate", "SPORTS/2", "APPLIED"),
    ]


async def flows_of(office: Office) -> set[tuple[str, str]]:
    """Returns what is on record of the scheduler: resource and correlation id."""
    records = [each for each in await office.records() if each["actor"] == "scheduler"]
    return {(each["resource_id"], each["correlation_id"]) for each in records}


async def test_an_activation_belongs_to_the_flow_of_the_act_that_scheduled_it(
    office: Office,
) -> None:
    await schedule(office, CAPPED, flow="change-7", hours=1)
    await schedule(office, ProviderProfile("late", "SPORTS"), hours=1)
    office.pass_time(hours=1)

    await scheduling_of(office).catch_up()

    assert await flows_of(office) == {
        ("SPORTS/2", "change-7"),
        ("SPORTS/1", "change-7"),
        ("late/1", ""),
    }
    assert await told_flows(office) == {"SPORTS": "change-7", "late": ""}


async def test_of_acts_on_a_version_the_last_that_named_a_flow_counts(office: Office) -> None:
    act = office.act("Create", correlation_id="draft")
    draft = await office.admin.create(act, CAPPED)
    act = office.act("Validate", correlation_id="checks")
    validated = await office.admin.validate(act, *named(draft))
    approved = await office.admin.approve(office.act("Approve", BERT), *named(validated))
    soon = office.time + timedelta(hours=1)
    await office.admin.schedule(office.act("Schedule", BERT), *named(approved), soon)
    refused = office.act("Archive", BERT, correlation_id="refused")
    with pytest.raises(RefusedError):
        await office.admin.archive(refused, *named(approved))
    office.pass_time(hours=1)

    await scheduling_of(office).catch_up()

    assert await told_flows(office) == {"SPORTS": "checks"}


async def told_flows(office: Office) -> dict[str, str]:
    """Returns the correlation ids of the activations that the scheduler tells of, by key."""
    return {
        each["payload"]["key"]: each["correlation_id"]
        for each in await events(office)
        if each["method"] == "Scheduler.Activate"
    }


async def test_servers_that_meet_activate_it_once(office: Office) -> None:
    await schedule(office, CAPPED, hours=1)
    await schedule(office, ProviderProfile("late", "SPORTS"), hours=1)
    office.pass_time(hours=2)

    # Each has a lease of its own, so nothing keeps them apart.
    servers = [scheduling_of(office, f"holder-{number}") for number in range(4)]
    await asyncio.gather(*(server.catch_up() for server in servers))

    assert await office.value(ACTIVE) == 2
    assert await office.value(EPOCH) == 3, "one for each version"
    assert await outcomes_of(office) == [
        ("Scheduler.Activate", "SPORTS/1", "APPLIED"),
        ("Scheduler.Activate", "SPORTS/2", "APPLIED"),
        ("Scheduler.Activate", "late/1", "APPLIED"),
    ]


async def test_of_versions_for_the_same_time_the_newest_is_active_in_the_end(
    office: Office,
) -> None:
    """Whichever way the database finds them, and whichever was scheduled first."""
    name = office.database.name
    for each in ("enable_indexscan", "enable_bitmapscan"):
        await office.database.tamper(f"ALTER DATABASE {name} SET {each} = off")
    older, newer = await office.approved(CAPPED), await office.approved(policy("SPORTS"))
    effective_time = office.time + timedelta(hours=1)
    for each in (newer, older):
        act = office.act("Schedule", BERT)
        await office.admin.schedule(act, *named(each), effective_time)
    office.pass_time(hours=1)

    await scheduling_of(office).catch_up()

    assert await office.value(ACTIVE) == newer.stored.version


async def test_a_version_that_does_not_fit_any_more_goes_back_to_persons(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    await office.activated(policy("SLOTS"))
    await schedule(office, ProviderProfile("lucky", "SLOTS"), flow="change-8", hours=1)
    await schedule(office, CAPPED, hours=1)
    connection = await office.database.connect()
    await connection.execute(
        "UPDATE policies SET state = 'SUPERSEDED' WHERE provider_type = 'SLOTS'"
    )
    office.pass_time(hours=2)

    with caplog.at_level(logging.WARNING):
        await scheduling_of(office).catch_up()
        await scheduling_of(office).catch_up()

    stored = await ConfigurationReader(office.engine).provider_profile("demo", "lucky", 1)
    assert (stored.state, stored.effective_time) == (VersionState.APPROVED, None)
    assert await outcomes_of(office) == [
        ("Scheduler.Activate", "SPORTS/1", "APPLIED"),
        ("Scheduler.Activate", "SPORTS/2", "APPLIED"),
        ("Scheduler.Activate", "lucky/1", "REFUSED"),
        ("Scheduler.Unschedule", "lucky/1", "APPLIED"),
    ]
    assert await flows_of(office) == {("SPORTS/1", ""), ("SPORTS/2", ""), ("lucky/1", "change-8")}
    (warning,) = [each for each in caplog.records if "does not fit" in each.message]
    assert warning.__dict__["reason"] == "POLICY_INVALID"
    assert warning.__dict__["version"] == "lucky/1"


async def test_what_was_taken_back_in_the_meantime_is_left_alone(office: Office) -> None:
    scheduled = await schedule(office, CAPPED, hours=1)
    office.pass_time(hours=2)
    scheduler = Scheduler(office.engine, lambda: office.time)
    (due,) = await scheduler.due()
    await office.admin.unschedule(office.act("Unschedule", BERT), *named(scheduled))

    await scheduler.activate(due)

    assert await office.value(ACTIVE) == 1
    assert await outcomes_of(office) == []


@pytest.fixture
async def servers(office: Office) -> AsyncIterator[None]:
    """Two whole servers, by the clock of the machine."""
    settings = read_settings(
        None,
        listen_port=0,
        without_authentication=True,
        scheduling_interval_seconds=0.05,
        due_work_enabled=False,
    )
    async with AsyncExitStack() as running:
        for _ in range(2):
            await running.enter_async_context(open_server(settings, office.database.server_url))
        yield


@pytest.mark.usefixtures("servers")
async def test_servers_activate_by_themselves(office: Office) -> None:
    office.time = datetime.now(UTC)
    await schedule(office, CAPPED, seconds=1)

    async def is_active() -> bool:
        return await office.value(ACTIVE) == 2

    await wait_until(is_active)
    assert await office.value(EPOCH) == 2
    activated = await ConfigurationReader(office.engine).policy("demo", "SPORTS", 2)
    assert activated.activate_time is not None
    assert activated.effective_time is not None
    assert activated.activate_time >= activated.effective_time
