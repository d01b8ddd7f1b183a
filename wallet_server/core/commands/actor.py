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

    def goes_by(self, name: str) -> bool:
        """Tells whether somebody of that name may be the same person.

        Capital letters make no other, and neither does it whether they prove themselves who they
        are, by a token or by a certificate, or who vouches for them.
        """
        return person_of(self.name) == person_of(name)

    def is_player(self, player_id: str) -> bool:
        """Tells whether this may be a player, by the name or by what credentials say."""
        return self.player_id == player_id or self.goes_by(player_id)


def person_of(name: str) -> str:
    """Returns the person whom a name stands for, as it can be compared: its last part.

    The parts before it say who vouches for the person; `CN=` that a certificate has the name.
    """
    parts = [part.removeprefix("cn=") for part in name.casefold().split("/")]
    return next(filter(None, reversed(parts)), name)


NOBODY = Actor()
"""Who asks where nobody said so."""
