"""The shortcut of validation: it says yes where protovalidate does, and nowhere else."""

from typing import Any, cast

import protovalidate
import pytest
from google.protobuf.descriptor import Descriptor, FieldDescriptor, MethodDescriptor
from google.protobuf.message import Message
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rpc.bad_field import INT64_MAX, INT64_MIN
from tests.rpc.malformed import METHODS, bad_requests, good_request
from tests.rpc.rules import message_type
from wallet.v1.money_pb2 import Money
from wallet.v1.wallet_commands_pb2 import RoundBet
from wallet_server.rpc.field_rules import quick_check

LENGTHS = (0, 1, 2, 3, 11, 12, 13, 31, 32, 33, 63, 64, 65, 127, 128, 129, 256, 257, 1024, 1025)
INT32_MIN, INT32_MAX = -(2**31), 2**31 - 1
AROUND = st.sampled_from(
    ("", "", "", "\n", "\r", " ", "\0", "é", "😀", "\u0301", "-", "_", "!", "~")
)
WORDS = st.text("aZ0", max_size=3) | st.builds(
    str.__mul__, st.sampled_from("xXü0"), st.sampled_from(LENGTHS)
)
TEXTS = st.tuples(AROUND, WORDS, AROUND, WORDS).map("".join) | WORDS
"""Many break a rule by one letter or by their length alone."""


def is_accepted(message: Message) -> bool:
    """Tells whether the shortcut accepts a message, and makes sure that it is no lie."""
    accepted = bool(quick_check(type(message))(message))
    assert not (accepted and protovalidate.collect_violations(message)), message
    return accepted


def agrees(message: Message) -> bool:
    """Tells whether both think the same of a message."""
    return is_accepted(message) == (not protovalidate.collect_violations(message, fail_fast=True))


# --- Our own protos


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_a_right_request_is_accepted_and_one_with_a_bad_field_is_not(
    method: MethodDescriptor,
) -> None:
    assert is_accepted(good_request(method))
    for case in bad_requests(method):
        assert not is_accepted(case.request), case.bad


@given(st.data())
@settings(max_examples=400, deadline=None)
def test_the_shortcut_and_protovalidate_agree_on_all_requests(data: st.DataObject) -> None:
    method = data.draw(st.sampled_from(METHODS))
    request = good_request(method)
    fields = st.lists(st.sampled_from(list(method.input_type.fields)), max_size=3, unique=True)

    for field in data.draw(fields):
        spoil(request, field, data)

    assert agrees(request)


def spoil(message: Message, field: FieldDescriptor, data: st.DataObject) -> None:
    """Puts something into a field that it may hold or not."""
    message.ClearField(field.name)
    if field.is_repeated and field.message_type:
        for _ in range(data.draw(st.integers(0, 2))):
            spoil_all(getattr(message, field.name).add(), data)
    elif field.is_repeated:
        of_type = int if field.enum_type else str
        items = [of_type(n) for n in range(data.draw(st.sampled_from((0, 13, 29, 61, 65))))]
        getattr(message, field.name).extend(data.draw(st.lists(values(field), max_size=3)) + items)
    elif field.message_type is None:
        setattr(message, field.name, data.draw(values(field)))
    elif data.draw(st.booleans()):
        spoil_all(getattr(message, field.name), data)


def spoil_all(message: Message, data: st.DataObject) -> None:
    """Puts something into all fields of a message."""
    message.SetInParent()
    for field in cast("Descriptor", message.DESCRIPTOR).fields:
        spoil(message, field, data)


def values(field: FieldDescriptor) -> st.SearchStrategy[Any]:
    """Returns what fields of a type may hold, much of it close to the limits of its rules."""
    if field.type == FieldDescriptor.TYPE_STRING:
        return TEXTS
    least, greatest = {
        FieldDescriptor.TYPE_INT64: (INT64_MIN, INT64_MAX),
        FieldDescriptor.TYPE_INT32: (INT32_MIN, INT32_MAX),
        FieldDescriptor.TYPE_ENUM: (INT32_MIN, INT32_MAX),
        FieldDescriptor.TYPE_BOOL: (0, 1),
    }[field.type]
    near = [n for n in (-1, 0, 1, 2, 3, 4, 5, least, least + 1, greatest) if least <= n <= greatest]
    return st.sampled_from(near) | st.integers(least, greatest)


