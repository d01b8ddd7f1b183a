"""Reasons, codes and metadata are what error_reason.proto says they are."""

import inspect
from dataclasses import MISSING, fields
from pathlib import Path
from typing import get_type_hints

import pytest
from google.rpc import code_pb2, error_details_pb2
from google.rpc.status_pb2 import Status

from tools import errors_reference
from wallet.v1.error_reason_pb2 import ErrorReason
from wallet_server.core.refusals import InsufficientFunds, Refusal, SelectedSourceRequired
from wallet_server.core.refusals.registry import REFUSALS
from wallet_server.execution import errors
from wallet_server.execution.errors import (
    ExportLimitError,
    Fault,
    PositionNotRolledUpError,
    RefusedError,
    SequenceNotReachedError,
)
from wallet_server.rpc import status
from wallet_server.rpc.validation import FieldViolation, InvalidRequestError

PROTO = Path(errors_reference.PROTO).read_text("utf-8")
REASONS = {reason.name: reason for reason in errors_reference.parse(PROTO)}
FAULTS = [
    value
    for value in vars(errors).values()
    if inspect.isclass(value) and issubclass(value, Fault) and value is not Fault
]
INVALID = InvalidRequestError([FieldViolation("a", "b", "C")])


def example_of(kind: type[Refusal]) -> Refusal:
    hints = get_type_hints(kind)
    required = [field.name for field in fields(kind) if field.default is MISSING]
    return kind(**{name: 7 if hints[name] is int else "seven" for name in required})


def fault_of(kind: type[Fault]) -> Fault:
    if kind is SequenceNotReachedError:
        return kind(minimum_sequence=9, sequence=7)
    if kind is PositionNotRolledUpError:
        return kind(minimum_position=9, position=7)
    if kind is ExportLimitError:
        return kind(limit=7)
    return kind()


def everything() -> list[Status]:
    refusals = [RefusedError(example_of(kind)) for kind in REFUSALS]
    faults = [fault_of(kind) for kind in FAULTS]
    return [status.status_of(error) for error in [*refusals, *faults, INVALID, RuntimeError()]]


def info_of(answer: Status) -> error_details_pb2.ErrorInfo:
    return error_details_pb2.ErrorInfo.FromString(answer.details[0].value)


def test_every_reason_of_the_api_is_given_for_exactly_one_error() -> None:
    given = [info_of(answer).reason for answer in everything()]

    prefix, wire = errors_reference.PREFIX, ErrorReason.keys()
    assert sorted(given) == sorted(name.removeprefix(prefix) for name in wire[1:])
    assert set(given) == set(REASONS)


@pytest.mark.parametrize("answer", everything(), ids=lambda answer: info_of(answer).reason)
def test_code_and_metadata_are_the_documented_ones(answer: Status) -> None:
    info = info_of(answer)
    documented = REASONS[info.reason]

    assert info.domain == "wallet.v1"
    assert answer.code == code_pb2.Code.Value(documented.code)
    assert set(info.metadata) == documented.keys


@pytest.mark.parametrize("kind", REFUSALS, ids=lambda kind: kind.reason)
def test_a_refusal_is_recorded_if_the_api_says_so(kind: type[Refusal]) -> None:
    assert kind.recorded == REASONS[kind.reason].recorded


@pytest.mark.parametrize("kind", REFUSALS, ids=lambda kind: kind.reason)
def test_a_message_mentions_only_what_the_metadata_has(kind: type[Refusal]) -> None:
    assert "{" not in example_of(kind).describe()


@pytest.mark.parametrize("kind", FAULTS)
def test_what_is_unavailable_says_when_to_try_again(kind: type[Fault]) -> None:
    answer = status.status_of(fault_of(kind))

    delays = [d for d in answer.details if d.Is(error_details_pb2.RetryInfo.DESCRIPTOR)]
    assert bool(delays) == (answer.code == code_pb2.UNAVAILABLE)


def test_a_refusal_given_before_says_so() -> None:
    refusal = InsufficientFunds(required=5, available=3)

    first = status.status_of(RefusedError(refusal))
    again = status.status_of(RefusedError(refusal, replayed=True))

    assert dict(info_of(first).metadata) == {"required": "5", "available": "3"}
    assert dict(info_of(again).metadata) == {"required": "5", "available": "3", "replayed": "true"}
    assert (first.code, first.message) == (again.code, again.message)


def test_nothing_of_an_unforeseen_error_gets_out() -> None:
    answer = status.status_of(RuntimeError("password"))

    assert b"password" not in answer.SerializeToString()
    assert status.is_bug(answer)


def test_a_status_stays_small_enough_for_a_header() -> None:
    answer = status.status_of(RefusedError(SelectedSourceRequired(choices="x" * 100_000)))

    assert answer.ByteSize() < 4_096
