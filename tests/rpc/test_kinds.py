"""No command is forgotten where batches are concerned, and what is valid fits into a call."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from buf.validate import validate_pb2
from google.protobuf.descriptor import FieldDescriptor, MethodDescriptor
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from tests.rpc.bad_field import INT64_MAX, YEAR_9999
from tests.rpc.batches import BATCH, COMMANDS, COMMANDS_MAX, command_of
from tests.rpc.malformed import METHODS, good_request
from wallet.v1 import wallet_commands_pb2 as pb
from wallet.v1.money_pb2 import Money
from wallet_server.execution.settings import CALL_COMMANDS_MAX, EngineSettings
from wallet_server.rpc.edge import EdgeSettings
from wallet_server.rpc.kinds import KINDS
from wallet_server.rpc.validation import InvalidRequestError, validate
from wallet_server.settings import Settings

ERROR = "error"
INT32_MAX = 2**31 - 1
LAST_TIME = Timestamp(seconds=YEAR_9999 - 1, nanos=999_999_999)
PLACE_BYTES = 8
"""Of a command in a call: two tags and two lengths."""


def in_snake_case(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def message_name(field: FieldDescriptor) -> str:
    assert field.message_type is not None
    return field.message_type.full_name


def test_every_command_has_its_place_in_a_batch_and_its_result_the_same() -> None:
    commands = {
        (in_snake_case(method.name), method.input_type.full_name, method.output_type.full_name)
        for method in COMMANDS
    }
    places = pb.BatchCommand.DESCRIPTOR.fields_by_name
    results = pb.BatchResult.DESCRIPTOR.fields_by_name

    assert {
        (name, message_name(place), message_name(results[name])) for name, place in places.items()
    } == commands
    assert {name: place.number for name, place in places.items()} == {
        name: result.number for name, result in results.items() if name != ERROR
    }


def test_every_place_in_a_batch_is_of_its_oneof() -> None:
    for message, oneof in [(pb.BatchCommand, "command"), (pb.BatchResult, "result")]:
        [only] = message.DESCRIPTOR.oneofs
        assert (only.name, [*only.fields]) == (oneof, [*message.DESCRIPTOR.fields])


def test_every_command_in_a_batch_can_be_decoded_and_its_answer_encoded() -> None:
    assert KINDS.keys() == {*pb.BatchCommand.DESCRIPTOR.fields_by_name}


# --- What fits


def largest(method: MethodDescriptor) -> Message:
    """Returns a request of which no field can be larger."""
    request = good_request(method)
    enlarge(request, request)
    return request


def enlarge(part: Message, request: Message) -> None:
    fields: Any = part.DESCRIPTOR.fields  # Its stubs know two kinds of descriptors.
    for field in fields:
        if field.message_type is None:
            tries = (is_valid_with(part, field, value, request) for value in large_values(field))
            assert any(tries), field.full_name
        elif field.is_repeated:
            items = getattr(part, field.name)
            enlarge(items[0], request)
            items.extend([items[0]] * (rules_of(field).repeated.max_items - len(items)))
        elif field.message_type.full_name == Timestamp.DESCRIPTOR.full_name:
            getattr(part, field.name).CopyFrom(LAST_TIME)
        else:
            if field.message_type.full_name == Money.DESCRIPTOR.full_name:
                getattr(part, field.name).asset_code = "EUR"
            enlarge(getattr(part, field.name), request)


def rules_of(field: FieldDescriptor) -> validate_pb2.FieldRules:
    return field.GetOptions().Extensions[validate_pb2.field]


def large_values(field: FieldDescriptor) -> Iterator[object]:
    """Yields values to try, in falling size; of a list, as many as there may be."""
    if field.type != FieldDescriptor.TYPE_STRING:
        known = field.enum_type.values_by_number if field.enum_type else ()
        yield from (INT64_MAX, INT32_MAX, *reversed(list(known)), True, False)
        return
    texts = (char * length for char in ("\N{COIN}", "x", "X") for length in range(300, 0, -1))
    if not field.is_repeated:
        yield from texts
        return
    for text in texts:
        yield [text[:-3] + f"{number:03}" for number in range(rules_of(field).repeated.max_items)]


REFUSED: set[tuple[bytes, int, str]] = set()
"""Values that a field's own rules refuse, with these rules and the field's type: in any request."""


def is_valid_with(part: Message, field: FieldDescriptor, value: object, request: Message) -> bool:
    """Puts a value into a field, and tells whether the request is right with it."""
    tried = (rules_of(field).SerializeToString(), field.type, str(value))
    if tried in REFUSED:
        return False
    try:
        if isinstance(value, list):
            part.ClearField(field.name)
            getattr(part, field.name).extend(value)
        else:
            setattr(part, field.name, value)
        validate(request)
    except InvalidRequestError as error:
        own = re.compile(rf"(.*\.)?{field.name}(\[\d+\])?")
        if all(own.fullmatch(each.field) for each in error.violations):
            REFUSED.add(tried)
        return False
    except (TypeError, ValueError):
        return False
    return True


@pytest.mark.parametrize("method", COMMANDS, ids=lambda method: method.name)
def test_as_many_of_the_largest_commands_fit_as_a_call_may_carry(method: MethodDescriptor) -> None:
    request = largest(method)
    validate(request)

    size_bytes = COMMANDS_MAX * (command_of(request).ByteSize() + PLACE_BYTES)

    default = EdgeSettings(address="", page_token_secret=b"").request_bytes_max
    assert size_bytes <= default == Settings.model_fields["request_bytes_max"].default
    assert request.ByteSize() > 300


def test_a_lane_has_room_for_as_many_commands_as_a_call_may_carry() -> None:
    [batch] = [method for method in METHODS if method.name == BATCH]
    commands = batch.input_type.fields_by_name["commands"]
    rules = commands.GetOptions().Extensions[validate_pb2.field].repeated

    assert rules.max_items == COMMANDS_MAX == CALL_COMMANDS_MAX
    assert EngineSettings().lane_queue_commands_max >= CALL_COMMANDS_MAX
    with pytest.raises(ValueError, match="greater than or equal to 500"):
        Settings(lane_queue_commands_max=CALL_COMMANDS_MAX - 1)
