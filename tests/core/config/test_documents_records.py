"""Records and values of documents by themselves: what they read, write and say."""

from enum import Enum

import pytest

from tests.core.config.topologies import found
from wallet_server.core.config.documents_records import OneOf, Record
from wallet_server.core.config.documents_rejected import Rejected
from wallet_server.core.config.documents_values import (
    Choice,
    Code,
    CodeOrEmpty,
    Flag,
    Form,
    Line,
    ListOf,
    Whole,
)
from wallet_server.core.value import value


class Colour(Enum):
    """Two of them."""

    RED = "RED"
    BLUE = "BLUE"


@value
class Round:
    """A shape."""

    radius: int


@value
class Square:
    """Another."""

    side: int = 1


@value
class Drawing:
    """A thing with a name and a shape."""

    name: str
    shape: Round | Square
    colour: Colour = Colour.RED


def drawing() -> Record[Drawing]:
    return Record(
        Drawing,
        name=Code("[a-z]+"),
        shape=OneOf(
            round=Record(Round, radius=Whole(1, 9)), square=Record(Square, side=Whole(1, 9))
        ),
        colour=Choice(Colour),
    )


def refused(form: Form | Record[Drawing], given: object) -> list[tuple[str, str, str]]:
    """Returns the places, reasons and messages of a refusal."""
    read = form.read(given, "at")
    assert isinstance(read, Rejected), read
    problems = list(read.problems)
    return [
        (path, reason, each.message)
        for (path, reason), each in zip(found(problems), problems, strict=True)
    ]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"name": "a", "round": {"radius": 3}}, Drawing("a", Round(3))),
        ({"name": "a", "square": {}, "colour": "BLUE"}, Drawing("a", Square(), Colour.BLUE)),
    ],
)
def test_a_record_is_read_and_written(given: dict[str, object], expected: Drawing) -> None:
    assert drawing().read(given, "") == expected
    assert drawing().write(expected) == given


def test_a_default_is_not_written() -> None:
    assert drawing().write(Drawing("a", Square(1), Colour.RED)) == {"name": "a", "square": {}}


def test_a_record_has_a_form_for_each_attribute_and_no_others() -> None:
    with pytest.raises(AssertionError):
        Record(Square)
    with pytest.raises(AssertionError):
        Record(Square, side=Whole(), other=Whole())


@pytest.mark.parametrize(
    ("given", "problems"),
    [
        (7, [("at", "WRONG_TYPE", "expected fields, found a whole number")]),
        (
            {"square": {}},
            [("at.name", "MISSING_FIELD", "is required")],
        ),
        (
            {"name": "a"},
            [("at", "MISSING_FIELD", "must have exactly one of round, square")],
        ),
        (
            {"name": "a", "round": {"radius": 1}, "square": {}},
            [("at", "MORE_THAN_ONE", "must have exactly one of round, square")],
        ),
        (
            {"name": "a", "round": {"radius": 0}},
            [("at.round.radius", "OUT_OF_RANGE", "must be from 1 to 9")],
        ),
        (
            {"name": "a", "square": {}, "size": 1},
            [("at.size", "UNKNOWN_FIELD", "is not one of colour, name, round, square")],
        ),
        (
            {"name": "A", "square": {}, "colour": "GREEN"},
            [
                ("at.name", "BAD_CODE", "'A' is not of the pattern [a-z]+"),
                ("at.colour", "UNKNOWN_VALUE", "'GREEN' is not one of RED, BLUE"),
            ],
        ),
    ],
)
def test_what_is_said_of_a_record(given: object, problems: list[tuple[str, str, str]]) -> None:
    assert refused(drawing(), given) == problems


def test_the_path_of_the_outermost_record_is_empty() -> None:
    read = drawing().read({"square": {}}, "")

    assert isinstance(read, Rejected)
    assert found(list(read.problems)) == [("name", "MISSING_FIELD")]


@pytest.mark.parametrize(
    ("form", "given", "path", "message"),
    [
        (Flag(), 1, "at", "expected true or false, found a whole number"),
        (Whole(), True, "at", "expected a whole number, found a boolean"),
        (Whole(), "1", "at", "expected a whole number, found text"),
        (Code("x"), 1, "at", "expected text, found a whole number; put it in quotes"),
        (CodeOrEmpty(Code("x")), "y", "at", "'y' is not of the pattern x"),
        (Line(3), None, "at", "expected text, found nothing"),
        (Line(3), "abcd", "at", "must have at most 3 characters"),
        (Line(3), "a\nb", "at", "must be one line of printable characters"),
        (Choice(Colour), [], "at", "expected text, found a list"),
        (ListOf(Flag(), 2), {}, "at", "expected a list, found fields"),
        (ListOf(Flag(), 2), [True] * 3, "at", "must have at most 2 items"),
        (ListOf(Flag(), 2), [True, 0], "at[1]", "expected true or false, found a whole number"),
    ],
)
def test_what_is_said_of_a_value(form: Form, given: object, path: str, message: str) -> None:
    assert [(at, said) for at, _, said in refused(form, given)] == [(path, message)]


@pytest.mark.parametrize(
    ("form", "given", "expected"),
    [
        (Flag(), False, False),
        (Whole(1, 2), 2, 2),
        (CodeOrEmpty(Code("x")), "", None),
        (CodeOrEmpty(Code("x")), "x", "x"),
        (Line(3), "abc", "abc"),
        (Choice(Colour), "BLUE", Colour.BLUE),
        (ListOf(Whole(), 2), [1, 2], (1, 2)),
    ],
)
def test_a_value_is_read_and_written(form: Form, given: object, expected: object) -> None:
    assert form.read(given, "at") == expected
    assert form.write(expected) == given
