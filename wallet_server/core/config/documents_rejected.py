"""Why a value of a document could not be read, in words."""

from collections.abc import Mapping

from wallet_server.core.config.problem import Problem
from wallet_server.core.config.reasons import WRONG_TYPE
from wallet_server.core.value import value

SHOWN_CHARACTERS_MAX = 64

TYPE_NAMES: Mapping[type, str] = {
    bool: "a boolean",
    int: "a whole number",
    float: "a number",
    str: "text",
}


@value
class Rejected:
    """A value that could not be read."""

    problems: tuple[Problem, ...]


def reject(path: str, reason: str, message: str) -> Rejected:
    """Returns a refusal with one problem."""
    return Rejected((Problem(path, reason, message),))


def reject_type(path: str, expected: str, value: object) -> Rejected:
    """Returns the refusal of a value of the wrong type."""
    hint = "; put it in quotes" if expected == "text" and isinstance(value, bool | int) else ""
    return reject(path, WRONG_TYPE, f"expected {expected}, found {type_name(value)}{hint}")


def type_name(value: object) -> str:
    """Returns what people call the type of a value in a document."""
    if value is None:
        return "nothing"
    if isinstance(value, Mapping):
        return "fields"
    if isinstance(value, list):
        return "a list"
    return TYPE_NAMES.get(type(value), f"a {type(value).__name__}")


def show(value: object) -> str:
    """Returns a text as a message quotes it: never long, and on one line."""
    if not isinstance(value, str):
        return f"({type_name(value)})"
    if len(value) > SHOWN_CHARACTERS_MAX:
        return show(value[: SHOWN_CHARACTERS_MAX - 1] + "…")
    return value if value.isprintable() else ascii(value)