# --- Rules as such

FROM_TO = {"gte": "1970-01-01T00:00:05Z", "lt": "1970-01-01T00:00:09Z"}


def at(seconds: int, nanos: int = 0) -> dict[str, int]:
    return {"seconds": seconds, "nanos": nanos}


SHORT = {"repeated": {"max_items": 2, "items": {"string": {"max_len": 1}}}}


@pytest.mark.parametrize(
    ("kind", "rules", "right", "wrong"),
    [
        ("string", {"string": {"pattern": "^[a-c]{1,2}$"}}, ["a", "bc"], ["", "abc", "a\n", "é"]),
        ("string", {"string": {"pattern": r"^[^\x00]*$"}}, ["", "a\nb", "😀"], ["\0"]),
        ("string", {"string": {"pattern": "^(a-?)?b+$"}}, [], ["", "b"]),
        ("string", {"string": {"pattern": "^([a-]b)?c+$"}}, ["c", "abc", "-bcc"], ["", "a"]),
        ("string", {"string": {"min_len": 2, "max_len": 3}}, ["ab", "😀😀😀"], ["a", "abcd"]),
        ("string", {"required": True}, ["a"], [""]),
        ("int64", {"int64": {"gt": 1}}, [2, INT64_MAX], [1, INT64_MIN]),
        ("int64", {"int64": {"gte": 1}}, [1], [0]),
        ("int32", {"int32": {"lt": 1}}, [0], [1]),
        ("int32", {"int32": {"gte": 1, "lte": 2}}, [1, 2], [0, 3]),
        ("int32", {"int32": {"lte": 1}}, [1], [2]),
        ("int64", {"cel": [{"id": "a", "expression": "this > -2"}]}, [-1], [-2]),
        ("int64", {"cel": [{"id": "a", "expression": "this <= -2"}]}, [-2], [-1]),
        ("int64", {"cel": [{"id": "a", "expression": "this < 5"}]}, [4], [5]),
        ("int64", {"required": True}, [1, -1], [0]),
        ("strings", SHORT, [[], ["a", "é"]], [["a", "b", "c"], ["ab"]]),
        ("strings", {"repeated": {"min_items": 1, "unique": True}}, [["a"], ["a", "b"]], [[], ["a", "a"]]),
        ("strings", {"required": True}, [["a"]], [[]]),
        ("int64", {"int64": {"not_in": ["0", "5"]}}, [1, -5], [0, 5]),
        ("time", {"timestamp": FROM_TO}, [at(5), at(8, 999_999_999), at(6, -1_000_000_000), None], [at(4, 999_999_999), at(9), at(5, -1)]),
        ("optional", {"string": {"min_len": 1}}, ["a", None], [""]),
        ("optional", {"required": True, "string": {"max_len": 1}}, ["a", ""], [None, "ab"]),
        ("oneof", {"string": {"min_len": 1}}, ["a"], ["", None]),
        ("inner", {"cel": [{"id": "a", "expression": "this.number != 0"}]}, [{"number": 1, "name": "a"}, None], [{"name": "a"}, {"number": 1}]),
        ("inner", {"required": True}, [{"name": "a"}], [None, {}]),
        ("inner", {"ignore": "IGNORE_ALWAYS"}, [{"name": "a"}, {}, {"number": 1}, None], []),
        ("inners", {"repeated": {"max_items": 2}}, [[], [{"name": "a"}] * 2], [[{}], [{"name": "a"}] * 3]),
        ("inners", {"repeated": {"max_items": 2, "items": {"ignore": "IGNORE_ALWAYS"}}}, [[], [{}] * 2], [[{}] * 3]),
        ("strings", {"repeated": {"items": {"ignore": "IGNORE_ALWAYS", "string": {"min_len": 1}}}}, [[""]], []),
    ],
)  # fmt: skip
def test_a_known_rule_means_what_it_means_to_protovalidate(
    kind: str, rules: dict[str, Any], right: list[Any], wrong: list[Any]
) -> None:
    message = message_type(kind, rules)

    assert [value for value in right if not is_accepted(message(value=value))] == []
    assert [value for value in wrong if is_accepted(message(value=value))] == []
    assert all(agrees(message(value=value)) for value in right)


