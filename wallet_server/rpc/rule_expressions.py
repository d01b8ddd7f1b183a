"""Patterns and comparisons as protos write them, where Python has the same meaning for them."""

import operator
import re
from collections.abc import Callable
from functools import partial
from typing import Any, TypeAlias

Check: TypeAlias = Callable[[Any], object]
"""Tells whether a value is right, by what is true or false of what it returns."""

RELATIONS = {
    ">": operator.lt,
    ">=": operator.le,
    "<": operator.gt,
    "<=": operator.ge,
    "!=": operator.ne,
    "==": operator.eq,
}
"""What holds between the number in a comparison and the value that stands before it."""

COMPARISON = re.compile(r"this(?:\.([a-z_]+))? (>|>=|<|<=|!=) (-?[0-9]{1,19})")
CONDITION = re.compile(
    r"!this\.([a-z_]+) \|\| this\.([a-z_]+)\.([a-z_]+) (>|>=|<|<=|!=|==) (-?[0-9]{1,19})"
)

LETTER = r"(?:[A-Za-z0-9_.!~]|\\x[0-7][0-9A-Fa-f])"
ATOM = rf"(?:[A-Za-z0-9_]|\[\^?(?:{LETTER}(?:-{LETTER})?)+-?\])(?:[?*+]|\{{[0-9]+(?:,[0-9]*)?\}})?"
PORTABLE_PATTERN = re.compile(rf"\^((?:{ATOM}|\((?:{ATOM})+\)\??)*)\$")
"""What RE2 and Python read alike: letters and sets of letters, each repeated at most once,
and groups that may be left out; the whole of it anchored."""


class UnknownRuleError(Exception):
    """A rule may mean more than is known here."""


def pattern_check(pattern: str) -> Check:
    """Returns what accepts a text that has a pattern from end to end."""
    portable = PORTABLE_PATTERN.fullmatch(pattern)
    if portable is None:
        raise UnknownRuleError
    return re.compile(portable[1]).fullmatch


def comparison_check(expression: str) -> tuple[str, Check]:
    """Returns what a comparison with a number compares, and what accepts that.

    It is a field of the value that the rule is on, or with an empty name the value.
    """
    comparison = COMPARISON.fullmatch(expression)
    if comparison is None:
        raise UnknownRuleError
    name, relation, number = comparison.groups()
    return name or "", partial(RELATIONS[relation], int(number))


def condition_check(expression: str) -> tuple[str, str, str, Check]:
    """Returns what holds of a message where a field of it is true.

    It is the name of that field, then those of a field and of the number in its message, and
    what accepts a message.
    """
    condition = CONDITION.fullmatch(expression)
    if condition is None:
        raise UnknownRuleError
    flag, outer, inner, relation, number = condition.groups()
    compare = partial(RELATIONS[relation], int(number))
    return (
        flag,
        outer,
        inner,
        lambda message: (
            not getattr(message, flag) or compare(getattr(getattr(message, outer), inner))
        ),
    )
