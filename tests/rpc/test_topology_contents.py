"""What topologies say, as it is written, kept, told and compared over a real socket."""

import threading
from contextlib import suppress
from typing import Any

import grpc
import pytest

from tests.rpc.administration import AUTHOR, Office
from tests.rpc.topologies import (
    ACTIVE,
    DRAFT,
    LARGER,
    RUBY,
    states,
)
from wallet.v1 import diff_pb2, topology_pb2
from wallet.v1.policy_admin_pb2 import PolicyDocument
from wallet_server.core.config.topology import Topology
from wallet_server.rpc.decode import documents
from wallet_server.rpc.decode.documents import from_yaml
from wallet_server.shapes.source import read_source


@pytest.mark.parametrize(
    ("method", "fields"),
    [
        ("CreateTopology", {"yaml": RUBY}),
        ("CreatePolicy", {"document": PolicyDocument(yaml="kind: Policy")}),
    ],
)
async def test_yaml_is_parsed_where_it_keeps_no_command_waiting(
    office: Office, monkeypatch: pytest.MonkeyPatch, method: str, fields: dict[str, Any]
) -> None:
    """The largest text takes seconds, and commands of all tenants are decided in the loop."""
    threads: list[int] = []

    def parse(*arguments: Any, **named: Any) -> Any:
        threads.append(threading.get_ident())
        return read_source(*arguments, **named)

    monkeypatch.setattr(documents, "read_source", parse)

    with suppress(grpc.aio.AioRpcError):
        await office.ask(method, **fields)

    assert len(threads) == 1
    assert threads != [threading.get_ident()]


async def test_yaml_comes_back_byte_for_byte(office: Office) -> None:
    await office.ask("CreateTopology", yaml=LARGER)

    told = (await office.ask("GetTopology", version=2, with_yaml=True)).topology
    plain = (await office.ask("GetTopology", version=2)).topology

    assert told.yaml == LARGER
    assert plain.yaml == ""


async def test_a_message_is_kept_as_what_it_says_and_told_as_yaml_too(office: Office) -> None:
    active = (await office.ask("GetTopology")).topology
    active.buckets.add(
        code="vip", wallet_group="casino", bucket_class=topology_pb2.BUCKET_CLASS_RESTRICTED
    )
    for code, choice in (("status", 1), ("withdrawable", 1), ("lock_mode", 1)):
        setattr(active.buckets[-1], code, choice)

    draft = (await office.ask("CreateTopology", topology=active)).topology
    told = (await office.ask("GetTopology", version=2, with_yaml=True)).topology

    assert (draft.version, draft.state, draft.author) == (2, DRAFT, AUTHOR)
    assert draft.buckets == active.buckets
    read = from_yaml(told.yaml, ("Topology",)).document
    assert isinstance(read, Topology)
    assert [bucket.code for bucket in read.buckets] == [bucket.code for bucket in active.buckets]


async def test_a_version_may_say_what_another_one_says(office: Office) -> None:
    await office.ask("CreateTopology", yaml=LARGER)

    copy = (await office.ask("CreateTopology", copy_of_version=2)).topology
    told = (await office.ask("GetTopology", version=3, with_yaml=True)).topology
    missing = await office.refused("CreateTopology", copy_of_version=9)

    assert (copy.version, copy.state) == (3, DRAFT)
    assert told.yaml == LARGER
    assert missing.reason == "TOPOLOGY_NOT_FOUND"


async def test_what_cannot_be_read_is_refused_with_everything_that_is_wrong(
    office: Office,
) -> None:
    text = RUBY.replace("exponent: 0, kind: CURRENCY", "exponent: 10, kind: MONEY")

    failure = await office.refused("CreateTopology", yaml=text)
    other = await office.refused("CreateTopology", yaml="kind: WalletPolicy\n")

    assert (failure.code, failure.reason) == (
        grpc.StatusCode.INVALID_ARGUMENT,
        "DOCUMENT_UNREADABLE",
    )
    assert failure.problems == failure.violations
    assert failure.problems == (
        ("assets[3].exponent", "OUT_OF_RANGE"),
        ("assets[3].kind", "UNKNOWN_VALUE"),
    )
    assert failure.metadata["problems_count"] == "2"
    assert other.problems == (("kind", "UNKNOWN_VALUE"),)
    assert await states(office) == [(1, ACTIVE)]


async def test_two_versions_are_compared(office: Office) -> None:
    changed = LARGER.replace("display_name: Sports bonus", "display_name: Bonus")
    await office.ask("CreateTopology", yaml=changed)

    there = (await office.ask("DiffTopologies", to_version=2)).changes
    back = (await office.ask("DiffTopologies", from_version=2, to_version=1)).changes
    none = (await office.ask("DiffTopologies", from_version=2, to_version=2)).changes

    assert [(each.path, each.kind) for each in there] == [
        ("buckets[sports_bonus].display_name", diff_pb2.CHANGE_KIND_CHANGED),
        ("buckets[vip]", diff_pb2.CHANGE_KIND_ADDED),
    ]
    assert (there[0].before, there[0].after) == ('"Sports bonus"', '"Bonus"')
    assert (there[1].before, there[1].after) == (
        "",
        '{"code": "vip", "wallet_group": "casino", "bucket_class": "RESTRICTED"}',
    )
    assert [each.kind for each in back] == [
        diff_pb2.CHANGE_KIND_CHANGED,
        diff_pb2.CHANGE_KIND_REMOVED,
    ]
    assert not none
