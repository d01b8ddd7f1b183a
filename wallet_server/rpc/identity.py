"""Who asks, for commands and acts whose rules care: the caller itself, or whom it vouches for.

A back office has one credential and many clerks. If its credential says that it may vouch, it says
in the metadata of a call for whom it asks.
"""

import re
from collections.abc import Iterator

from wallet_server.core.access.principal import Principal
from wallet_server.core.commands import NOBODY, Actor
from wallet_server.core.commands.sender import Sender
from wallet_server.core.refusals import ActorNotAccepted
from wallet_server.execution.errors import RefusedError
from wallet_server.rpc.access.caller import caller
from wallet_server.rpc.context import Context, metadata_of
from wallet_server.rpc.validation import FieldViolation, InvalidRequestError

NAME, ROLES, PLAYER = "x-actor", "x-actor-roles", "x-actor-player"
HEADERS = (NAME, ROLES, PLAYER)

ROLES_MAX = 16
NAME_PATTERN = re.compile(r"[!-~]{1,64}")
ROLE_PATTERN = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")


class Identity:
    """Tells who asks."""

    def of(self, context: Context) -> Actor:
        """Returns who asks in a call; nobody where callers are not authenticated and say nothing.

        Raises:
            RefusedError: The call says so, and its caller may not.
            InvalidRequestError: What it says has no right form.
        """
        principal = caller()
        found = found_in(context)
        if not found:
            return NOBODY if principal.is_trusted else principal.as_actor()
        if principal.is_trusted:
            return actor_of(found)
        if not principal.may_vouch:
            raise RefusedError(ActorNotAccepted())
        return vouched_for(actor_of(found), principal)

    def sender(self, context: Context) -> Sender:
        """Returns who asks in a call, and from where.

        Raises:
            RefusedError: As for `of`; or InvalidRequestError.
        """
        return Sender(self.of(context), caller().credential_id, context.peer())

    def sender_or_error(self, context: Context) -> Sender | Exception:
        """Returns who asks in a call, and from where, or what `of` would raise."""
        try:
            return self.sender(context)
        except (RefusedError, InvalidRequestError) as error:
            return error

    def name_at_most(self, context: Context) -> Actor:
        """Returns who asks in a call; where that is not believed, who makes it."""
        try:
            return self.of(context)
        except (RefusedError, InvalidRequestError):
            return caller().as_actor()


def vouched_for(actor: Actor, principal: Principal) -> Actor:
    """Returns somebody whom a caller vouches for: under its name, with no roles that it has not.

    Whoever is bound to a player asks for that player's sake, whatever else it says.
    """
    roles = tuple(role for role in actor.roles if role in principal.roles)
    player_id = principal.player_id or actor.player_id
    return Actor(f"{principal.subject}/{actor.name}", roles, player_id)


def found_in(context: Context) -> dict[str, list[str]]:
    """Returns the headers about who asks that a call has, by name; those without text are none."""
    found: dict[str, list[str]] = {}
    for name, text in metadata_of(context):
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
