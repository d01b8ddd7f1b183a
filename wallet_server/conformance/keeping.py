"""What a scenario keeps of an answer, such as an id that the server makes, for steps to come."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import cast

from google.protobuf import json_format
from google.protobuf.descriptor import Descriptor

from wallet_server.conformance.node import Node
from wallet_server.conformance.recording import Exchange
from wallet_server.conformance.scenario import CallStep, Json, Step
from wallet_server.conformance.shorthand import Cast

FIELD = "keep"
SEPARATOR = "."
STAND_IN = "kept"


def read_kept(node: Node, response: Descriptor | None) -> dict[str, str]:
    """Reads under which names a step keeps which fields of its answer."""
    kept = {name: each.text() for name, each in node.entries().items()}
    for name, path in kept.items():
        if response is not None and not _is_text_in(response, path.split(SEPARATOR)):
            node.child(name, path).note("WRONG_FIELD", f"{path} is no text of the answer")
    return kept


def with_stand_ins(cast_: Cast, step: Step) -> Cast:
    """Returns names to try requests with after a step, before there is a run."""
    return _with(cast_, dict.fromkeys(_kept_by(step), STAND_IN))


def with_kept(cast_: Cast, step: Step, exchanges: Iterable[Exchange]) -> Cast:
    """Returns what names stand for after a step. What no answer has is empty."""
    [exchange] = exchanges if _kept_by(step) else [None]
    response = exchange.reply.response if exchange is not None else None
    answer = (
        json_format.MessageToDict(response, preserving_proto_field_name=True) if response else {}
    )
    return _with(cast_, {name: _find(answer, path) for name, path in _kept_by(step).items()})


def _kept_by(step: Step) -> Mapping[str, str]:
    return step.keep if isinstance(step, CallStep) else {}


def _with(cast_: Cast, kept: Mapping[str, str]) -> Cast:
    return replace(cast_, kept={**cast_.kept, **kept}) if kept else cast_


def _is_text_in(message: Descriptor, path: list[str]) -> bool:
    for name in path[:-1]:
        field = message.fields_by_name.get(name)
        if field is None or field.message_type is None or field.is_repeated:
            return False
        message = field.message_type
    last = message.fields_by_name.get(path[-1])
    return last is not None and last.type == last.TYPE_STRING and not last.is_repeated


def _find(answer: Json, path: str) -> str:
    for name in path.split(SEPARATOR):
        answer = cast("Mapping[str, Json]", answer).get(name, {})
    return answer if isinstance(answer, str) else ""
