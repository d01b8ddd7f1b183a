"""Reads and writes the single values of a document: codes, texts, numbers, lists.

A form says what a value in a document may look like, and what it is in the core.
Reading refuses with everything that is wrong; writing cannot fail.
"""

import re
from enum import Enum
from typing import Protocol, cast

from wallet_server.core.config.documents_rejected import Rejected, reject, reject_type, show
from wallet_server.core.config.reasons import BAD_CODE, BAD_TEXT, OUT_OF_RANGE, UNKNOWN_VALUE
from wallet_server.core.value import value

INT64_MIN = -(2**63)
INT64_MAX = 2**63 - 1


class Form(Protocol):
    """What a value may look like."""

    def read(self, value: object, path: str) -> object:
        """Returns the core's value, or `Rejected`."""
        ...

    def write(self, value: object) -> object:
        """Returns what `read` makes the same value of."""
        ...


@value
class Flag:
    """True or false."""

    def read(self, value: object, path: str) -> object:
        """Returns the boolean."""
        return value if isinstance(value, bool) else reject_type(path, "true or false", value)

    def write(self, value: object) -> object:
        """Returns the boolean."""
        return value


@value
class Whole:
    """A whole number, both ends included. A boolean is not one, nor is 1.0."""

    least: int = INT64_MIN
    most: int = INT64_MAX

    def read(self, value: object, path: str) -> object:
        """Returns the number."""
        if isinstance(value, bool) or not isinstance(value, int):
            return reject_type(path, "a whole number", value)
        if not self.least <= value <= self.most:
            return reject(path, OUT_OF_RANGE, f"must be from {self.least} to {self.most}")
        return value

    def write(self, value: object) -> object:
        """Returns the number."""
        return value


@value
class Code:
    """A name for programs: text of a pattern."""

    pattern: str

    def read(self, value: object, path: str) -> object:
        """Returns the code."""
        if not isinstance(value, str):
            return reject_type(path, "text", value)
        if not re.fullmatch(self.pattern, value):
            return reject(path, BAD_CODE, f"{show(value)!r} is not of the pattern {self.pattern}")
        return value

    def write(self, value: object) -> object:
        """Returns the code."""
        return value


@value
class CodeOrEmpty:
    """A code, or the empty text where the core has `None`."""

    code: Code

    def read(self, value: object, path: str) -> object:
        """Returns the code, or `None` for the empty text."""
        return None if value == "" else self.code.read(value, path)

    def write(self, value: object) -> object:
        """Returns the code, or the empty text for `None`."""
        return "" if value is None else value


@value
class CodeOrNothing:
    """A code, or the empty text, which the core has too."""

    code: Code

    def read(self, value: object, path: str) -> object:
        """Returns the code, or the empty text."""
        return "" if value == "" else self.code.read(value, path)

    def write(self, value: object) -> object:
        """Returns the code, or the empty text."""
        return value


@value
class Line:
    """A name for people: one line of printable characters."""

    length_max: int

    def read(self, value: object, path: str) -> object:
        """Returns the text."""
        if not isinstance(value, str):
            return reject_type(path, "text", value)
        if len(value) > self.length_max:
            return reject(path, OUT_OF_RANGE, f"must have at most {self.length_max} characters")
        if not value.isprintable():
            return reject(path, BAD_TEXT, "must be one line of printable characters")
        return value

    def write(self, value: object) -> object:
        """Returns the text."""
        return value


@value
class Choice:
    """One of the values of an enumeration, by its name on the wire."""

    values: type[Enum]

    def read(self, value: object, path: str) -> object:
        """Returns the enumeration's value."""
        if not isinstance(value, str):
            return reject_type(path, "text", value)
        known = {each.value: each for each in self.values}
        if value not in known:
            allowed = ", ".join(known)
            return reject(path, UNKNOWN_VALUE, f"{show(value)!r} is not one of {allowed}")
        return known[value]

    def write(self, value: object) -> object:
        """Returns the name on the wire."""
        assert isinstance(value, self.values)
        return value.value


@value
class ListOf:
    """A list of values of one form. A list that is too long is not looked into."""

    form: Form
    count_max: int

    def read(self, value: object, path: str) -> object:
        """Returns a tuple."""
        if not isinstance(value, list):
            return reject_type(path, "a list", value)
        items = cast("list[object]", value)
        if len(items) > self.count_max:
            return reject(path, OUT_OF_RANGE, f"must have at most {self.count_max} items")
        read = [self.form.read(item, f"{path}[{i}]") for i, item in enumerate(items)]
        problems = [p for each in read if isinstance(each, Rejected) for p in each.problems]
        return Rejected(tuple(problems)) if problems else tuple(read)

    def write(self, value: object) -> object:
        """Returns a list."""
        return [self.form.write(item) for item in cast("tuple[object, ...]", value)]
