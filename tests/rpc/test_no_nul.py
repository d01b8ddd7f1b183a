"""No text that a command brings may hold a NUL: neither Postgres' text nor its JSONB takes one.

One in an event would keep all events of all tenants from being told.
"""

import re
from collections.abc import Iterator

from buf.validate import validate_pb2
from google.protobuf.descriptor import Descriptor, FieldDescriptor

from wallet.v1 import wallet_commands_pb2


def texts_of(message: Descriptor | None, seen: set[str]) -> Iterator[FieldDescriptor]:
    """Yields the fields of texts in a message, and in those that it is made of."""
    if message is None or message.full_name in seen:
        return
    seen.add(message.full_name)
    for field in message.fields:
        if field.type == FieldDescriptor.TYPE_MESSAGE:
            yield from texts_of(field.message_type, seen)
        elif field.type == FieldDescriptor.TYPE_STRING:
            yield field


def pattern_of(field: FieldDescriptor) -> str:
    rules = field.GetOptions().Extensions[validate_pb2.field]
    texts = rules.repeated.items.string if field.is_repeated else rules.string
    return texts.pattern


def test_every_text_of_a_command_has_a_pattern_that_no_nul_matches() -> None:
    (service,) = wallet_commands_pb2.DESCRIPTOR.services_by_name.values()
    seen: set[str] = set()
    texts = [text for method in service.methods for text in texts_of(method.input_type, seen)]

    assert len(texts) > 50
    for text in texts:
        pattern = pattern_of(text)
        assert pattern, text.full_name
        for example in ("\0", "a\0", "\0a", "A\0A"):
            assert not re.search(pattern, example), text.full_name
