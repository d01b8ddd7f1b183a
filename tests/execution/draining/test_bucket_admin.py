"""Acts on the statuses of buckets, and on drains."""

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.database import Database
from tests.execution.conftest import StartExecutor
from tests.execution.draining.conftest import BOSS, CLERK, act, begin_drain
from tests.execution.vocabulary import TENANT, Caller
from wallet_server.core.administration.drain import Drain, DrainState
from wallet_server.core.commands import AdjustBalance, Amount
from wallet_server.core.commands.actor import NOBODY
from wallet_server.core.config.topology import BucketStatus
from wallet_server.core.refusals import ActorRequired, TenantNotFound
from wallet_server.core.refusals.administration import (
    ApproverSameAsAuthor,
    BucketNotDraining,
    BucketUnknown,
    DrainNotFound,
    DrainUnderWay,
    EtagMismatch,
    RequestIdTaken,
    SuccessorUnfit,
    VersionTransitionIllegal,
)
from wallet_server.execution.administration.buckets import BucketAdmin
from wallet_server.execution.errors import RefusedError
from wallet_server.storage import audit_records, tenants
from wallet_server.storage.tables import audit_records as records

BONUS, CASH = "sports_bonus", "sports_normal"


async def refused(waiting: object) -> object:
    """Returns the refusal that something ends with."""
    with pytest.raises(RefusedError) as caught:
        await waiting  # type: ignore[misc]
    return caught.value.refusal


@pytest.fixture(autouse=True)
async def two_persons(engine: AsyncEngine, tenant: str, database: Database) -> None:
    """Has the tenant ask for a second person."""
    connection = await database.connect_superuser()
    await connection.execute("UPDATE tenants SET settings = '{}' WHERE tenant_id = $1", tenant)


async def epoch_of(engine: AsyncEngine) -> int | None:
    async with engine.connect() as connection:
        return await tenants.find_epoch(connection, TENANT)


async def test_a_bucket_that_is_to_be_emptied_takes_nothing_new_from_the_next_command_on(
    admin: BucketAdmin, engine: AsyncEngine, start_executor: StartExecutor
) -> None:
    caller = Caller(await start_executor())
    await caller.open()
    goodwill = AdjustBalance(BONUS, Amount("EUR", 5), "TEST")
    await caller.send("r1", goodwill)
    epoch = await epoch_of(engine)

    started = await admin.start_draining(act("StartDraining"), BONUS)

    assert (started.state.status, started.state.revision) == (BucketStatus.DRAINING, 1)
    assert await epoch_of(engine) == (epoch or 0) + 1
    refusal = await refused(caller.send("r2", goodwill))
    assert getattr(refusal, "reason", "") == "BUCKET_DRAINING"

    stopped = await admin.stop_draining(act("StopDraining"), BONUS, "1")
    assert (stopped.state.status, stopped.state.revision) == (BucketStatus.ACTIVE, 2)
    assert await admin.bucket_states(TENANT) == [stopped.state]
    await caller.send("r3", goodwill)


async def test_an_act_is_answered_again_and_done_once(
    admin: BucketAdmin, engine: AsyncEngine
) -> None:
    twice = act("StartDraining", request_id="r1")
    first = await admin.start_draining(twice, BONUS)
    again = await admin.start_draining(twice, BONUS)

    assert (again.state, again.replayed) == (first.state, True)
    assert await refused(admin.start_draining(twice, CASH)) == RequestIdTaken("r1")
    asked = await admin.drain_bucket(act("DrainBucket", request_id="r2"), BONUS, CASH)
    answered = await admin.drain_bucket(act("DrainBucket", request_id="r2"), BONUS, CASH)
    assert (answered.drain, answered.replayed) == (asked.drain, True)


async def test_everything_is_on_record(admin: BucketAdmin, engine: AsyncEngine) -> None:
    drain = await begin_drain(admin)
    await admin.cancel_drain(act("CancelDrain", reason="changed our mind"), drain.drain_id, "2")

    async with engine.connect() as connection:
        query = sa.select(records).where(records.c.tenant_id == TENANT)
        query = query.where(records.c.method.like("TopologyAdmin.%"))
        rows = (await connection.execute(query.order_by(records.c.record_time))).mappings()
        found = [audit_records.record_of(row) for row in rows]
    told = [
        (each.method.split(".")[1], each.resource.kind.value, each.resource.revision)
        for each in found
    ]
    assert told == [
        ("StartDraining", "BUCKET_STATUS", 1),
        ("DrainBucket", "DRAIN", 1),
        ("ApproveDrain", "DRAIN", 2),
        ("CancelDrain", "DRAIN", 3),
    ]
    assert found[-1].before is not None
    assert (found[-1].before["state"], (found[-1].after or {})["state"]) == (
        *("RUNNING", "CANCELLED"),
    )
    assert found[-1].reason == "changed our mind"


