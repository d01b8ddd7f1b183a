"""Rules on single values and on lists, as plain functions. Start at `field_rules.py`.

Only rules with one obvious meaning are known. Any other raises `UnknownRuleError`, and so
leaves its whole message to protovalidate.
"""

import operator
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from buf.validate import validate_pb2
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.unknown_fields import UnknownFieldSet

from wallet_server.rpc.rule_expressions import (
    Check,
    UnknownRuleError,
    comparison_check,
    condition_check,
    pattern_check,
)

KINDS: dict[str, int] = {
    "string": FieldDescriptor.TYPE_STRING,
    "int32": FieldDescriptor.TYPE_INT32,
    "int64": FieldDescriptor.TYPE_INT64,
    "enum": FieldDescriptor.TYPE_ENUM,
}
"""The kinds of rules that are known, with the type of field that may have them."""

TIMESTAMP = "google.protobuf.Timestamp"
NANOS_PER_SECOND = 1_000_000_000

WHOLE_NUMBERS = (FieldDescriptor.TYPE_INT32, FieldDescriptor.TYPE_INT64, FieldDescriptor.TYPE_ENUM)

BOUNDS = {"gt": operator.lt, "gte": operator.le, "lt": operator.gt, "lte": operator.ge}
"""What holds between a bound and a value that keeps it."""


def parts_of(rules: Message) -> Iterator[tuple[str, Any]]:
    """Yields what rules say by name, and makes sure that nothing remains unread."""
    if len(UnknownFieldSet(rules)):
        raise UnknownRuleError
    for field, value in rules.ListFields():
        yield field.full_name if field.is_extension else field.name, value


def checks_of(field: FieldDescriptor, kind: str, rules: Message) -> Iterator[Check]:
    """Yields what a value of a field must pass by the rules of a kind."""
    if KINDS.get(kind) != field.type:
        raise UnknownRuleError
    parts = dict(parts_of(rules))
    if len(parts.keys() & BOUNDS.keys()) > 1 and not is_range(parts):
        raise UnknownRuleError
    for name, limit in parts.items():
        yield check_of(field, name, limit)


def is_range(parts: Mapping[str, Any]) -> bool:
    """Tells whether two bounds have something between them: the lower may be the greater."""
    return parts.keys() & BOUNDS.keys() == {"gte", "lte"} and parts["gte"] <= parts["lte"]


def time_check(field: FieldDescriptor, rules: validate_pb2.TimestampRules) -> Check:
    """Returns what accepts times from one whole second until before another."""
    parts = dict(parts_of(rules))
    is_time = field.message_type is not None and field.message_type.full_name == TIMESTAMP
    if not is_time or parts.keys() != {"gte", "lt"}:
        raise UnknownRuleError
    start, end = parts["gte"], parts["lt"]
    if start.nanos or end.nanos or start.seconds >= end.seconds:
        raise UnknownRuleError
    first, limit = start.seconds * NANOS_PER_SECOND, end.seconds * NANOS_PER_SECOND
    return lambda time: first <= time.seconds * NANOS_PER_SECOND + time.nanos < limit


def list_checks_of(field: FieldDescriptor, rules: validate_pb2.RepeatedRules) -> Iterator[Check]:
    """Yields what a list must pass, its length first and its items last."""
    parts = dict(parts_of(rules))
    items: validate_pb2.FieldRules | None = parts.pop("items", None)
    for name, limit in sorted(parts.items()):
        yield check_of(field, name, limit)
    if items and items.ignore == validate_pb2.IGNORE_ALWAYS:
        return
    for kind, part in parts_of(items) if items else ():
        yield from map(each, checks_of(field, kind, part))


def check_of(field: FieldDescriptor, name: str, limit: Any) -> Check:
    """Returns what a value must pass by one rule."""
    match name:
        case "gt" | "gte" | "lt" | "lte":
            return partial(BOUNDS[name], limit)
        case "pattern":
            return pattern_check(limit)
        case "min_len" | "min_items":
            return lambda value: len(value) >= limit
        case "max_len" | "max_items":
            return lambda value: len(value) <= limit
        case "defined_only" if limit and field.enum_type:
            return frozenset(field.enum_type.values_by_number).__contains__
        case "not_in":
            return lambda value, excluded=frozenset(limit): value not in excluded
        case "unique" if limit and not field.message_type:
            return lambda values: len(set(values)) == len(values)
        case _:
            raise UnknownRuleError


def comparisons_of(
    field: FieldDescriptor, rules: Sequence[validate_pb2.Rule]
) -> Iterator[tuple[str, Check]]:
    """Yields what is compared, of the field's message or with an empty name itself, and how."""
    for rule in rules:
        if {name for name, _ in parts_of(rule)} - {"id", "message", "expression"}:
            raise UnknownRuleError
        name, check = comparison_check(rule.expression)
        if field.is_repeated or not is_number(inner_field(field, name) if name else field):
            raise UnknownRuleError
        yield name, check


def conditions_of(descriptor: Descriptor, rules: validate_pb2.MessageRules) -> Iterator[Check]:
    """Yields what a message must pass by the rules on the message itself."""
    parts = dict(parts_of(rules))
    if parts.keys() - {"cel"}:
        raise UnknownRuleError
    for rule in parts.get("cel", ()):
        if {name for name, _ in parts_of(rule)} - {"id", "message", "expression"}:
            raise UnknownRuleError
        flag, outer, inner, check = condition_check(rule.expression)
        flag_field = descriptor.fields_by_name.get(flag)
        outer_field = descriptor.fields_by_name.get(outer)
        is_known = (
            flag_field is not None
            and flag_field.type == FieldDescriptor.TYPE_BOOL
            and not flag_field.is_repeated
            and outer_field is not None
            and not outer_field.is_repeated
            and is_number(inner_field(outer_field, inner))
        )
        if not is_known:
            raise UnknownRuleError
        yield check


def inner_field(field: FieldDescriptor, name: str) -> FieldDescriptor | None:
    """Returns a field of the message that a field holds."""
    return field.message_type.fields_by_name.get(name) if field.message_type else None


def is_number(field: FieldDescriptor | None) -> bool:
    """Tells whether there is such a field and it always holds one number."""
    return field is not None and field.type in WHOLE_NUMBERS and not field.is_repeated


def each(check: Check) -> Check:
    """Returns what accepts a list if a check accepts all of its items."""
    return lambda values: all(map(check, values))


def all_of(checks: Sequence[Check]) -> Check:
    """Returns what accepts what all checks accept. Hardly anything has more than two."""
    match checks:
        case [check]:
            return check
        case [first, second]:
            return lambda value: first(value) and second(value)
        case _:
            return lambda value: all(check(value) for check in checks)
