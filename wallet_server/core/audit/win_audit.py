"""Follows one win, or the reference of a cash-out, through the entries that name it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from wallet_server.core.accounts import Account, is_house
from wallet_server.core.answer import PostedEntry
from wallet_server.core.audit.bet_audit import add_up, show
from wallet_server.core.audit.difference import Check, Finding
from wallet_server.core.entry import Vector, plus
from wallet_server.core.ids import BetKey
from wallet_server.core.rounds.win import WITH_EFFECT, CashOutRef, Win


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
        for message in self._find_problems():
            yield Finding(Check.WIN_POSTINGS, self.subject, message)

    def _find_problems(self) -> Iterator[str]:
        """A win has posted what it says, and no more than was won; nothing if it is undone."""
        win = self.stored
        expected: Vector = win.posted if isinstance(win, Win) else {}
        if self.postings != expected:
            yield f"it stands at {show(expected)}, its entries at {show(self.postings)}"
        if not isinstance(win, Win):
            return
        paid = -sum(c for account, c in self.postings.items() if is_house(account))
        if win.state in WITH_EFFECT and paid > win.amount:
            yield f"the house paid {paid} for a win of {win.amount}"
        if win.state not in WITH_EFFECT and paid:
            yield f"{win.state.value}, and yet the house is left with {-paid:+}"
        if win.state in WITH_EFFECT and any(s.returned + s.profit > s.amount for s in win.shares):
            yield "a share was paid more than it is"


def find_win_column_problems(
    win: Win | CashOutRef, state: str, columns: Mapping[str, object]
) -> Iterator[Finding]:
    """Yields the columns of a win's or a cash-out's row that say otherwise than its document.

    `state` is the one that the document's row must have.
    """
    is_win = isinstance(win, Win)
    expected: Mapping[str, object] = {
        "provider_id": win.key.provider_id,
        "bet_ref": win.key.bet_ref,
        "state": state,
        "stake": win.amount if is_win else 0,
        "round_ref": (win.round_ref or None) if is_win else None,
        "bet_sequence": win.sequence,
        "revision": win.revision,
        "bet_create_time": win.create_time,
    }
    for name, value in expected.items():
        if columns[name] != value:
            subject = f"{columns['provider_id']}/{columns['bet_ref']}"
            message = f"{name} is {columns[name]}, the document says {value}"
            yield Finding(Check.WIN_COLUMNS, subject, message)
