"""Follows rounds and wins: who has a part in a win, and where its money is."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tests.simulation.bet_book import UNDONE, BetBook, split
from tests.simulation.ledger import Ledger, is_debt, nonzero
from tests.simulation.step import Step
from wallet_server.core.commands import (
    CloseRound,
    CreditWin,
    PlayRound,
    ReleaseSuspense,
    RollbackRound,
    RollbackTransaction,
)
from wallet_server.core.ids import BetKey
from wallet_server.core.rounds.round import Round
from wallet_server.core.rounds.win import CashOutRef, Win, WinKind

HOUSES = {
    WinKind.FREE_ROUND: "H:PROMO",
    WinKind.PROMO_WIN: "H:PROMO",
    WinKind.JACKPOT: "H:JACKPOT:",
    WinKind.ROUND: "H:GAME:",
}
NEXT: Mapping[str, frozenset[str]] = {
    "OPEN": frozenset({"CLOSED", "CANCELLED"}),
    "CLOSED": frozenset({"OPEN", "CANCELLED"}),
    "CANCELLED": frozenset(),
}
WIN_NEXT: Mapping[str, frozenset[str]] = {
    "CREDITED": frozenset({"ROLLED_BACK"}),
    "SUSPENDED": frozenset({"CREDITED", "RETURNED", "ROLLED_BACK"}),
    "RETURNED": frozenset({"ROLLED_BACK"}),
    "ROLLED_BACK": frozenset(),
}


@dataclass
class RoundAudit:
    """All rounds and wins of a wallet."""

    rounds: dict[tuple[str, str], Round] = field(default_factory=dict[tuple[str, str], Round])
    wins: dict[BetKey, Win] = field(default_factory=dict[BetKey, Win])
    cash_outs: dict[BetKey, CashOutRef] = field(default_factory=dict[BetKey, CashOutRef])

    def take(
        self,
        step: Step,
        ledger: Ledger,
        books: Mapping[BetKey, BetBook],
    ) -> None:
        """Takes a recorded command in, and checks every round and win that it touched."""
        for key, (_, new) in step.wins.items():
            if isinstance(new, CashOutRef):
                self.check_cash_out(key, new, books)
                continue
            old = self.wins.get(key)
            self.check_win(old, new, step, ledger)
            if old is None and new.kind is WinKind.ROUND and new.shares:
                self.check_shares(new, step, books)
            self.wins[key] = new
        for _, item in step.items.values():
            if isinstance(item, Round):
                self.check_round(item, step, books)
                self.rounds[item.provider_id, item.round_ref] = item
        self.check_membership(step)

    def check_cash_out(self, key: BetKey, new: CashOutRef, books: Mapping[BetKey, BetBook]) -> None:
        book = books[BetKey(key.provider_id, new.bet_ref)]
        old = self.cash_outs.get(key)
        assert old is None or (new.rolled_back and not old.rolled_back)
        assert new.rolled_back is (key.bet_ref not in book.pieces) or book.state in UNDONE
        self.cash_outs[key] = new

    def check_win(self, old: Win | None, new: Win, step: Step, ledger: Ledger) -> None:
        """The entries of a win are its moves, or none, and what stood in for them."""
        if old is None:
            assert isinstance(step.command, CreditWin | PlayRound)
            assert new.state.value in {"CREDITED", "SUSPENDED"}
        elif new.state is not old.state:
            assert new.state.value in WIN_NEXT[old.state.value]
            assert isinstance(step.command, ReleaseSuspense | RollbackTransaction | RollbackRound)
        posted = ledger.posted(new.key)
        expected = Counter[str]()
        if new.state.value == "CREDITED":
            for move in new.moves:
                expected[move.source] -= move.amount
                expected[move.target] += move.amount
        for move in new.substitutions:
            assert is_debt(move.source) or is_debt(move.target) or move.source in step.own_money
            expected[move.source] -= move.amount
            expected[move.target] += move.amount
        if new.state.value == "SUSPENDED":
            assert posted.get("H:SUSPENSE", 0) == new.amount
            assert not any(not account.startswith("H:") for account in posted)
            return
        assert posted == nonzero(expected)
        if new.state.value in {"ROLLED_BACK", "RETURNED"}:
            assert not any(account.startswith("H:") for account in posted)
            return
        self.check_paid(new, posted)

    def check_paid(self, win: Win, posted: Mapping[str, int]) -> None:
        """I15: the right account of the house pays, and never more than was won."""
        paid = -sum(n for account, n in posted.items() if account.startswith("H:"))
        assert 0 <= paid <= win.amount
        # R10: where nobody staked anything, a win is a promotion, whatever it is called.
        is_free = win.kind is WinKind.ROUND and not win.shares
        house = "H:PROMO" if is_free else HOUSES[win.kind]
        assert all(a.startswith(house) for a in posted if a.startswith("H:"))
        if win.kind is not WinKind.ROUND:
            assert paid in {0, win.amount}  # Nothing where it only sums up what was paid.

    def check_shares(
        self,
        win: Win,
        step: Step,
        books: Mapping[BetKey, BetBook],
    ) -> None:
        """A win is split by the stake that is active at that moment, exactly."""
        if isinstance(step.command, PlayRound):
            return  # Its own bets are active too, and are not seen apart from its answer.
        refs: Sequence[str] = (win.bet_ref,)
        if not win.bet_ref:
            refs = self.rounds[win.key.provider_id, win.round_ref].bet_refs
        keys = [BetKey(win.key.provider_id, ref) for ref in refs]
        keys = [key for key in keys if key in books and books[key].state not in UNDONE]
        lines = [
            (key.bet_ref, i, books[key]) for key in keys for i, _ in enumerate(books[key].lines)
        ]
        weights = next(
            each
            for each in (
                [book.in_play(i, cash_outs=False) for _, i, book in lines],
                [book.in_play(i, cash_outs=True) for _, i, book in lines],
                [book.lines[i].amount for _, i, book in lines],
            )
            if any(each)
        )
        whole = sum(share.amount for share in win.shares)
        # More than was won where the provider has taken off what a stake keeps.
        assert whole == win.amount or any(books[key].net_payouts for key in keys)
        shares = split(whole, weights)
        expected = {
            (ref, i): share for (ref, i, _), share in zip(lines, shares, strict=True) if share
        }
        assert {(s.bet_ref, s.line): s.amount for s in win.shares if s.amount} == expected, expected

    def check_round(self, new: Round, step: Step, books: Mapping[BetKey, BetBook]) -> None:
        old = self.rounds.get((new.provider_id, new.round_ref))
        state = new.state.value
        if old is not None:
            assert new.revision > old.revision
            assert set(old.bet_refs) <= set(new.bet_refs)
            assert set(old.win_refs) <= set(new.win_refs)
            assert state == old.state.value or state in NEXT[old.state.value]
        keys = [BetKey(new.provider_id, ref) for ref in new.bet_refs]
        if state != "OPEN" and (old is None or old.state.value == "OPEN"):  # Nothing is at stake.
            assert not any(any(books[key].open_shares()) for key in keys if key in books)
        if state == "CANCELLED":
            assert all(books[key].state in UNDONE for key in keys if key in books)
        if isinstance(step.command, CloseRound) and step.command.implicit and old is not None:
            assert old.implicit_close_time is not None
            assert old.implicit_close_time <= step.now

    def check_membership(self, step: Step) -> None:
        """R4: what was placed in a round is the round's, and the round was open."""
        for key, (old, bet) in step.bets.items():
            if old is not None or not bet.round_ref or bet.snapshot is None:
                continue
            found = self.rounds[key.provider_id, bet.round_ref]
            assert key.bet_ref in found.bet_refs
            assert found.state.value == "OPEN" or isinstance(step.command, PlayRound)
