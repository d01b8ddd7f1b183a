"""What acts leave to be told: that versions are active."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.execution.administration.versions import ANNA, BERT, NOW, Office, named
from tests.storage.configurations import ALL, TOPOLOGY, WIDER, policy
from wallet_server.execution.activation import apply_documents
from wallet_server.execution.errors import RefusedError

CAPPED = policy("SPORTS", max_stake_with_bonus=500)
FIELDS = (
    *("shard", "wallet_id", "tenant_id", "player_id", "currency_code", "sequence"),
    *("wallet_sequence", "is_first", "type", "time", "method", "request_id", "correlation_id"),
)


async def events(office: Office) -> list[dict[str, Any]]:
    """Returns all that is left to be told, in order."""
    connection = await office.database.connect()
    rows = await connection.fetch(
        "SELECT create_time, headers, documents FROM outbox ORDER BY create_time"
    )
    told = [
        dict(zip(FIELDS, header, strict=True))
        | {"payload": json.loads(document), "row_time": row["create_time"]}
        for row in rows
        for header, document in zip(json.loads(row["headers"]), row["documents"], strict=True)
    ]
    assert [each["sequence"] for each in told] == list(range(1, len(told) + 1))
    return told


async def since(office: Office, count: int) -> list[dict[str, Any]]:
    """Returns what was left to be told after so many events."""
    return (await events(office))[count:]


async def test_what_is_applied_is_told_as_active(office: Office) -> None:
    told = await events(office)

    assert {(each["type"], each["payload"]["kind"], each["payload"]["key"]) for each in told} >= {
        ("TOPOLOGY_ACTIVATED", "TOPOLOGY", ""),
        ("POLICY_ACTIVATED", "POLICY", "SPORTS"),
        ("POLICY_ACTIVATED", "WALLET_POLICY", ""),
    }
    assert len(told) == len(ALL)
    assert all(each["payload"]["version"] == 1 for each in told)
    assert all(each["payload"]["previous_version"] == 0 for each in told)
    assert [each["is_first"] for each in told] == [True, *[False] * (len(told) - 1)]
    assert {(each["tenant_id"], each["method"]) for each in told} == {("demo", "apply")}
    assert {each["wallet_sequence"] for each in told} == {0}
    assert {each["wallet_id"] for each in told} == {None}


async def test_an_activation_is_told_with_the_version_it_ends(office: Office) -> None:
    count = len(await events(office))

    approved = await office.approved(CAPPED)
    assert await since(office, count) == []
    office.pass_time(minutes=1)
    act = office.act(actor=BERT, correlation_id="flow")
    await office.admin.activate(act, *named(approved))

    (told,) = await since(office, count)
    assert told["payload"] == {
        "kind": "POLICY",
        "key": "SPORTS",
        "version": 2,
        "previous_version": 1,
    }
    assert (told["type"], told["method"]) == ("POLICY_ACTIVATED", "PolicyAdmin.Activate")
    assert (told["request_id"], told["correlation_id"]) == (act.request_id, "flow")
    assert datetime.fromisoformat(told["time"]) == NOW + timedelta(minutes=1) == told["row_time"]


async def test_a_topology_has_a_type_of_its_own(office: Office) -> None:
    count = len(await events(office))

    await office.activated(WIDER)

    (told,) = await since(office, count)
    assert told["type"] == "TOPOLOGY_ACTIVATED"
    assert (told["payload"]["version"], told["payload"]["previous_version"]) == (2, 1)


async def test_what_is_refused_rehearsed_or_answered_again_is_not_told(office: Office) -> None:
    approved = await office.approved(CAPPED)
    act = office.act(actor=BERT)
    await office.admin.activate(act, *named(approved))
    count = len(await events(office))

    await office.admin.activate(act, *named(approved))
    other = await office.approved(TOPOLOGY)
    await office.admin.activate(office.act(actor=BERT, validate_only=True), *named(other))
    with pytest.raises(RefusedError):
        await office.admin.activate(office.act(actor=BERT), named(other)[0], "7")

    assert await since(office, count) == []


async def test_what_is_told_later_is_later_whatever_the_clock_says(office: Office) -> None:
    count = len(await events(office))
    office.pass_time(hours=-1)

    await office.activated(CAPPED)
    await office.activated(WIDER)

    first, second = await since(office, count)
    assert first["row_time"] == NOW + timedelta(microseconds=1)
    assert second["row_time"] == NOW + timedelta(microseconds=2)
    assert [first["time"], second["time"]] == sorted([first["time"], second["time"]])


async def test_what_says_the_same_is_not_told_again(office: Office) -> None:
    count = len(await events(office))

    await apply_documents(office.engine, "demo", ALL, NOW, author=ANNA.name)

    assert await since(office, count) == []
