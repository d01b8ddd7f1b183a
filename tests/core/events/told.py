"""What a command has told, as stories say it."""

from tests.core.world import World
from wallet_server.core.batch import Recorded
from wallet_server.core.events.event import Event


def events(world: World) -> tuple[Event, ...]:
    """Returns the events of the last command, which must have been recorded."""
    assert isinstance(world.last, Recorded)
    return world.last.events


def types(world: World) -> list[str]:
    """Returns the types of the events of the last command, in their order."""
    return [each.type.value for each in events(world)]
