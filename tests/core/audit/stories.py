"""Stories of bets that were recorded."""

from tests.core.audit.records import Recording
from tests.core.rounds.round_world import RoundWorld
from wallet_server.core.bets.bet import Bet


class RecordedRounds(Recording, RoundWorld):
    """A world of bets and rounds that keeps what was recorded."""


def settled() -> RecordedRounds:
    """Returns a world in which a bet of 60 was placed, lost, and then won 90 after all."""
    world = RecordedRounds("SN 100")
    for said in (world.authorize(60), world.settle(0), world.settle(90, version=2)):
        assert said == "APPLIED"
    return world


def placed() -> Bet:
    """Returns its bet as it was placed."""
    return settled().bet().as_authorized()
