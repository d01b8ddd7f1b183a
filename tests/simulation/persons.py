"""Who asks for commands: a few persons, some of them in roles, some of them players too."""

from random import Random

from tests.simulation.drawn_cashier_rules import MANAGER, OWNER
from wallet_server.core.commands.actor import NOBODY, Actor

MIA = Actor("mia", (MANAGER,))
OLGA = Actor("olga", (OWNER,))
NED = Actor("ned", (MANAGER, OWNER))
TOM = Actor("tom")
ANN = Actor("ann")
"""The player herself."""

ANN_AT_WORK = Actor("a.smith", (MANAGER, OWNER), "ann")
"""She is a member of staff too."""

STAFF = (MIA, OLGA, NED, TOM)
EVERYBODY = (*STAFF, ANN, ANN_AT_WORK, NOBODY)


def draw_person(random: Random) -> Actor:
    """Draws somebody: of the staff, more likely than not."""
    return random.choice(STAFF if random.random() < 0.8 else EVERYBODY)


def draw_requester(random: Random, player_id: str) -> Actor:
    """Draws who asks for a player's withdrawal: the player, or somebody at a counter."""
    return random.choice([Actor(player_id), Actor(player_id), NOBODY, draw_person(random)])
