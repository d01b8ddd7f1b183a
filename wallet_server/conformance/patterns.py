"""What a response must look like: a part of it, as proto JSON."""

from collections.abc import Mapping
from typing import cast

from google.protobuf import json_format
from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from wallet_server.conformance.node import Node
from wallet_server.conformance.requests import without_nulls
from wallet_server.conformance.scenario import Json
from wallet_server.conformance.shorthand import Cast, write_out


def check_pattern(node: Node, message: Descriptor, cast_: Cast) -> None:
    """Notes what in a pattern no such message could ever have."""
    try:
        written = write_out(message, node.value, cast_, "")
        json_format.ParseDict(without_nulls(written), GetMessageClass(message)())
    except json_format.ParseError as error:
        node.note("WRONG_RESPONSE", str(error))
    except KeyError as error:
        node.note("WRONG_RESPONSE", f"{error.args[0]} stands for nothing")


def find_mismatches(pattern: Json, message: Message, path: str) -> list[str]:
    """Returns where a message differs from a pattern written out in full.

    Of a message, the fields that the pattern names are compared; of a map, the keys.
    Of a list, every element is. `null` is a field that is not set.
    """
    actual = json_format.MessageToDict(
        _named_part(pattern, message),
        preserving_proto_field_name=True,
        always_print_fields_with_no_presence=True,
    )
    return _compare(pattern, actual, path)


def _named_part(pattern: Json, message: Message) -> Message:
    """Returns a message with only what a pattern names: writing all of a large one takes long."""
    if not isinstance(pattern, Mapping):
        return message
    part = type(message)()
    part.CopyFrom(message)
    for field, _ in message.ListFields():
        if field.name not in pattern:
            part.ClearField(field.name)
    return part


def _compare(expected: Json, actual: Json, path: str) -> list[str]:
    if isinstance(expected, Mapping) and isinstance(actual, Mapping):
        pattern = cast("Mapping[str, Json]", expected)
        fields = cast("Mapping[str, Json]", actual)
        return [
            each
            for key, value in pattern.items()
            for each in _compare(value, fields.get(key), f"{path}.{key}")
        ]
    if isinstance(expected, list) and isinstance(actual, list):
        return _compare_lists(cast("list[Json]", expected), cast("list[Json]", actual), path)
    if expected is None and not actual:
        return []
    return [] if _equal(expected, actual) else [f"{path}: expected {expected}, got {actual}"]


def _compare_lists(expected: list[Json], actual: list[Json], path: str) -> list[str]:
    if len(expected) != len(actual):
        return [f"{path}: expected {len(expected)} elements, got {len(actual)}"]
    return [
        each
        for index, (left, right) in enumerate(zip(expected, actual, strict=True))
        for each in _compare(left, right, f"{path}[{index}]")
    ]


def _equal(expected: Json, actual: Json) -> bool:
    """Tells whether two scalars are the same: proto JSON writes 64-bit numbers as text."""
    if isinstance(expected, bool) or isinstance(actual, bool):
        return expected is actual
    return actual is not None and str(expected) == str(actual)