async def test_nobody_approves_their_own_drain(admin: BucketAdmin) -> None:
    await admin.start_draining(act("StartDraining"), BONUS)
    asked = (await admin.drain_bucket(act("DrainBucket"), BONUS, CASH)).drain
    assert (asked.state, asked.author, asked.approver) == (DrainState.PENDING, "clerk", "")

    own = admin.approve_drain(act("ApproveDrain", CLERK), asked.drain_id, "1")
    assert await refused(own) == ApproverSameAsAuthor(f"drain {asked.drain_id}", "clerk")
    unknown = admin.approve_drain(act("ApproveDrain", NOBODY), asked.drain_id, "1")
    assert await refused(unknown) == ActorRequired()
    approved = (await admin.approve_drain(act("ApproveDrain", BOSS), asked.drain_id, "1")).drain

    assert (approved.state, approved.approver, approved.revision) == (
        *(DrainState.RUNNING, "boss"),
        2,
    )
    twice = admin.approve_drain(act("ApproveDrain", BOSS), asked.drain_id, "2")
    assert await refused(twice) == VersionTransitionIllegal(
        f"drain {asked.drain_id}", "RUNNING", "approved"
    )


async def test_a_single_handed_tenant_needs_no_second_person(
    admin: BucketAdmin, database: Database
) -> None:
    connection = await database.connect_superuser()
    await connection.execute("""UPDATE tenants SET settings = '{"single_handed": true}'""")
    await admin.start_draining(act("StartDraining"), BONUS)
    asked = (await admin.drain_bucket(act("DrainBucket"), BONUS, CASH)).drain

    approved = await admin.approve_drain(act("ApproveDrain", CLERK), asked.drain_id, "1")

    assert approved.drain.state is DrainState.RUNNING


async def test_what_cannot_be_drained_is_told(admin: BucketAdmin) -> None:
    unknown = admin.start_draining(act("StartDraining"), "nowhere")
    assert await refused(unknown) == BucketUnknown(TENANT, "nowhere")
    active = admin.drain_bucket(act("DrainBucket"), BONUS, CASH)
    assert await refused(active) == BucketNotDraining(BONUS)
    await admin.start_draining(act("StartDraining"), BONUS)
    for successor in ("nowhere", "points", BONUS):
        unfit = admin.drain_bucket(act("DrainBucket"), BONUS, successor)
        assert await refused(unfit) == SuccessorUnfit(BONUS, successor)
    await admin.start_draining(act("StartDraining"), CASH)
    own_money = admin.drain_bucket(act("DrainBucket"), CASH, "casino_bonus")
    assert await refused(own_money) == SuccessorUnfit(CASH, "casino_bonus")
    stale = admin.start_draining(act("StartDraining"), BONUS, "7")
    assert await refused(stale) == EtagMismatch("bucket sports_bonus", "7", "1")


async def test_a_bucket_has_one_drain_at_a_time_and_stays_so_meanwhile(admin: BucketAdmin) -> None:
    drain = await begin_drain(admin)

    second = admin.drain_bucket(act("DrainBucket"), BONUS, CASH)
    assert await refused(second) == DrainUnderWay(BONUS, drain.drain_id)
    stop = admin.stop_draining(act("StopDraining"), BONUS)
    assert await refused(stop) == DrainUnderWay(BONUS, drain.drain_id)
    await admin.cancel_drain(act("CancelDrain"), drain.drain_id, "2")
    again = (await admin.drain_bucket(act("DrainBucket"), BONUS, "casino_bonus")).drain
    assert again.drain_id != drain.drain_id


async def test_a_drain_whose_successor_is_to_be_emptied_too_does_not_begin(
    admin: BucketAdmin,
) -> None:
    await admin.start_draining(act("StartDraining"), BONUS)
    asked = (await admin.drain_bucket(act("DrainBucket"), BONUS, CASH)).drain
    await admin.start_draining(act("StartDraining"), CASH)

    late = admin.approve_drain(act("ApproveDrain", BOSS), asked.drain_id, "1")

    assert await refused(late) == SuccessorUnfit(BONUS, CASH)


async def test_a_preview_changes_nothing(admin: BucketAdmin) -> None:
    preview = await admin.start_draining(act("StartDraining", validate_only=True), BONUS)

    assert preview.state.status is BucketStatus.DRAINING
    assert await admin.bucket_states(TENANT) == []


async def test_drains_are_listed_newest_first(admin: BucketAdmin) -> None:
    drains: list[Drain] = []
    for _ in range(3):
        drain = await begin_drain(admin)
        cancelled = await admin.cancel_drain(act("CancelDrain"), drain.drain_id, "2")
        drains.insert(0, cancelled.drain)

    assert await admin.list_drains(TENANT, limit=2) == drains[:2]
    place = (drains[1].create_time, drains[1].drain_id)
    assert await admin.list_drains(TENANT, before=place, limit=2) == drains[2:]
    assert await admin.find_drain(TENANT, drains[0].drain_id) == drains[0]


async def test_what_is_not_there_is_told(admin: BucketAdmin) -> None:
    missing = DrainNotFound(TENANT, "d1")
    assert await refused(admin.find_drain(TENANT, "d1")) == missing
    assert await refused(admin.approve_drain(act("ApproveDrain"), "d1", "1")) == missing
    assert await admin.list_drains(TENANT, limit=2) == []
    nobody = TenantNotFound("nobody")
    assert await refused(admin.find_drain("nobody", "d1")) == nobody
    assert await refused(admin.list_drains("nobody", limit=2)) == nobody
