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
        are, by a token or by a certificate, or somebody vouches for them.
        """
        one, other = person_of(self.name), person_of(name)
        if not one or not other:
            return one == other
        return one == other or one.endswith(f"/{other}") or other.endswith(f"/{one}")

    def is_player(self, player_id: str) -> bool:
        """Tells whether this is a player, whoever vouches for the name."""
        return player_id in {self.name, self.player_id} or self.name.endswith(f"/{player_id}")


def person_of(name: str) -> str:
    """Returns a name as it can be compared; that of a certificate without what says so."""
    return name.casefold().removeprefix("cn=")


NOBODY = Actor()
"""Who asks where nobody said so."""
