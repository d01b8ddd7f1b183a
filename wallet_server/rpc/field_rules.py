"""The rules that the protos write on fields, compiled to plain functions that only accept.

Nearly all requests are right, and to see that of one is much cheaper than to find out all
that may be wrong with it. So what is compiled here may say yes, and nothing else: whatever it
does not accept, and every message with a rule that it does not know, protovalidate decides.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, TypeAlias, cast

from buf.validate import validate_pb2
from google.protobuf.descriptor import Descriptor, FieldDescriptor, OneofDescriptor
from google.protobuf.message import Message

from wallet_server.rpc.rule_expressions import Check, UnknownRuleError
from wallet_server.rpc.value_rules import (
    all_of,
    checks_of,
    comparisons_of,
    conditions_of,
    each,
    list_checks_of,
    parts_of,
    time_check,
)

Parents: TypeAlias = tuple[Descriptor, ...]


@cache
def quick_check(message_type: type[Message]) -> Check:
    """Returns what accepts messages of a type, and none that breaks a rule.

    Of a type with a rule that is not known here it accepts none at all.
    """
    try:
        return message_check(cast("Descriptor", message_type.DESCRIPTOR), ())
    except UnknownRuleError:
        return lambda _: False


def message_check(
    descriptor: Descriptor, parents: Parents, *comparisons: tuple[str, Check]
) -> Check:
    """Returns what accepts a message whose fields keep their rules, and pass comparisons."""
    is_circular = descriptor in parents
    rules_on_all = rules_of(descriptor)
    own = rules_on_all.pop("buf.validate.message", None)
    if is_circular or descriptor.GetOptions().map_entry or rules_on_all:
        raise UnknownRuleError
    plain = list(comparisons)
    optional = list[tuple[str, Check]]()
    present = list[tuple[str, bool, Check]]()
    for field in descriptor.fields:
        rules = field_rules_of(field)
        is_required = bool(rules.pop("required", False))
        checks = list(field_checks(field, rules, (*parents, descriptor)))
        if field.has_presence:
            present.append((field.name, is_required, all_of(checks)))
        else:
            checks = [bool, *checks] if is_required else checks
            may_be_left_out = not field.is_repeated and all_of(checks)(field.default_value)
            (optional if may_be_left_out else plain).extend((field.name, each) for each in checks)
    oneofs = [oneof.name for oneof in descriptor.oneofs if is_required_oneof(oneof)]
    accepts = accepting(plain, optional, present, oneofs)
    return all_of([accepts, *conditions_of(descriptor, own)]) if own else accepts


def accepting(
    plain: Sequence[tuple[str, Check]],
    optional: Sequence[tuple[str, Check]],
    present: Sequence[tuple[str, bool, Check]],
    oneofs: Sequence[str],
) -> Check:
    """Returns what accepts a message by its fields.

    Args:
        plain: Fields that always have a value, which must pass.
        optional: The same, of which it is known that their defaults do.
        present: Fields that may have none; whether they must; what a value must pass.
        oneofs: Those of which one field must have a value.
    """

    def accepts(message: Any) -> bool:
        for name, check in plain:
            if not check(getattr(message, name)):
                return False
        for name, check in optional:
            if (value := getattr(message, name)) and not check(value):
                return False
        for name, is_required, check in present:
            if message.HasField(name):
                if not check(getattr(message, name)):
                    return False
            elif is_required:
                return False
        return all(map(message.WhichOneof, oneofs)) if oneofs else True

    return accepts


def field_checks(
    field: FieldDescriptor, rules: dict[str, Any], parents: Parents
) -> Iterator[Check]:
    """Yields what the value of a field must pass, if it has one."""
    ignored = rules.pop("ignore", validate_pb2.IGNORE_UNSPECIFIED)
    if ignored == validate_pb2.IGNORE_ALWAYS:
        return
    if ignored:
        raise UnknownRuleError
    comparisons = list(comparisons_of(field, rules.pop("cel", ())))
    items_are_ignored = False
    if field.is_repeated and "repeated" in rules:
        repeated = rules.pop("repeated")
        items_are_ignored = repeated.items.ignore == validate_pb2.IGNORE_ALWAYS
        yield from list_checks_of(field, repeated)
    if "timestamp" in rules and not field.is_repeated:
        yield time_check(field, rules.pop("timestamp"))
    for kind, part in rules.items():
        if field.is_repeated:
            raise UnknownRuleError
        yield from checks_of(field, kind, part)
    if items_are_ignored:
        return
    if field.message_type is None:
        yield from (check for _, check in comparisons)
        return
    inner = message_check(field.message_type, parents, *comparisons)
    yield each(inner) if field.is_repeated else inner


def field_rules_of(field: FieldDescriptor) -> dict[str, Any]:
    """Returns the rules on a field, by name."""
    rules = rules_of(field)
    own = rules.pop("buf.validate.field", None)
    if rules:
        raise UnknownRuleError
    return dict(parts_of(own)) if own else {}


def is_required_oneof(oneof: OneofDescriptor) -> bool:
    """Tells whether one of some fields must have a value."""
    rules = rules_of(oneof)
    own = rules.pop("buf.validate.oneof", None)
    parts = dict(parts_of(own)) if own else {}
    if rules or parts.keys() - {"required"}:
        raise UnknownRuleError
    return bool(parts.get("required"))


def rules_of(annotated: Any) -> dict[str, Any]:
    """Returns what is written on a message, a field or a oneof for protovalidate."""
    options = parts_of(annotated.GetOptions())
    return {name: value for name, value in options if name.startswith("buf.validate.")}
