"""Follows bets through their commands: what they may come to, and what they post."""

from collections import Counter
from dataclasses import dataclass, field

from tests.simulation.bet_book import UNDONE, BetBook, Piece, placed
from tests.simulation.bet_outcomes import rollback_outcomes, settle_outcomes, unsettle_outcomes
from tests.simulation.ledger import Ledger, is_debt, nonzero
from tests.simulation.step import Step, Surroundings
from wallet_server.core.bets.bet import Bet
from wallet_server.core.commands import (
    AuthorizeBet,
    CashOutBet,
    CloseRound,
    Command,
    PlayRound,
    ReplanAuthorization,
    RollbackRound,
    RollbackTransaction,
    SettleBet,
    UnsettleBet,
)
from wallet_server.core.ids import BetKey
from wallet_server.core.rounds.win import Win

OPEN = frozenset({"AUTHORIZED", "PARTIALLY_SETTLED"})
REPAYS_DEBT = frozenset({"SettleBet", "CashOutBet"})


@dataclass
class BetAudit:
    """All bets of a wallet, and the references that other things have."""

    bets: dict[BetKey, BetBook] = field(default_factory=dict[BetKey, BetBook])
    cash_outs: dict[BetKey, BetKey] = field(default_factory=dict[BetKey, BetKey])
    others: set[BetKey] = field(default_factory=set[BetKey])
    with_wins: set[BetKey] = field(default_factory=set[BetKey])
    open_stake: Counter[str] = field(default_factory=Counter[str])

    def check_said(self, command: Command, said: str, around: Surroundings) -> None:
        """The outcome or reason is one that a command on a bet can have here."""
        if isinstance(command, AuthorizeBet):
            self.check_authorize(command, said, around)
        if not isinstance(command, SettleBet | UnsettleBet | RollbackTransaction):
            return
        if command.bet in self.others:
            assert said != "TOMBSTONED"
            assert said != "APPLIED" or isinstance(command, RollbackTransaction)
            return
        book = self.bets.get(command.bet)
        match command:
            case SettleBet():
                assert said in settle_outcomes(command, book), book
            case UnsettleBet():
                assert said in unsettle_outcomes(command, book), book
            case RollbackTransaction():
                has_wins = command.bet in self.with_wins
                assert said in rollback_outcomes(command, book, has_wins=has_wins), book

    def check_authorize(self, command: AuthorizeBet, said: str, around: Surroundings) -> None:
        book = self.bets.get(command.bet)
        if book is not None and book.state == "TOMBSTONED":
            # What the wallet cannot even read is refused before it looks for the bet.
            assert said in {"BET_TOMBSTONED", "STAKE_REQUIRED"}  # I18
            return
        if said == "APPLIED":  # I18
            assert command.bet not in self.others
            again = book is not None and book.state == "DECLINED" and not book.is_final
            assert book is None or (again and may_try_again(command, around))

    def take(self, step: Step, ledger: Ledger) -> None:
        """Takes a recorded command in, and checks every bet that it changed."""
        changed = step.bets
        before = {key: self.open_of(key) for key in changed}
        self.follow(step)
        for key, (old, new) in changed.items():
            self.check_bet(key, old, new, step, ledger)
            self.open_stake.subtract(before[key])
            self.open_stake.update(self.open_of(key))
        held = {a: n for a, n in ledger.balances.items() if a.startswith("open:") and n}
        assert held == nonzero(self.open_stake)  # I12
        for key, (_, win) in step.wins.items():
            assert key not in self.bets  # I18
            self.others.add(key)
            if isinstance(win, Win):
                self.with_wins.add(BetKey(key.provider_id, win.bet_ref))

    def open_of(self, key: BetKey) -> Counter[str]:
        book = self.bets.get(key)
        total = Counter[str]()
        if book is not None:
            for line, share in zip(book.lines, book.open_shares(), strict=True):
                total[f"open:{line.source}"] += share
        return total

    def follow(self, step: Step) -> None:
        """Does to the bets what the command says, and what else the answer says was done."""
        match step.command:
            case SettleBet() as command if step.applied:
                self.bets[command.bet].take_result(command)
            case UnsettleBet() as command if step.applied:
                self.bets[command.bet].unsettle(command)
            case CashOutBet() as command if step.applied:
                stake = None if command.stake is None else command.stake.minor_units
                ref = command.cash_out.bet_ref
                self.bets[command.bet].cash_out(ref, command.payout.minor_units, stake)
                self.cash_outs[command.cash_out] = command.bet
            case RollbackTransaction() as command if step.applied and command.bet in self.cash_outs:
                bet = self.cash_outs[command.bet]
                self.bets[bet].undo_cash_out(command.bet.bet_ref)
            case RollbackTransaction() as command if step.applied and command.bet in self.bets:
                self.bets[command.bet].state = "ROLLED_BACK"
            case RollbackTransaction() as command if step.said == "PARENT_DECLINED":
                self.bets[command.bet].is_final = True
            case _:
                pass
        for key, (old, new) in step.bets.items():
            assert key in self.may_change(step)
            self.follow_bet(key, old, new, step.command)

    def may_change(self, step: Step) -> set[BetKey]:
        """Returns the bets that the command may change."""
        match step.command:
            case AuthorizeBet(bet=key) | SettleBet(bet=key) | UnsettleBet(bet=key):
                return {key}
            case CashOutBet(bet=key) | ReplanAuthorization(bet=key):
                return {key}
            case RollbackTransaction(bet=key):
                return {self.cash_outs.get(key, key)}
            case PlayRound() | CloseRound() | RollbackRound():
                return {key for key in step.bets if key.provider_id == step.command.provider_id}
            case _:
                return set()

    def follow_bet(self, key: BetKey, old: Bet | None, new: Bet, command: Command) -> None:
        """Brings a bet to where a command on its round, or its own arrival, has put it."""
        book = self.bets.get(key)
        state = new.state.value
        if old is None or old.state.value == "DECLINED":
            assert book is None or book.state == "DECLINED"
            if book is not None and state == "DECLINED" and book.is_final:
                return
            assert isinstance(command, AuthorizeBet | PlayRound | RollbackRound) or (
                isinstance(command, RollbackTransaction) and state in {"TOMBSTONED", "DECLINED"}
            )
            book = placed(new) if new.snapshot else BetBook(state, new.stake)
            self.bets[key] = book
        assert book is not None
        if isinstance(command, PlayRound | CloseRound) and book.state in OPEN:
            for portion in new.portions:
                if portion.portion_ref not in book.pieces:
                    book.lose_rest(portion.portion_ref, portion.result_version)
        if isinstance(command, RollbackRound) and state == "ROLLED_BACK":
            book.state = "ROLLED_BACK"
        if isinstance(command, RollbackRound) and state == "DECLINED":
            book.is_final = True

    def check_bet(self, key: BetKey, old: Bet | None, new: Bet, step: Step, ledger: Ledger) -> None:
        """The bet is what the auditor takes it for, and its postings are its position."""
        book = self.bets[key]
        assert new.state.value == book.state, book
        assert new.lines == book.lines  # I11
        assert sum(line.amount for line in new.lines) == (new.stake if new.snapshot else 0)
        assert old is None or new.revision > old.revision or old.state.value == "DECLINED"
        pieces = {
            p.portion_ref: Piece(
                list(p.stake_shares), p.result_version, p.payout, p.refund, p.is_cash_out
            )
            for p in new.portions
        }
        for ref, piece in book.pieces.items():
            theirs = pieces.pop(ref)
            assert (theirs.shares, theirs.payout) == (piece.shares, piece.payout)  # I20, I21
            assert (theirs.refund, theirs.is_cash_out) == (piece.refund, piece.is_cash_out)
        assert not pieces
        assert set(new.orderings) == book.unverified  # R6
        if book.state in {"DECLINED", "TOMBSTONED"}:
            assert not ledger.posted(key)  # I17
            return
        left = sum(book.open_shares())
        assert (left == 0) == (book.state in {"SETTLED", "ROLLED_BACK"} or new.stake == 0)  # I14
        self.check_postings(book, new, step, ledger)
        book.substituted = bool(new.substitutions)

    def check_postings(self, book: BetBook, bet: Bet, step: Step, ledger: Ledger) -> None:
        """I13, I16, I20: the entries are the position and what stood in for it."""
        expected = book.position()
        assert sum(expected.values()) == 0
        for move in bet.substitutions:
            assert move.amount > 0
            expected[move.source] -= move.amount
            expected[move.target] += move.amount
        posted = ledger.posted(bet.key)
        assert posted == nonzero(expected)
        if book.state in UNDONE:
            assert not any(a.startswith(("H:", "open:")) for a in posted)
        self.check_stand_ins(bet, step, ledger)
        if not book.substituted:
            check_nothing_needless(bet, step, book, posted)

    def check_stand_ins(self, bet: Bet, step: Step, ledger: Ledger) -> None:
        """What stood in was own money, debt or, for a coupon, the house."""
        for move in bet.substitutions:
            if move.target.startswith("cpn:"):
                assert move.source == "H:PROMO"
                continue
            if {move.source[4:], move.target[4:]} & bet.replanned.keys():
                continue  # See `adjustment_audit.py`.
            assert is_debt(move.source) or move.source in step.own_money
        owed = ledger.balances[f"DEBT:{step.after.ref.currency_code}"]
        changes = step.posted(bet.key)
        if step.answer.command in REPAYS_DEBT and owed:
            assert not any(n > 0 and a in step.own_money for a, n in changes.items())
        if not self.bets[bet.key].substituted:
            for account, change in changes.items():
                assert not (is_debt(account) and change > 0) or step.answer.command in REPAYS_DEBT
            if len(step.bets) == 1 and not step.wins and not step.beside:
                short = [m.target for m in bet.substitutions if is_debt(m.source)]
                assert not any(ledger.balances[a] for a in short if a[4:] not in step.around.frozen)


def check_nothing_needless(bet: Bet, step: Step, book: BetBook, posted: dict[str, int]) -> None:
    """A wallet that has what the bet takes, and owes nothing, posts the plain position."""
    before = step.balances_before
    if bet.replanned:
        return
    if any(n for a, n in before.items() if is_debt(a)) or len(step.bets) > 1 or step.wins:
        return
    plain = book.position()
    plain.update(step.posted(bet.key))
    plain.subtract(posted)
    taken = {a: n for a, n in plain.items() if n < 0 and a.startswith(("bkt:", "cpn:"))}
    if all(before[a] + n >= 0 and a[4:] not in step.around.frozen for a, n in taken.items()):
        assert bet.substitutions == ()


def may_try_again(command: AuthorizeBet, around: Surroundings) -> bool:
    assert around.configuration is not None
    profile = around.configuration.profiles[command.bet.provider_id].value
    return profile.declined_retry.value == "NEW_ATTEMPT"
