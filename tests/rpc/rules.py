"""Messages with one field `value` and the rules that a test puts on it."""

from itertools import count
from typing import Any

from buf.validate import validate_pb2
from google.protobuf import descriptor_pool, timestamp_pb2
from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
)
from google.protobuf.json_format import ParseDict
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

Field = FieldDescriptorProto
NUMBERS = count()

TYPES: dict[str, Field.Type.ValueType] = {
    "string": Field.TYPE_STRING,
    "ruled": Field.TYPE_STRING,
    "strings": Field.TYPE_STRING,
    "optional": Field.TYPE_STRING,
    "oneof": Field.TYPE_STRING,
    "int32": Field.TYPE_INT32,
    "int64": Field.TYPE_INT64,
    "time": Field.TYPE_MESSAGE,
    "inner": Field.TYPE_MESSAGE,
    "inners": Field.TYPE_MESSAGE,
    "circle": Field.TYPE_MESSAGE,
    "map": Field.TYPE_MESSAGE,
}
"""By kind, what the field is: `ruled` stands in a message that has a rule itself, `oneof` in
a oneof that must have a value, and an `inner` message has a `name` of at least one letter."""


def message_type(kind: str, rules: dict[str, Any]) -> type[Message]:
    """Returns a new type of message with rules, as JSON writes them, on its field."""
    package = f"tests.rules.n{next(NUMBERS)}"
    file = FileDescriptorProto(name=f"{package}.proto", package=package, syntax="proto3")
    file.dependency.extend([validate_pb2.DESCRIPTOR.name, timestamp_pb2.DESCRIPTOR.name])
    outer = file.message_type.add(name="Outer")
    field = outer.field.add(name="value", number=1, type=TYPES[kind], label=Field.LABEL_OPTIONAL)
    if rules:
        field.options.Extensions[validate_pb2.field].CopyFrom(
            ParseDict(rules, validate_pb2.FieldRules())
        )
    add_inner(file.message_type.add(name="Inner"))
    shape(kind, outer, field, package)
    pool = descriptor_pool.Default()
    pool.AddSerializedFile(file.SerializeToString())
    return GetMessageClass(pool.FindMessageTypeByName(f"{package}.Outer"))


def add_inner(inner: DescriptorProto) -> None:
    """Gives the inner message its fields."""
    name = inner.field.add(
        name="name", number=1, type=Field.TYPE_STRING, label=Field.LABEL_OPTIONAL
    )
    name.options.Extensions[validate_pb2.field].string.min_len = 1
    inner.field.add(name="number", number=2, type=Field.TYPE_INT64, label=Field.LABEL_OPTIONAL)


def shape(kind: str, outer: DescriptorProto, field: FieldDescriptorProto, package: str) -> None:
    """Makes of a field what its kind says."""
    if kind in {"strings", "inners", "map"}:
        field.label = Field.LABEL_REPEATED
    if kind in {"inner", "inners"}:
        field.type_name = f".{package}.Inner"
    elif kind == "time":
        field.type_name = f".{timestamp_pb2.Timestamp.DESCRIPTOR.full_name}"
    elif kind == "circle":
        field.type_name = f".{package}.Outer"
    elif kind == "map":
        field.type_name = f".{package}.Outer.ValueEntry"
        entry = outer.nested_type.add(name="ValueEntry")
        entry.options.map_entry = True
        for number, name in enumerate(("key", "value"), 1):
            entry.field.add(
                name=name, number=number, type=Field.TYPE_STRING, label=Field.LABEL_OPTIONAL
            )
    elif kind in {"optional", "oneof"}:
        field.oneof_index = 0
        field.proto3_optional = kind == "optional"
        oneof = outer.oneof_decl.add(name="_value" if kind == "optional" else "choice")
        oneof.options.Extensions[validate_pb2.oneof].required = kind == "oneof"
    elif kind == "ruled":
        rule = outer.options.Extensions[validate_pb2.message].cel.add()
        rule.id, rule.expression = "a", "this.value != ''"
