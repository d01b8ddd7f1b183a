"""Who sends a step's calls: as a scenario says it, and as a server hears it."""

from collections.abc import Mapping
from typing import TypeAlias

from wallet_server.conformance.node import Node
from wallet_server.conformance.scenario import Actor
from wallet_server.conformance.shorthand import Cast

Metadata: TypeAlias = tuple[tuple[str, str], ...]
"""What goes with a call beside its request."""

FIELD = "actor"
FIELDS = ("name", "roles", "player")

NAME_KEY = "x-actor"
ROLES_KEY = "x-actor-roles"
PLAYER_KEY = "x-actor-player"


def read_actor(fields: Mapping[str, Node], cast_: Cast) -> Actor | None:
    """Reads who sends a step's call, if the step says so."""
    if FIELD not in fields:
        return None
    parts = fields[FIELD].fields(FIELDS, ["name"])
    actor = Actor(
        name=parts["name"].text() if "name" in parts else "",
        roles=[each.text() for each in parts["roles"].items()] if "roles" in parts else (),
        player=parts["player"].text() if "player" in parts else "",
    )
    try:
        metadata_of(actor, cast_)
    except KeyError as error:
        fields[FIELD].note("WRONG_ACTOR", f"{error.args[0]} stands for nothing")
    return actor


def metadata_of(actor: Actor | None, cast_: Cast) -> Metadata:
    """Returns how a call says who sends it. Names may be those of players: `$player:NAME`.

    Raises:
        KeyError: A name stands for nothing.

    """
    if actor is None:
        return ()
    values = (
        (NAME_KEY, cast_.resolve(actor.name)),
        (ROLES_KEY, ",".join(actor.roles)),
        (PLAYER_KEY, cast_.resolve(actor.player)),
    )
    return tuple((key, value) for key, value in values if value)
