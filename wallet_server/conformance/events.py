"""What a call must have told: the events of its command, in their order."""

from collections.abc import Iterable, Sequence
from typing import cast

from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message

from wallet.v1 import event_pb2 as pb
from wallet_server.conformance.invariants_answers import is_command_for, request_id_of
from wallet_server.conformance.node import Node
from wallet_server.conformance.patterns import check_pattern, find_mismatches
from wallet_server.conformance.recording import Exchange, Recording
from wallet_server.conformance.scenario import (
    BatchStep,
    CallStep,
    ExpectedEvent,
    ParallelStep,
    Step,
)
from wallet_server.conformance.shorthand import Cast, write_out

FIELD = "events"
PREFIX = "EVENT_TYPE_"
TYPES = tuple(name.removeprefix(PREFIX) for name, number in pb.EventType.items() if number)


def read_events(node: Node, cast_: Cast) -> tuple[ExpectedEvent, ...]:
    """Reads events: each by its type, with a part of what it tells."""
    expected: list[ExpectedEvent] = []
    for item in node.items():
        entries = item.entries()
        if len(entries) != 1:
            item.note("WRONG_EVENT", "must have the type of an event, and nothing beside")
        for name, pattern in entries.items():
            if name not in TYPES:
                pattern.note("UNKNOWN_TYPE", f"{name} is no type of an event")
                continue
            check_pattern(pattern, message_of(name), cast_)
            told = {key: each.value for key, each in pattern.entries().items()}
            expected.append(ExpectedEvent(name, told))
    return tuple(expected)


def message_of(event_type: str) -> Descriptor:
    """Returns the message of what events of a type tell."""
    message = pb.Event.DESCRIPTOR.fields_by_name[event_type.lower()].message_type
    assert message is not None
    return message


def judge_events(
    steps: Iterable[tuple[Step, Sequence[Exchange]]], recording: Recording
) -> list[str]:
    """Returns where what was told is not what steps expect, as far as they expect anything."""
    return [
        difference
        for step, exchanges in steps
        for expected, exchange in zip(expected_by(step), exchanges, strict=False)
        if expected is not None
        for difference in _judge(expected, exchange, recording)
    ]


def expected_by(step: Step) -> list[tuple[ExpectedEvent, ...] | None]:
    """Returns what each call of a step must have told; none where nothing is said of it."""
    match step:
        case CallStep(expectation=expectation):
            return [expectation.events if expectation is not None else None]
        case ParallelStep(any_order=False, expectations=expectations):
            return [each.events for each in expectations]
        case BatchStep(expectations=expectations):
            return [each.events for each in expectations]
        case _:
            return []


def _judge(
    expected: Sequence[ExpectedEvent], exchange: Exchange, recording: Recording
) -> list[str]:
    told = _told_by(exchange, recording)
    path = f"{exchange.path}.{FIELD}"
    types = [pb.EventType.Name(each.type).removeprefix(PREFIX) for each in told]
    if types != [each.event_type for each in expected]:
        wanted = ", ".join(each.event_type for each in expected)
        return [f"{path}: expected {wanted}, got {', '.join(types) or 'none'}"]
    differences: list[str] = []
    for place, (each, event) in enumerate(zip(expected, told, strict=True)):
        payload = cast("Message", getattr(event, each.event_type.lower()))
        currency = event.wallet.currency_code
        pattern = write_out(message_of(each.event_type), each.told, recording.cast, currency)
        differences += find_mismatches(pattern, payload, f"{path}[{place}]")
    return differences


def _told_by(exchange: Exchange, recording: Recording) -> list[pb.Event]:
    """Returns the events of a command, in their order."""
    request_id = request_id_of(exchange.request)
    return [
        event
        for reading in recording.readings.values()
        if is_command_for(exchange, reading)
        for event in reading.events
        if event.request_id == request_id
    ]
