"""Stories of bets that were recorded."""

from collections.abc import Callable
from dataclasses import replace

from tests.core.audit.records import Recording, told
from tests.core.rounds.round_world import RoundWorld
from wallet_server.core.answer import Answer
from wallet_server.core.audit.bet_audit import BetAudit
from wallet_server.core.audit.difference import Check
from wallet_server.core.bets.bet import Bet
from wallet_server.core.ids import BetKey

KEY = BetKey("sports", "b1")
Told = list[tuple[Check, str, str]]


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


def follow(answers: list[Answer], stored: Bet | None, key: BetKey = KEY) -> Told:
    """Returns what is found in following a bet through these answers to what is stored."""
    audit = BetAudit(key, stored)
    found = [
        finding
        for each in answers
        for finding in audit.follow(
            [each] if each.bet is not None and each.bet.key == key else [],
            [e for e in each.entries if (e.provider_id, e.bet_ref) == key],
        )
    ]
    return told([*found, *audit.finish()])


def changed(answers: list[Answer], number: int, change: Callable[[Bet], Bet]) -> list[Answer]:
    """Returns the answers with another bet in one of them."""
    answer = answers[number]
    assert answer.bet is not None
    return [*answers[:number], replace(answer, bet=change(answer.bet)), *answers[number + 1 :]]
