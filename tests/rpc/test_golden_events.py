"""Events that were stored long ago are read, and told, as they were."""

import json
from typing import Any

import pytest

from tests.rpc.golden_events import FILE, GoldenEvent, find_lost, read_golden_events, tell
from tests.rpc.record_golden_events import traits, what_is_new
from tests.rpc.test_encode_events import documents
from wallet_server.core.events.event import PAYLOAD_TYPES, EventType, Payload
from wallet_server.storage.event_documents import read_payload
from wallet_server.storage.json_text import to_json

GOLDEN = read_golden_events()
PAIRS = [
    pytest.param(each, id=f"{number}-{each.type}") for number, each in enumerate(GOLDEN, start=1)
]
KEYS = {"replanned.key"}
"""Keys of mappings, which are no fields."""

BET = GoldenEvent(EventType.BET_TOMBSTONED, "EUR", {"a": [{"b": 1}], "state": "LOST"}, {})


def test_every_type_has_golden_events() -> None:
    missing = set(EventType) - {each.type for each in GOLDEN}

    assert missing == set(), "run `python -m tests.rpc.record_golden_events`, see what it says"


@pytest.mark.parametrize("kind", dict.fromkeys(PAYLOAD_TYPES.values()))
def test_every_field_that_is_stored_today_is_in_a_golden_event(kind: type[Payload]) -> None:
    """A field that is new needs an event that has it: record one, with a scenario if need be."""
    types = [event_type for event_type in EventType if PAYLOAD_TYPES[event_type] is kind]
    found = {name for each in GOLDEN if each.type in types for name in names_in(each.document)}

    assert names_in(documents(types[0])[0]) - found <= KEYS


def names_in(document: Any) -> set[str]:
    """Returns the paths of all fields of a document, without places in lists."""
    if isinstance(document, list):
        items: list[Any] = document
        return {name for each in items for name in names_in(each)}
    if not isinstance(document, dict):
        return set()
    fields: dict[str, Any] = document
    return {
        path
        for name, each in fields.items()
        for path in (name, *(f"{name}.{below}" for below in names_in(each)))
    }


def test_no_golden_event_is_there_twice() -> None:
    lines = FILE.read_text(encoding="utf-8").splitlines()

    assert len(set(lines)) == len(lines)


@pytest.mark.parametrize("golden", PAIRS)
def test_what_was_told_still_is(golden: GoldenEvent) -> None:
    told = tell(golden.type, golden.currency_code, golden.document)

    assert list(find_lost(golden.told, told)) == []


@pytest.mark.parametrize("golden", PAIRS)
def test_nothing_that_was_stored_is_passed_over(golden: GoldenEvent) -> None:
    """A field that is called otherwise by now would be read as if it had never been stored."""
    payload = read_payload(golden.type, json.dumps(golden.document))

    assert list(find_lost(golden.document, json.loads(to_json(payload)))) == []


def test_what_is_gone_or_something_else_is_found_and_what_is_more_is_not() -> None:
    before = {"a": 1, "b": [{"c": "x"}], "d": None}

    assert list(find_lost(before, {**before, "e": 2})) == []
    assert list(find_lost(before, {"a": 2, "b": [{}]})) == [
        ".a was 1, and is 2",
        ".b[0].c is gone",
        ".d is gone",
    ]
    assert list(find_lost(before, {**before, "b": []})) == [".b was [{'c': 'x'}], and is []"]


def test_only_what_has_something_new_is_recorded() -> None:
    same = GoldenEvent(BET.type, "EUR", {"a": [{"b": 2}, {"b": 3}], "state": "LOST"}, {})
    named = GoldenEvent(BET.type, "EUR", {"a": [], "state": "WON"}, {})
    other_type = GoldenEvent(EventType.WALLET_OPENED, "EUR", {}, {})

    assert what_is_new([BET], [same, named, other_type, other_type]) == [named, other_type]
    assert set(traits(BET.document)) == {".a[].b", ".state", ".state LOST"}
