"""Administrative acts: carried out once, on record, refused and repeated."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from tests.database import Database
from tests.execution.administration.acts import (
    ACT,
    CONTENT,
    DEMO,
    NOW,
    create,
    raise_epoch,
    records,
)
from wallet_server.core.administration.act import Act
from wallet_server.core.administration.audit_record import Resource, ResourceKind
from wallet_server.core.administration.change import Change
from wallet_server.core.administration.tenant import TenantSettings
from wallet_server.core.config.problem import Problem
from wallet_server.core.refusals import Refusal
from wallet_server.core.refusals.administration import (
    RequestIdTaken,
    TenantExists,
    TopologyInvalid,
)
from wallet_server.execution.administration.store import AdminStore, Done
from wallet_server.execution.errors import (
    RefusedError,
    StorageUnavailableError,
)
from wallet_server.storage import tenants
from wallet_server.storage.engine import create_engine


async def announced(database: Database) -> list[str]:
    """Returns the ids of the records that commits name."""
    connection = await database.connect()
    rows = await connection.fetch(
        "SELECT record ->> 1 AS id FROM commits, json_array_elements(document -> 'records') record"
    )
    return sorted(row["id"] for row in rows)


async def test_an_act_is_carried_out_and_on_record(database: Database, store: AdminStore) -> None:
    done = await store.run(ACT, DEMO, CONTENT, create)

    assert done == Done(DEMO, {"epoch": 1})
    (record,) = await records(database)
    assert record["record_time"] == NOW
    assert (record["actor"], record["actor_roles"]) == ("ada", ["owner", "admin"])
    assert (record["credential_id"], record["peer"]) == ("c1", "ipv4:192.0.2.1:50000")
    assert (record["method"], record["outcome"]) == ("TenantAdmin.CreateTenant", "APPLIED")
    assert (record["resource_kind"], record["resource_id"]) == ("TENANT", "demo")
    assert (record["resource_revision"], record["request_id"]) == (1, "r1")
    assert (record["refusal"], record["before"], record["after"]) == (None, None, '{"epoch": 1}')
    assert (record["reason"], record["correlation_id"]) == ("because", "k1")
    assert await announced(database) == [str(record["record_id"])]


async def test_an_act_that_is_sent_again_is_answered_as_before(
    database: Database, store: AdminStore
) -> None:
    await store.run(ACT, DEMO, CONTENT, create)
    again = replace(ACT, reason="did it arrive?", correlation_id="k2")

    done = await store.run(again, DEMO, {**CONTENT, "tags": None, "new_field": ""}, create)

    assert done == Done(DEMO, {"epoch": 1}, replayed=True)
    assert await store.rehearse(ACT, DEMO, CONTENT, create) == done
    assert len(await records(database)) == 1


@pytest.mark.parametrize(
    ("act", "content"),
    [
        (ACT, {**CONTENT, "display_name": "Demo"}),
        (replace(ACT, method="TenantAdmin.UpdateTenant"), CONTENT),
    ],
)
async def test_a_request_id_is_for_one_act(
    database: Database, store: AdminStore, act: Act, content: dict[str, object]
) -> None:
    await store.run(ACT, DEMO, CONTENT, create)

    with pytest.raises(RefusedError) as raised:
        await store.run(act, DEMO, content, create)

    assert raised.value.refusal == RequestIdTaken("r1")
    assert [each["outcome"] for each in await records(database)] == ["APPLIED", "REFUSED"]


async def test_tenants_have_request_ids_of_their_own(store: AdminStore) -> None:
    await store.run(ACT, DEMO, CONTENT, create)

    done = await store.run(replace(ACT, tenant_id="other"), DEMO, CONTENT, raise_epoch)

    assert not done.replayed


async def test_a_rehearsal_is_taken_back_but_a_refusal_in_it_is_on_record(
    database: Database, store: AdminStore
) -> None:
    assert await store.rehearse(ACT, DEMO, CONTENT, create) == Done(DEMO, {"epoch": 1})
    assert await records(database) == []
    assert not (await store.run(ACT, DEMO, CONTENT, create)).replayed

    with pytest.raises(RefusedError):
        await store.rehearse(replace(ACT, request_id="r2"), DEMO, CONTENT, create)

    assert [each["outcome"] for each in await records(database)] == ["APPLIED", "REFUSED"]


async def test_a_refusal_is_on_record_as_it_was_explained(
    database: Database, store: AdminStore
) -> None:
    async def refuse(connection: AsyncConnection, now: datetime) -> bool:
        del connection, now
        raise RefusedError(TenantExists("demo"))

    async def explain(refusal: Refusal) -> Refusal:
        assert refusal == TenantExists("demo")
        return TenantExists("explained")

    async def refuse_work(connection: AsyncConnection, now: datetime) -> Sequence[Change]:
        await refuse(connection, now)
        return []

    with pytest.raises(RefusedError) as raised:
        await store.run(ACT, DEMO, CONTENT, refuse_work, explain)
    assert raised.value.refusal == TenantExists("explained")
    with pytest.raises(RefusedError):
        await store.look(ACT, DEMO, refuse)

    details = [json.loads(each["refusal"])["details"] for each in await records(database)]
    assert sorted(each["tenant_id"] for each in details) == ["demo", "explained"]


async def test_a_refusal_is_on_record_and_may_turn_into_a_yes(
    database: Database, store: AdminStore
) -> None:
    problems = (Problem("buckets[0].code", "BAD_CODE", "no"),)

    async def refuse(connection: AsyncConnection, now: datetime) -> Sequence[Change]:
        await tenants.insert(connection, "demo", now, TenantSettings())
        raise RefusedError(TopologyInvalid(problems))

    with pytest.raises(RefusedError) as raised:
        await store.run(ACT, DEMO, CONTENT, refuse)

    assert raised.value.refusal == TopologyInvalid(problems)
    (record,) = await records(database)
    assert (record["outcome"], record["resource_revision"]) == ("REFUSED", 1)
    assert record["refusal"] == (
        '{"reason": "TOPOLOGY_INVALID", '
        '"details": {"problems_count": 1, "reasons": "BAD_CODE"}, '
        '"problems": [{"path": "buckets[0].code", "reason": "BAD_CODE", "message": "no"}]}'
    )
    assert (record["before"], record["after"], record["fingerprint"]) == (None, None, None)
    assert await announced(database) == [str(record["record_id"])]
    assert await store.run(ACT, DEMO, CONTENT, create) == Done(DEMO, {"epoch": 1})


async def test_validating_only_changes_nothing_and_leaves_no_record(
    database: Database, store: AdminStore
) -> None:
    trial = replace(ACT, validate_only=True)

    assert await store.run(trial, DEMO, CONTENT, create) == Done(DEMO, {"epoch": 1})
    assert await store.run(trial, DEMO, CONTENT, create) == Done(DEMO, {"epoch": 1})
    assert await records(database) == []

    await store.run(ACT, DEMO, CONTENT, create)
    with pytest.raises(RefusedError) as raised:
        await store.run(trial, DEMO, CONTENT, create)
    assert raised.value.refusal == TenantExists("demo")
    assert len(await records(database)) == len(await announced(database)) == 1


async def test_what_changes_besides_has_records_without_the_request_id(
    database: Database, store: AdminStore
) -> None:
    other = Change(Resource(ResourceKind.TOPOLOGY, "1", 7), {"state": "SUPERSEDED"}, {})

    async def change_two(connection: AsyncConnection, now: datetime) -> Sequence[Change]:
        return [*await create(connection, now), other]

    await store.run(ACT, DEMO, CONTENT, change_two)

    first, second = await records(database)
    assert (first["resource_kind"], first["request_id"]) == ("TENANT", "r1")
    assert (second["resource_kind"], second["request_id"]) == ("TOPOLOGY", "")
    assert (second["resource_revision"], second["before"]) == (7, "{}")
    assert len(await announced(database)) == 2


async def test_acts_without_a_request_id_are_never_repeats(
    database: Database, store: AdminStore
) -> None:
    await store.run(ACT, DEMO, CONTENT, create)
    nameless = replace(ACT, request_id="")

    await store.run(nameless, DEMO, CONTENT, raise_epoch)
    done = await store.run(nameless, DEMO, CONTENT, raise_epoch)

    assert done == Done(replace(DEMO, revision=3), {"epoch": 3})
    assert len(await records(database)) == 3


async def test_a_bug_is_told_as_it_is_and_leaves_nothing(
    database: Database, store: AdminStore
) -> None:
    async def fail(connection: AsyncConnection, now: datetime) -> Sequence[Change]:
        await create(connection, now)
        raise LookupError("oops")

    with pytest.raises(LookupError, match="oops"):
        await store.run(ACT, DEMO, CONTENT, fail)

    assert await records(database) == []
    assert await store.run(ACT, DEMO, CONTENT, create) == Done(DEMO, {"epoch": 1})


async def test_a_database_that_is_away_is_no_bug(database: Database) -> None:
    nowhere = create_engine(database.server_url.replace(f"/{database.name}", "/nowhere"))

    with pytest.raises(StorageUnavailableError):
        await AdminStore(nowhere, lambda: NOW).run(ACT, DEMO, CONTENT, create)


async def test_nobody_changes_a_record(database: Database, store: AdminStore) -> None:
    await store.run(ACT, DEMO, CONTENT, create)
    connection = await database.connect()

    for statement in ("UPDATE audit_records SET actor = 'eve'", "DELETE FROM audit_records"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
