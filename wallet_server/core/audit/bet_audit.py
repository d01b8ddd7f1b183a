"""Follows one bet through the answers that tell of it and the entries it made."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields

from wallet_server.core.accounts import PROMO, Account, is_house
from wallet_server.core.answer import Answer, PostedEntry
from wallet_server.core.audit.bet_document_audit import find_document_problems, is_whole
from wallet_server.core.audit.bet_history_audit import (
    find_fixed_changes,
    find_history_problems,
    is_placed,
)
from wallet_server.core.audit.command_audit import MANY_BETS
from wallet_server.core.audit.difference import Check, Finding
from wallet_server.core.bets.bet import Bet, BetState
from wallet_server.core.bets.settlement import WITHOUT_EFFECT, posted
from wallet_server.core.decision import Outcome
from wallet_server.core.entry import Vector, minus, net, plus
from wallet_server.core.ids import BetKey

UNCHANGED = frozenset(
    {
        Outcome.ALREADY_APPLIED,
        Outcome.STALE_VERSION,
        Outcome.ALREADY_ROLLED_BACK,
        Outcome.PARENT_DECLINED,
    }
)

WITHOUT_STAKE = frozenset({BetState.DECLINED, BetState.TOMBSTONED})
"""The states of bets that no answer need tell of: they never were placed."""


@dataclass(slots=True)
class BetAudit:
    """Adds up what one bet has posted, and compares it with what the bet says.

    `stored` is the bet as it is on record; nothing if it is not. Commands that touch
    several bets at once, such as the close of a round, tell of none: after one of them a
    bet is `untold`, and what it was before the next that tells of it is not known. Then the
    sum of all its entries is compared, and what never may change.
    """

    key: BetKey
    stored: Bet | None
    last: Bet | None = None
    untold: bool = False
    postings: Vector = field(default_factory=dict[Account, int])

    @property
    def subject(self) -> str:
        """Returns what the bet is called in findings."""
        return f"{self.key.provider_id}/{self.key.bet_ref}"

    def follow(
        self, answers: Sequence[Answer], entries: Sequence[PostedEntry]
    ) -> Iterator[Finding]:
        """Takes in what one command has done to the bet."""
        changes = add_up(entries)
        self.postings = plus(self.postings, changes)
        told = [answer for answer in answers if answer.bet is not None]
        self.untold |= not told and any(entry.command in MANY_BETS for entry in entries)
        for answer in told:
            assert answer.bet is not None
            if self.untold or self._has_missed(answer, answer.bet):
                yield from self._follow_after_untold(answer, answer.bet)
            else:
                yield from self._follow_answer(answer, answer.bet, changes)
            self.last, self.untold = answer.bet, False

    def _has_missed(self, answer: Answer, bet: Bet) -> bool:
        """Tells whether a command on its round has changed the bet, and had no entry of it.

        Every change counts up its revision. `PlayRound` tells of a bet once it has done more
        with it than one thing.
        """
        if not bet.round_ref:
            return False
        known = 0 if self.last is None else self.last.revision
        return bet.revision > known + 1 or answer.command == "PlayRound"

    def _follow_after_untold(self, answer: Answer, bet: Bet) -> Iterator[Finding]:
        """Checks what can be checked of a bet that was changed since it was last told of."""
        subject = f"{self.subject} #{answer.sequence}"
        if self.last is not None and is_placed(self.last):
            for message in find_fixed_changes(self.last, bet):
                yield Finding(Check.BET_HISTORY, subject, message)
        if not is_whole(bet):
            return  # Found as such.
        if self.postings != posted(bet):
            message = f"it came to {show(posted(bet))}, its entries to {show(self.postings)}"
            yield Finding(Check.BET_POSTINGS, subject, message)

    def _follow_answer(self, answer: Answer, bet: Bet, changes: Vector) -> Iterator[Finding]:
        """Checks what a command has made of the bet, and that it posted just that."""
        subject = f"{self.subject} #{answer.sequence}"
        if answer.outcome in UNCHANGED:
            if bet != self.last and not self._was_untold(answer, bet):
                said = answer.outcome.value if answer.outcome else ""
                message = f"answered {said}, yet it changed {differing(self.last, bet)}"
                yield Finding(Check.BET_HISTORY, subject, message)
        else:
            for message in find_history_problems(self.last, bet, answer):
                yield Finding(Check.BET_HISTORY, subject, message)
        if not is_whole(bet) or not (self.last is None or is_whole(self.last)):
            return  # Found as such; what it would have posted cannot be said.
        before: Vector = {} if self.last is None else posted(self.last)
        expected = minus(posted(bet), before)
        if expected != changes:
            message = f"it came to {show(expected)} and {show(changes)} was posted"
            yield Finding(Check.BET_POSTINGS, subject, message)

    def _was_untold(self, answer: Answer, bet: Bet) -> bool:
        """Tells whether the bet may be as something left it that no answer holds.

        That is a decline, or a tombstone that the rollback of a round has put up.
        """
        if bet.state is BetState.TOMBSTONED:
            return self.last is None and answer.outcome is Outcome.ALREADY_ROLLED_BACK
        before = self.last is None or self.last.state is BetState.DECLINED
        return before and bet.state is BetState.DECLINED

    def finish(self) -> Iterator[Finding]:
        """Compares what came of the bet with what is on record."""
        if self.stored is None:
            yield Finding(Check.BET_MISSING, self.subject, "it is named, and not on record")
            return
        yield from self._find_untrue_ending(self.stored)
        for problem in find_document_problems(self.stored):
            yield Finding(problem.check, self.subject, problem.message)
        if is_whole(self.stored):
            yield from self._find_posting_problems(self.stored)

    def _find_untrue_ending(self, stored: Bet) -> Iterator[Finding]:
        """What is on record is what the last answer told, but for what no answer tells."""
        if stored == self.last:
            return
        if self.last is None:
            if not (stored.round_ref or stored.state in WITHOUT_STAKE):
                yield Finding(Check.BET_NOT_OF_ANSWER, self.subject, "no answer tells of it")
            return
        may_be_untold = self.untold or bool(stored.round_ref)
        if not (may_be_untold and stored.revision > self.last.revision):
            message = f"the last answer has another {differing(self.last, stored)}"
            yield Finding(Check.BET_NOT_OF_ANSWER, self.subject, message)
        elif is_placed(self.last):
            for message in find_fixed_changes(self.last, stored):
                yield Finding(Check.BET_NOT_OF_ANSWER, self.subject, message)

    def _find_posting_problems(self, bet: Bet) -> Iterator[Finding]:
        """The entries of the bet add up to its position and its substitutions."""
        expected = posted(bet)
        if self.postings != expected:
            message = f"it stands at {show(expected)}, its entries at {show(self.postings)}"
            yield Finding(Check.BET_POSTINGS, self.subject, message)
        if bet.state in WITHOUT_EFFECT - {BetState.ROLLED_BACK} and self.postings:
            message = f"{bet.state.value}, and yet its entries come to {show(self.postings)}"
            yield Finding(Check.BET_POSTINGS, self.subject, message)
        house = sum(c for a, c in self.postings.items() if is_house(a))
        if bet.state is BetState.ROLLED_BACK and house:
            message = f"rolled back, and yet the house is left with {house:+}"
            yield Finding(Check.BET_POSTINGS, self.subject, message)
        consumed = sum(portion.stake - portion.refund for portion in bet.portions)
        payouts = sum(portion.payout for portion in bet.portions)
        paid = consumed - house + net(bet.substitutions).get(PROMO, 0)
        if bet.state not in WITHOUT_EFFECT and paid > payouts:
            message = f"the house paid {paid} for payouts of {payouts}"
            yield Finding(Check.BET_OVERPAID, self.subject, message)


def add_up(entries: Sequence[PostedEntry]) -> Vector:
    """Returns the changes of entries together, whether they balance or not."""
    changes: dict[Account, int] = {}
    for entry in entries:
        for change in entry.changes:
            changes[change.account] = changes.get(change.account, 0) + change.change
    return {account: change for account, change in changes.items() if change}


def differing(left: Bet | None, right: Bet) -> str:
    """Names the fields in which two bets differ."""
    if left is None:
        return "everything"
    names = (f.name for f in fields(Bet) if getattr(left, f.name) != getattr(right, f.name))
    return ", ".join(names)


def show(changes: Vector) -> str:
    """Returns changes on one line, in the order of their accounts."""
    return ", ".join(f"{a} {c:+}" for a, c in sorted(changes.items())) or "nothing"
