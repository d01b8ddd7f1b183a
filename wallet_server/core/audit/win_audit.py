"""Follows one win, or the reference of a cash-out, through the entries that name it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from wallet_server.core.accounts import Account
from wallet_server.core.answer import PostedEntry
from wallet_server.core.audit.bet_audit import add_up, show
from wallet_server.core.audit.difference import Check, Finding
from wallet_server.core.bets.bet import Bet
from wallet_server.core.entry import Vector, plus
from wallet_server.core.ids import BetKey
from wallet_server.core.rounds.win import CashOutRef, Win


@dataclass(slots=True)
class WinAudit:
    """Adds up what one win has posted, and compares it with what the win says."""

    key: BetKey
    stored: Win | CashOutRef
    postings: Vector = field(default_factory=dict[Account, int])

    @property
    def subject(self) -> str:
        """Returns what it is called in findings."""
        return f"{self.key.provider_id}/{self.key.bet_ref}"

    def follow(self, entries: Sequence[PostedEntry]) -> None:
        """Takes in what one command has posted for it."""
        self.postings = plus(self.postings, add_up(entries))

    def finish(self) -> Iterator[Finding]:
        """Compares what was posted with what is on record. A cash-out posts as its bet does."""
        expected: Vector = self.stored.posted if isinstance(self.stored, Win) else {}
        if self.postings != expected:
            message = f"it stands at {show(expected)}, its entries at {show(self.postings)}"
            yield Finding(Check.WIN_POSTINGS, self.subject, message)


def find_cash_out_problems(
    cash_outs: Sequence[CashOutRef], portions: Mapping[BetKey, Mapping[str, bool]]
) -> Iterator[Finding]:
    """Yields cash-outs that were rolled back and yet are portions of their bets.

    `portions` has, by bet, the names of its portions and whether they are cash-outs.
    """
    for each in cash_outs:
        names = portions.get(BetKey(each.key.provider_id, each.bet_ref), {})
        is_there = names.get(each.key.bet_ref, False)
        if is_there and each.rolled_back:
            subject = f"{each.key.provider_id}/{each.key.bet_ref}"
            yield Finding(Check.CASH_OUT, subject, "rolled back, and its portion is there")


def portions_of(bet: Bet) -> dict[str, bool]:
    """Returns the names of a bet's portions, and whether they are cash-outs."""
    return {portion.portion_ref: portion.is_cash_out for portion in bet.portions}
