"""Who asks, as the metadata of a call says it: until callers are authenticated.

Anybody may write anything there, so only a server for trying things out believes it. It is
looked at only for commands whose rules care who asks.
"""

import re
from collections.abc import Iterator

from wallet_server.core.commands import NOBODY, Actor
from wallet_server.core.refusals import ActorNotAccepted
from wallet_server.execution.errors import RefusedError
from wallet_server.rpc.context import Context
from wallet_server.rpc.validation import FieldViolation, InvalidRequestError

NAME, ROLES, PLAYER = "x-actor", "x-actor-roles", "x-actor-player"
HEADERS = (NAME, ROLES, PLAYER)

ROLES_MAX = 16
NAME_PATTERN = re.compile(r"[!-~]{1,64}")
ROLE_PATTERN = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")


class Identity:
    """Tells who asks."""

    def __init__(self, *, believes_metadata: bool) -> None:
        """Believes what calls say of themselves, or has nobody say it."""
        self._believes_metadata = believes_metadata

    def of(self, context: Context) -> Actor:
        """Returns who makes a call; nobody where its metadata does not say.

        Raises:
            RefusedError: It says so, and is not believed.
            InvalidRequestError: What it says has no right form.
        """
        found = found_in(context)
        if not found:
            return NOBODY
        if not self._believes_metadata:
            raise RefusedError(ActorNotAccepted())
        return actor_of(found)

    def or_error(self, context: Context) -> Actor | Exception:
        """Returns who makes a call, or what `of` would raise."""
        try:
            return self.of(context)
        except (RefusedError, InvalidRequestError) as error:
            return error


def found_in(context: Context) -> dict[str, list[str]]:
    """Returns the headers about who asks that a call has, by name; those without text are none."""
    found: dict[str, list[str]] = {}
    for name, text in context.invocation_metadata() or ():
        if name in HEADERS and text and isinstance(text, str):
            found.setdefault(name, []).append(text)
    return found


def actor_of(found: dict[str, list[str]]) -> Actor:
    """Returns who asks by the headers about it.

    Raises:
        InvalidRequestError: They have no right form.
    """
    violations = [*repeated_in(found)]
    if not violations:
        name, roles, player = (found.get(header, [""])[0] for header in HEADERS)
        named = sorted({role.strip(" ") for role in roles.split(",")}) if roles else []
        violations = [*wrong_in(name, named, player)]
        if not violations:
            return Actor(name, tuple(named), player)
    raise InvalidRequestError(violations)


def repeated_in(found: dict[str, list[str]]) -> Iterator[FieldViolation]:
    """Yields the headers that are there more than once."""
    for header, texts in found.items():
        if len(texts) > 1:
            yield FieldViolation(header, "must be there at most once", "REPEATED_MAX_ITEMS")


def wrong_in(name: str, roles: list[str], player: str) -> Iterator[FieldViolation]:
    """Yields what has no right form."""
    if not name:
        yield FieldViolation(NAME, "must be there where roles or a player are", "REQUIRED")
    elif not NAME_PATTERN.fullmatch(name):
        yield FieldViolation(NAME, describe(NAME_PATTERN), "STRING_PATTERN")
    if len(roles) > ROLES_MAX:
        yield FieldViolation(ROLES, f"must be {ROLES_MAX} at most", "REPEATED_MAX_ITEMS")
    elif not all(map(ROLE_PATTERN.fullmatch, roles)):
        yield FieldViolation(ROLES, f"each {describe(ROLE_PATTERN)}", "STRING_PATTERN")
    if player and not NAME_PATTERN.fullmatch(player):
        yield FieldViolation(PLAYER, describe(NAME_PATTERN), "STRING_PATTERN")


def describe(pattern: re.Pattern[str]) -> str:
    """Returns what is wrong with a text that does not have a pattern."""
    return f"must match `^{pattern.pattern}$`"
