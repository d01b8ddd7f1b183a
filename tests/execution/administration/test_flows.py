"""Which flow of work something on record belongs to."""

from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncEngine

from tests.execution.administration.audit_values import record, store_all
from wallet_server.core.administration.audit_record import AuditOutcome, Resource, ResourceKind
from wallet_server.storage.audit_records import find_flow

POLICY = Resource(ResourceKind.POLICY, "SPORTS/4")


def at(revision: int | None) -> Resource:
    return replace(POLICY, revision=revision)


async def flow_of(engine: AsyncEngine, resource: Resource) -> str:
    async with engine.connect() as connection:
        return await find_flow(connection, "demo", resource)


async def test_it_is_that_of_the_last_act_by_then_that_named_one(engine: AsyncEngine) -> None:
    await store_all(
        engine,
        record(1, resource=at(1)),
        record(2, resource=at(3), correlation_id="third"),
        record(3, resource=at(2), correlation_id="second"),
        record(4, resource=at(4)),
        record(5, resource=at(5), correlation_id="fifth"),
    )

    flows = {number: await flow_of(engine, at(number)) for number in range(1, 7)}

    assert flows == {1: "", 2: "second", 3: "third", 4: "third", 5: "fifth", 6: "fifth"}


async def test_neither_refused_acts_nor_those_on_other_things_count(engine: AsyncEngine) -> None:
    await store_all(
        engine,
        record(1, resource=at(1), outcome=AuditOutcome.REFUSED, correlation_id="refused"),
        record(2, resource=replace(at(1), resource_id="SPORTS/5"), correlation_id="other"),
        record(3, resource=Resource(ResourceKind.DRAIN, "SPORTS/4", 1), correlation_id="drain"),
        record(4, resource=at(1), tenant_id="other", correlation_id="elsewhere"),
    )

    assert await flow_of(engine, at(1)) == ""
