"""Text that no spreadsheet takes for a formula, however it reads the file.

Programs that open CSV files run what begins with `=`, `+`, `-` or `@`; and which character
parts cells is theirs to guess. So wherever a cell could begin, an apostrophe stands before
these four. It is a rule that can be undone: text that has an apostrophe there gets another.
"""

import re

CELL_COULD_BEGIN = r"(?:^|(?<=[\s,;|\"]))"
"""At the beginning, and behind all that may part or quote cells."""

FORMULA = re.compile(CELL_COULD_BEGIN + r"(?='*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])")
"""Before what begins a formula, or looks like one in full width."""

DEFUSED = re.compile(CELL_COULD_BEGIN + r"'(?='*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])")


def defuse(text: str) -> str:
    """Returns text in which nothing begins a formula."""
    return FORMULA.sub("'", text)


def restore(text: str) -> str:
    """Returns the text that was defused."""
    return DEFUSED.sub("", text)


def begins_a_formula(text: str) -> bool:
    """Tells whether text would be a formula if somebody entered it."""
    return FORMULA.match(text) is not None
