"""Events on the wire: what is told is not lost on its way, whatever the type."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from enum import Enum
from typing import Any

import pytest
from google.protobuf.descriptor import FieldDescriptor

from tests.rpc.filled import filled, leaves
from wallet.v1 import event_pb2 as pb
from wallet_server.core.bets.bet import BetState, ResultKind, ResultOrdering
from wallet_server.core.cashier.adjustment import AdjustmentState
from wallet_server.core.cashier.deposit import DepositState
from wallet_server.core.cashier.withdrawal import WithdrawalState
from wallet_server.core.coupons.grant import CouponState
from wallet_server.core.events import bet_payloads as bets
from wallet_server.core.events import item_payloads as items
from wallet_server.core.events.event import PAYLOAD_TYPES, EventType
from wallet_server.core.events.told import ToldEvent
from wallet_server.core.ids import WalletRef, locate
from wallet_server.core.promotions.promotion import PromotionState
from wallet_server.core.rolling.requirement import RequirementState
from wallet_server.core.rounds.round import RoundState
from wallet_server.core.rounds.win import WinState
from wallet_server.rpc.encode.events import encode_event
from wallet_server.storage.event_documents import read_payload
from wallet_server.storage.json_text import to_json

REF = WalletRef("demo", "ann", "EUR")
TIME = datetime(2026, 1, 2, 3, 4, 5, 678_901, tzinfo=UTC)
STARTS = (1, 1 + 1009)
"""A prime apart: so no field has the same value in both, nor the same member or truth."""

RESULTS: dict[str, type[Enum]] = {
    "state": BetState,
    "bet_result_kind": ResultKind,
    "result_kind": ResultKind,
    "ordering": ResultOrdering,
}
NAMED: dict[type, dict[str, type[Enum]]] = {
    bets.BetSettled: RESULTS,
    bets.BetUnsettled: RESULTS,
    items.WinChanged: {"previous_state": WinState},
    items.RoundChanged: {"previous_state": RoundState},
    items.RequirementChanged: {"previous_state": RequirementState},
    items.CouponChanged: {"previous_state": CouponState},
    items.PromotionChanged: {"previous_state": PromotionState},
    items.DepositChanged: {"previous_state": DepositState},
    items.WithdrawalChanged: {"previous_state": WithdrawalState},
    items.AdjustmentChanged: {"previous_state": AdjustmentState},
}
"""The fields of payloads that hold the name of a state or a kind."""

KEPT_INSIDE = {
    # What corrections need, which they are told of themselves.
    *("win.moves", "win.snapshot"),
    # What the rules of requirements remember: what follows from it is told when it does.
    *(
        f"{name}.{each}"
        for name in ("requirement", "parent", "child")
        for each in ("passed", "end_sequence", "ended_bonus", "former_buckets")
    ),
    # What a grant is known again by, and what promotions are judged by.
    *("coupon.granted_until", "coupon.granted_terms", "coupon.qualifying_provider_types"),
    # The command that a repeated approval is answered by.
    "deposit.suspend_sequence",
    # Told once, beside the limit.
    *("limit.kind", "limit.period", "previous.kind", "previous.period", "previous.set_time"),
}
"""What of things is not told, by the first two names of its path."""


def told(event_type: EventType, document: str) -> ToldEvent:
    return ToldEvent(
        tenant_id="demo",
        position=9,
        wallet=REF,
        sequence=7,
        wallet_sequence=5,
        is_first=True,
        type=event_type,
        event_time=TIME,
        command="SettleBet",
        request_id="r1",
        correlation_id="flow-1",
        document=document,
    )


def documents(event_type: EventType) -> tuple[Any, Any]:
    """Returns two payloads as plain JSON, which differ in everything."""
    kind = PAYLOAD_TYPES[event_type]
    first, second = (filled(kind, number, NAMED.get(kind, {})) for number in STARTS)
    return json.loads(to_json(first)), json.loads(to_json(second))


def with_leaf(document: Any, path: tuple[str | int, ...], leaf: Any) -> Any:
    changed = json.loads(json.dumps(document))
    place = changed
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = leaf
    return changed


def with_another(document: Any, path: tuple[str | int, ...], other: Any) -> Any:
    """Returns a document with another leaf; without it where there is no other yet."""
    leaf = leaf_at(other, path)
    if leaf != leaf_at(document, path):
        return with_leaf(document, path, leaf)
    changed = json.loads(json.dumps(document))
    del leaf_at(changed, path[:-1])[path[-1]]
    return changed


def leaf_at(document: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        document = document[step]
    return document


def is_told(path: tuple[str | int, ...]) -> bool:
    names = [step for step in path if isinstance(step, str)]
    return ".".join(names[:2]) not in KEPT_INSIDE


@pytest.mark.parametrize("event_type", EventType)
def test_what_is_told_is_read_as_it_was(event_type: EventType) -> None:
    kind = PAYLOAD_TYPES[event_type]
    payload = filled(kind, 1, NAMED.get(kind, {}))

    assert read_payload(event_type, to_json(payload)) == payload


@pytest.mark.parametrize("event_type", EventType)
def test_every_field_that_is_told_arrives(event_type: EventType) -> None:
    document, other = documents(event_type)
    encoded = encode_event(told(event_type, json.dumps(document)))

    lost = [
        path
        for path in leaves(document)
        if is_told(path)
        and encode_event(told(event_type, json.dumps(with_another(document, path, other))))
        == encoded
    ]

    assert lost == []


@pytest.mark.parametrize("event_type", [each for each in EventType if PAYLOAD_TYPES[each] in NAMED])
def test_a_name_that_is_not_known_yet_is_no_document_of_its_type(event_type: EventType) -> None:
    document, _ = documents(event_type)

    for name in NAMED[PAYLOAD_TYPES[event_type]]:
        if name in document:
            of_next_release = with_leaf(document, (name,), "OF_THE_NEXT_RELEASE")
            with pytest.raises(ValueError, match="OF_THE_NEXT_RELEASE"):
                encode_event(told(event_type, json.dumps(of_next_release)))


def test_what_is_not_told_is_there_to_be_named() -> None:
    there = {
        ".".join([step for step in path if isinstance(step, str)][:2])
        for event_type in EventType
        for path in leaves(documents(event_type)[0])
    }

    assert there >= KEPT_INSIDE


@pytest.mark.parametrize("event_type", EventType)
def test_each_type_has_a_field_of_its_name_and_no_other(event_type: EventType) -> None:
    document, _ = documents(event_type)
    event = encode_event(told(event_type, json.dumps(document)))

    assert event.WhichOneof("payload") == event_type.value.lower()
    assert pb.EventType.Name(event.type) == f"EVENT_TYPE_{event_type}"
    message: FieldDescriptor = pb.Event.DESCRIPTOR.fields_by_name[event_type.value.lower()]
    assert message.number == event.type + 19


def test_the_contract_has_no_type_that_never_happens() -> None:
    names = {value.name for value in pb.EventType.DESCRIPTOR.values if value.number}

    assert names == {f"EVENT_TYPE_{event_type}" for event_type in EventType}
    assert len(pb.Event.DESCRIPTOR.oneofs_by_name["payload"].fields) == len(EventType)


def test_an_event_says_where_it_stands_and_what_caused_it() -> None:
    event = encode_event(told(EventType.WALLET_OPENED, "{}"))

    assert event.event_id == f"{locate(REF).wallet_id}/7"
    assert (event.tenant_id, event.position) == ("demo", 9)
    assert tuple(getattr(event.wallet, name) for name in WalletRef._fields) == REF
    assert (event.sequence, event.wallet_sequence) == (7, 5)
    assert event.event_time.ToDatetime(UTC) == TIME
    assert (event.command, event.request_id, event.correlation_id) == ("SettleBet", "r1", "flow-1")


def test_an_event_of_a_tenant_has_no_wallet() -> None:
    document, _ = documents(EventType.TOPOLOGY_ACTIVATED)
    of_tenant = replace(
        told(EventType.TOPOLOGY_ACTIVATED, json.dumps(document)), wallet=None, wallet_sequence=0
    )

    event = encode_event(of_tenant)

    assert not event.HasField("wallet")
    assert event.event_id == "demo/7"