@pytest.mark.parametrize(
    ("kind", "rules", "value"),
    [
        ("string", {"string": {"email": True}}, "a@example.com"),
        ("string", {"string": {"prefix": "a"}}, "a"),
        ("string", {"string": {"max_bytes": 9}}, "a"),
        ("string", {"string": {"pattern": "^a"}}, "a"),
        ("string", {"string": {"pattern": "^a|b$"}}, "a"),
        ("string", {"string": {"pattern": r"^\w$"}}, "a"),
        ("string", {"string": {"pattern": "^.$"}}, "a"),
        ("string", {"string": {"pattern": "(?i)^A$"}}, "a"),
        ("string", {"string": {"pattern": "^(?:a)$"}}, "a"),
        ("string", {"string": {"pattern": "^[[:alpha:]]$"}}, "a"),
        ("string", {"string": {"pattern": "^a*?$"}}, "a"),
        ("string", {"string": {"pattern": "^(a*)*$"}}, "a"),
        ("string", {"ignore": "IGNORE_IF_ZERO_VALUE", "string": {"min_len": 1}}, "a"),
        ("string", {"cel": [{"id": "a", "expression": "this != ''"}]}, "a"),
        ("string", {"cel_expression": ["this != ''"]}, "a"),
        ("int64", {"int64": {"gt": 5, "lt": 1}}, 9),
        ("int64", {"int64": {"gte": 5, "lte": 1}}, 9),
        ("int64", {"int64": {"in": ["5"]}}, 5),
        ("int64", {"cel": [{"id": "a", "expression": "this % 2 == 1"}]}, 5),
        ("int64", {"cel": [{"id": "a", "expression": "this > 1 && this < 9"}]}, 5),
        ("inner", {"cel": [{"id": "a", "expression": "this.name != ''"}]}, {"name": "a"}),
        ("inners", {"repeated": {"items": {"required": True}}}, [{"name": "a"}]),
        ("time", {"timestamp": {"gte": "1970-01-01T00:00:05Z"}}, at(5)),
        ("time", {"timestamp": {"gte": "1970-01-01T00:00:05.5Z", "lt": "1970-01-01T00:00:09Z"}}, at(6)),
        ("time", {"timestamp": {"gte": "1970-01-01T00:00:09Z", "lt": "1970-01-01T00:00:05Z"}}, at(9)),
        ("circle", {}, {}),
        ("map", {"map": {"min_pairs": 1}}, {"a": "b"}),
        ("map", {}, {"a": "b"}),
        ("ruled", {}, "a"),
    ],
)  # fmt: skip
def test_of_a_message_with_an_unknown_rule_nothing_is_accepted(
    kind: str, rules: dict[str, Any], value: object
) -> None:
    message = message_type(kind, rules)(value=value)

    assert not protovalidate.collect_violations(message)
    assert not is_accepted(message)


@pytest.mark.parametrize(
    ("stake", "free_round", "is_right"), [(1, False, True), (0, True, True), (1, True, False)]
)
def test_a_free_round_is_known_to_be_right_without_a_stake(
    stake: int, *, free_round: bool, is_right: bool
) -> None:
    bet = RoundBet(
        bet_ref="b1", stake=Money(asset_code="EUR", minor_units=stake), free_round=free_round
    )

    assert agrees(bet)
    assert is_accepted(bet) == is_right
