"""Who asks for a command, where the rules care."""

from wallet_server.core.value import value


@value
class Actor:
    """A person or a service, by its name, with the roles that it acts in.

    `player_id` is the player who a member of staff is too, if any.
    """

    name: str = ""
    roles: tuple[str, ...] = ()
    player_id: str = ""


NOBODY = Actor()
"""Who asks where nobody said so."""
