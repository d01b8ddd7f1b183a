"""The life of a bet as its answers tell it."""

from dataclasses import replace
from datetime import UTC, datetime

from wallet_server.core.answer import Answer
from wallet_server.core.audit.bet_audit import BetAudit
from wallet_server.core.audit.difference import Check, Finding
from wallet_server.core.bets.bet import Bet, BetState
from wallet_server.core.decision import Outcome
from wallet_server.core.ids import BetKey
from wallet_server.core.refusals import InsufficientFunds

KEY = BetKey("acme-sports", "bet")
NOW = datetime(2026, 1, 1, tzinfo=UTC)
DECLINED = Bet(KEY, BetState.DECLINED, 2, NOW, stake=5, refusal=InsufficientFunds(5, 0))


def roll_back(sequence: int, bet: Bet) -> Answer:
    outcome = Outcome.PARENT_DECLINED
    return Answer(f"r{sequence}", sequence, "RollbackTransaction", b"", NOW, outcome, bet=bet)


def audit(stored: Bet, *answers: Answer) -> list[Finding]:
    found = BetAudit(KEY, stored)
    problems = [finding for answer in answers for finding in found.follow([answer], [])]
    return [*problems, *found.finish()]


def test_a_declined_bet_that_was_rolled_back_may_be_declined_again() -> None:
    again = replace(DECLINED, sequence=4)

    assert audit(again, roll_back(3, DECLINED), roll_back(5, again)) == []


def test_a_rollback_may_not_change_a_declined_bet_into_another() -> None:
    placed = replace(DECLINED, state=BetState.TOMBSTONED, refusal=None)

    checks = {finding.check for finding in audit(placed, roll_back(3, placed))}

    assert checks == {Check.BET_HISTORY}
