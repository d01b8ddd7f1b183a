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
        """Tells whether somebody of that name is the same person: capital letters make no other."""
        return self.name.casefold() == name.casefold()

    def is_player(self, player_id: str) -> bool:
        """Tells whether this is a player, whoever vouches for the name."""
        return player_id in {self.name, self.player_id} or self.name.endswith(f"/{player_id}")


NOBODY = Actor()
"""Who asks where nobody said so."""
